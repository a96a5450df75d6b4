"""How likely a value that is usual anyway fills many rows: dry spells are no stuck sensors.

Rows that follow each other are alike, and so are windows: a value that half of all rows have may
fill a window for no other reason than that the weather lasts. How alike windows are is told by how
far the share of the value in each lies from its share in the long run, training included. A value
stays as a beta-binomial of that width says; a stale feed holds the last one whatever it was.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import betaln

from modelwright.predictor.reference.distribution import Distribution, Levels, bins_of

_TRAINED = 2000
"""Rows that training counts for: it was long, but long ago."""
_SEEN = 0.5
"""Rows with the value, and without it, that are taken to have been seen before any (Jeffreys)."""
_MOST = 10_000.0
"""Independent rows that a window is worth at most."""


@dataclass(frozen=True)
class Stays:
    """A value in the past.

    Parameters
    ----------
    with_value, rows : ndarray of shape (windows,)
        How many rows of each window have the value, and how many there are.
    trained
        The part of the training rows in its bin; None where training did not tell.
    """

    with_value: NDArray[Any]
    rows: NDArray[Any]
    trained: float | None = None

    @property
    def share(self) -> float:
        """The part of all rows that have the value, in the long run."""
        told = 0 if self.trained is None else _TRAINED
        some = self.with_value.sum() + told * (self.trained or 0.0) + _SEEN
        return float(some / (self.rows.sum() + told + 2 * _SEEN))

    @property
    def worth(self) -> float:
        """How many independent rows a window is worth."""
        some, share = self.rows > 0, self.share
        rows = self.rows[some]
        spread = np.square(self.with_value[some] - rows * share) / (rows * share * (1 - share))
        # One window more that differs as chance makes it differ.
        effect = (1 + spread.sum()) / (1 + len(rows))
        return float(min(_MOST, max(1e-3, (rows.mean() - 1) / max(1e-9, effect - 1) - 1)))

    def log_stuck(self, run: int) -> float:
        """Return the logarithm of the e-value of a feed that holds the value.

        Parameters
        ----------
        run
            Rows in a row that have it.

        Examples
        --------
        >>> dry = Stays(np.array([250, 40, 230, 250]), np.full(4, 250), trained=0.9)
        >>> mixed = Stays(np.array([224, 227, 222, 225]), np.full(4, 250), trained=0.9)
        >>> bool(dry.log_stuck(500) < 5), bool(mixed.log_stuck(500) > 20)
        (True, True)
        """
        with_value, without = self.worth * self.share, self.worth * (1 - self.share)
        usual = betaln(with_value + run, without) - betaln(with_value, without)
        return float(np.log(self.share) - usual)


def trained_share(trained: Distribution, value: object) -> float | None:
    """Return the part of the training rows in the bin of a value; None where there were none.

    A level that is not named was no commoner than the rarest that is.

    Parameters
    ----------
    trained
        The column in training.
    value
        A number or a text.
    """
    kind = object if isinstance(value, str) else np.float64
    place = int(bins_of(trained, np.array([value], dtype=kind))[0])
    rows = sum(trained.counts)
    if not rows:
        return None
    if isinstance(trained, Levels) and place >= len(trained.levels):
        place = len(trained.levels) - 1 if trained.levels else place
    return trained.counts[place] / rows
