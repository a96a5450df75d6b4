"""Further learners for a race that has time left, in an order on which the clock has no say."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from modelwright.learners.base import Learner

if TYPE_CHECKING:
    from modelwright.build.racing.proposals import Proposals

_GENERATION = 4
"""Proposals that know the same results. They follow those of the generations before the last, which
have ended by then as a rule: no core waits, and none that is quicker changes what is proposed."""

_COUNTS = ((100, 4), (500, 8), (2_500, 15), (10_000, 40), (100_000, 100))
"""Rows, and how many configurations they can tell apart (AutoGluon's published stop curve)."""


@dataclass(frozen=True)
class Standing:
    """How far a learner has come.

    Parameters
    ----------
    learner
        As it was asked for.
    loss
        On the first folds, the lower the better; None where there is none that compares.
    racing
        Whether a first fold of it is being learned.
    """

    learner: Learner
    loss: float | None
    racing: bool


@dataclass
class Supply:
    """Offers one learner after another.

    Parameters
    ----------
    proposals
        Where they come from.
    most
        Learners in the race, those that it began with included.
    began_with
        How many these are.
    """

    proposals: "Proposals"
    most: int
    began_with: int
    _told: int = 0
    _offered: Learner | None = None

    def offer(self, standings: Sequence[Standing]) -> Learner | None:
        """Return the next learner; the same one until it is taken or declined.

        Parameters
        ----------
        standings
            Of all learners in the race, in the order in which they came in.

        Returns
        -------
        Learner or None
            None where there are enough, or where what it depends on is still racing.
        """
        if len(standings) >= self.most:
            return None
        generations = (len(standings) - self.began_with) // _GENERATION
        known = self.began_with + max(0, generations - 1) * _GENERATION
        if any(each.racing for each in standings[:known]):
            return None
        for each in standings[self._told : known]:
            if each.loss is not None:
                self.proposals.tell(each.learner, each.loss)
        self._told = known
        if self._offered is None:
            self._offered = self.proposals.propose()
        return self._offered

    def next(self) -> None:
        """Note that the learner on offer was taken or declined."""
        self._offered = None


def most_configurations(rows: int) -> int:
    """Return how many configurations so many rows can tell apart.

    The best of many looks better than it is, the more so the fewer rows judge.

    Examples
    --------
    >>> [most_configurations(rows) for rows in (50, 500, 5_000, 1_000_000)]
    [4, 8, 24, 100]
    """
    known, counts = np.log(np.array(_COUNTS)).T
    return round(float(np.exp(np.interp(np.log(max(1, rows)), known, counts))))
