"""The independent units of a sample, drawn again and again with replacement."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from modelwright.errors import InputError

Array = NDArray[Any]

_FEWEST = 200
_MOST_DRAWS = 100_000_000


@dataclass(frozen=True)
class Units:
    """The rows of a sample, or groups of rows where the rows of a group are alike.

    Parameters
    ----------
    rows
        How many rows there are.
    codes
        (rows,) the number of the group of each row, from 0; None when each row is a unit.
    noun
        What the units are called.

    Examples
    --------
    >>> units = Units.of(np.array(["mon", "mon", "tue", "wed"]), 4)
    >>> len(units)
    3
    >>> next(units.draw(1, seed=0))
    array([0., 0., 2., 1.])
    """

    rows: int
    codes: Array | None
    noun: str

    @classmethod
    def of(cls, groups: Array | None, rows: int) -> Self:
        """Return the units of a sample; the rows are the units of a single group.

        Raises
        ------
        InputError
            Fewer than two rows.
        """
        if rows < 2:
            raise InputError(f"An interval needs at least two rows, not {rows}.")
        if groups is None:
            return cls(rows, None, "rows")
        names, codes = np.unique(groups, return_inverse=True)
        if len(names) == 1:
            return cls(rows, None, "rows, for want of a second group")
        return cls(rows, codes, "groups")

    def __len__(self) -> int:
        return self.rows if self.codes is None else int(self.codes.max()) + 1

    def holding(self, chosen: Array) -> int:
        """Return how many units hold one of the rows that a mask, (rows,), chooses."""
        return int(chosen.sum()) if self.codes is None else len(np.unique(self.codes[chosen]))

    def draw(self, resamples: int, *, seed: int) -> Iterator[Array]:
        """Yield the weights of the rows, (rows,), of each resample.

        Above 100,000 rows fewer resamples are drawn than asked for, but at least 200, with which
        a standard error is known to 5 %.
        """
        random, n = np.random.default_rng(seed), len(self)
        for _ in range(min(resamples, max(_FEWEST, _MOST_DRAWS // self.rows))):
            counts = np.bincount(random.integers(0, n, n), minlength=n).astype(np.float64)
            yield counts if self.codes is None else counts[self.codes]

    def deal(self, parts: int, *, seed: int) -> Iterator[Array]:
        """Yield for each of some random parts of the units a mask of 1.0 and 0.0, (rows,)."""
        n = len(self)
        part = np.random.default_rng(seed).permutation(n) % min(parts, n)
        of_rows = part if self.codes is None else part[self.codes]
        for number in range(min(parts, n)):
            yield (of_rows == number).astype(np.float64)

    def standard_error(self, scores: Sequence[float]) -> float:
        """Return the standard error of a score from its values on resamples.

        Resamples on which the score is undefined, for want of a class, are left out.

        Raises
        ------
        InputError
            The score is defined on fewer than two resamples.
        """
        known = np.asarray(scores)[np.isfinite(scores)]
        if len(known) < 2:
            raise InputError(
                f"The score is defined on {len(known)} of {len(scores)} resamples.",
                "Draw more resamples, or score more rows.",
            )
        # Resampling n units underestimates the variance by (n - 1) / n.
        return float(known.std(ddof=1) * np.sqrt(len(self) / (len(self) - 1)))


def reach(freedom: float, level: float) -> float:
    """Return how many standard errors an interval reaches to each side, by Student's t.

    Examples
    --------
    >>> round(reach(9, 0.95), 2), round(reach(1e9, 0.95), 2)
    (2.26, 1.96)
    """
    return float(stats.t.isf((1 - level) / 2, df=max(freedom, 1.0)))
