"""Remedies by name."""

from collections.abc import Sequence

from modelwright._plugins import named, registered
from modelwright.maintain.remedies.base import Remedy
from modelwright.maintain.remedies.earlier import ROLL_BACK
from modelwright.maintain.remedies.features import DROP_FEATURE
from modelwright.maintain.remedies.held import IMPUTE
from modelwright.maintain.remedies.levels import MAP_LEVELS
from modelwright.maintain.remedies.recalibration import RECALIBRATE
from modelwright.maintain.remedies.retraining import RETRAIN
from modelwright.maintain.remedies.swaps import SWAP_BACK
from modelwright.maintain.remedies.threshold import MOVE_THRESHOLD
from modelwright.maintain.remedies.units import FIX_UNITS

REMEDIES: dict[str, Remedy] = {
    remedy.name: remedy
    for remedy in (
        FIX_UNITS,
        SWAP_BACK,
        MAP_LEVELS,
        IMPUTE,
        RECALIBRATE,
        MOVE_THRESHOLD,
        ROLL_BACK,
        RETRAIN,
        DROP_FEATURE,
    )
}
"""The remedies that come with modelwright, the gentlest first."""


def known_remedies() -> dict[str, Remedy]:
    """Return every remedy by name: those of modelwright, and those that packages registered."""
    return REMEDIES | registered("remedies")


def remedies_named(names: Sequence[str]) -> tuple[Remedy, ...]:
    """Return remedies; all of them when none is named.

    Raises
    ------
    InputError
        With the nearest name, when there is none of that name.

    Examples
    --------
    >>> [remedy.name for remedy in remedies_named(["recalibrate"])]
    ['recalibrate']
    >>> remedies_named(["recalibrat"])
    Traceback (most recent call last):
    ...
    modelwright.errors.InputError: There is no remedy 'recalibrat'. Did you mean 'recalibrate'?
    """
    known = known_remedies()
    return tuple(named(name, known, "remedy") for name in names or known)
