"""The roster: who competes, in which environment, with which options."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from modelwright.errors import BriefError, nearest

Who = TypeVar("Who")


@dataclass(frozen=True, kw_only=True)
class Entrant:
    """A contestant as the tables name it.

    Parameters
    ----------
    name
        As in the tables.
    peer
        Its module in `bench.contestants`, and its environment.
    options
        What it is told beyond the job.
    """

    name: str
    peer: str
    options: dict[str, str] = field(default_factory=dict)


def _autogluon(quality: str) -> Entrant:
    preset = f"{quality}_quality"
    return Entrant(name=f"autogluon_{quality}", peer="autogluon", options={"preset": preset})


HOST = "modelwright"

ROSTER = {
    entrant.name: entrant
    for entrant in (
        Entrant(name=HOST, peer="modelwright"),
        _autogluon("medium"),
        _autogluon("good"),
        _autogluon("best"),
        Entrant(name="flaml", peer="flaml"),
        Entrant(name="mljar", peer="mljar"),
        Entrant(name="lightgbm", peer="lightgbm"),
    )
}
"""Everyone by name; lightgbm is the floor: one default model that knows no budget."""


def entrants_named(names: Sequence[str]) -> tuple[Entrant, ...]:
    """Return entrants in the order of the roster; all of them where no name is given.

    Raises
    ------
    BriefError
        A name is not on the roster.

    Examples
    --------
    >>> [entrant.name for entrant in entrants_named(["mljar", "flaml"])]
    ['flaml', 'mljar']
    """
    return named_in(ROSTER, names)


def named_in(roster: Mapping[str, Who], names: Sequence[str]) -> tuple[Who, ...]:
    """Return who has these names on a roster, as `entrants_named` does on that of this bench."""
    for name in names:
        if name not in roster:
            raise BriefError(f"There is no contestant {name!r}.", nearest(name, roster))
    return tuple(who for name, who in roster.items() if not names or name in names)
