"""When a booster stops: no gain on the rows held back, or no time."""

from dataclasses import dataclass, field

import numpy as np

from modelwright.compute.budget import Budget

_ROUNDS_AT_ONCE = 3
"""A booster stops while there is still time for so many rounds."""
_FORGETTING = 0.8


@dataclass
class Watch:
    """Tells a booster after each round whether to stop.

    Parameters
    ----------
    budget
        The time for boosting.
    patience
        Rounds without gain after which it stops, beside 3 in 10 of the best round; None to look
        only at the clock.

    Examples
    --------
    >>> watch = Watch(Budget.start(60), patience=2)
    >>> [watch.stops(loss) for loss in (0.5, 0.4, 0.45, 0.45, 0.45)], watch.best
    ([False, False, False, False, True], 2)
    """

    budget: Budget
    patience: int | None
    best: int = 0
    rounds: int = 0
    cut_short: bool = False
    _least: float = np.inf
    _pace_s: float = 0.0
    _looked: float = field(default=0.0)

    def __post_init__(self) -> None:
        self._looked = self.budget.clock()

    def stops(self, loss: float | None) -> bool:
        """Note that a round has ended and say whether to stop.

        Parameters
        ----------
        loss
            On the rows held back; None where there are none, or where nobody looked this time.
        """
        self.rounds += 1
        if loss is None:
            self.best = self.rounds if self._least == np.inf else self.best
        elif loss < self._least or not self.best:
            self.best, self._least = self.rounds, loss
        self.cut_short = self._is_late()
        return self.cut_short or self._is_stale()

    def _is_late(self) -> bool:
        now = self.budget.clock()
        # The slowest round of late: one that was held up long ago says nothing about the next.
        self._pace_s = max(_FORGETTING * self._pace_s, now - self._looked)
        self._looked = now
        return self.budget.deadline - now < _ROUNDS_AT_ONCE * self._pace_s

    def _is_stale(self) -> bool:
        if self.patience is None:
            return False
        return self.rounds - self.best > self.patience + int(0.3 * self.best)
