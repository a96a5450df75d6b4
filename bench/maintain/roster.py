"""Who watches: one program for each environment, and the ways in which what it says is read."""

from collections.abc import Sequence
from dataclasses import dataclass

from bench.roster import named_in


@dataclass(frozen=True, kw_only=True)
class Contestant:
    """A program.

    Parameters
    ----------
    name
        Of its module in `bench.maintain.peers` and of its environment.
    packages
        Whose versions the page tells.
    """

    name: str
    packages: tuple[str, ...]


HOST = "modelwright"
ROSTER = {
    each.name: each
    for each in (
        Contestant(name=HOST, packages=("modelwright",)),
        Contestant(name="evidently", packages=("evidently", "pandas")),
        Contestant(name="nannyml", packages=("nannyml", "statsmodels", "pandas")),
        Contestant(name="river", packages=("river",)),
    )
}


def contestants_named(names: Sequence[str]) -> tuple[Contestant, ...]:
    """Return contestants in the order of the roster; all of them where no name is given.

    Raises
    ------
    BriefError
        A name is not on the roster.

    Examples
    --------
    >>> [each.name for each in contestants_named(["river", "modelwright"])]
    ['modelwright', 'river']
    """
    return named_in(ROSTER, names)
