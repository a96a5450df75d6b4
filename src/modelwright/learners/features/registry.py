"""Features by name."""

from modelwright._plugins import registered
from modelwright.learners.features.base import Feature


def known_features() -> dict[str, Feature]:
    """Return the features that packages have registered; modelwright itself has none.

    Examples
    --------
    >>> known_features()
    {}
    """
    return registered("features")
