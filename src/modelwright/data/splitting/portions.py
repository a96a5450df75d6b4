"""Rows beyond a sample are divided as the sample was."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from modelwright.data.splitting.codes import moments_in
from modelwright.data.splitting.splits import Split
from modelwright.data.values.series import series_of

LEARNED, CHECKED, HELD = 0, 1, 2
"""What becomes of a row: it is learned from, tells when to stop, or is of the holdout."""
_SPAN = 2.0**64

Parts = NDArray[np.int8]
Numbers = NDArray[np.float64]
Divide = Callable[[pl.DataFrame, Numbers], Parts]


@dataclass(frozen=True)
class Portions:
    """How rows are divided.

    By time, those of the holdout are as late as the sample's, and those that are set aside for
    checks are the last before them. By group, a group that the sample has stays where it is there,
    and others are divided as wholes. Else each row is by itself.

    Parameters
    ----------
    divide
        Takes prepared rows, and a random number from 0 to 1 for each; it can be pickled, because
        workers elsewhere divide rows too.
    """

    divide: Divide

    @classmethod
    def of(
        cls, frame: pl.DataFrame, held: NDArray[np.bool_], split: Split, *, check: float
    ) -> "Portions":
        """Learn how the sample was divided.

        Parameters
        ----------
        frame, held
            Its prepared rows, and which of them are its holdout.
        split
            The plan's.
        check
            The part of the rows to learn from that is set aside for checks.

        Examples
        --------
        >>> frame = pl.DataFrame({"year": [2019.0, 2020.0, 2021.0, 2022.0]})
        >>> held = np.array([False, False, False, True])
        >>> split = Split(kind="time", column="year")
        >>> portions = Portions.of(frame, held, split, check=0.3)
        >>> later = pl.DataFrame({"year": [2018.0, 2021.0, 2023.0, None]})
        >>> portions.divide(later, np.full(4, 0.1)).tolist()
        [0, 1, 2, 0]
        """
        if split.kind == "time":
            return cls(_ByTime.of(frame, held, split, check))
        if split.kind == "group":
            return cls(_ByGroup.of(frame, held, split, check))
        return cls(_ByChance(float(held.mean()), check))


def _cut(numbers: Numbers, fraction: float, check: float) -> Parts:
    """Hold back what is below the fraction, and set aside what follows."""
    parts = np.full(len(numbers), LEARNED, dtype=np.int8)
    parts[numbers < fraction + check * (1 - fraction)] = CHECKED
    parts[numbers < fraction] = HELD
    return parts


@dataclass(frozen=True)
class _ByChance:
    """Each row is by itself."""

    fraction: float
    check: float

    def __call__(self, rows: pl.DataFrame, numbers: Numbers) -> Parts:
        return _cut(numbers, self.fraction, self.check)


@dataclass(frozen=True)
class _ByTime:
    """Late rows are held back, and of the last before them a share is set aside."""

    column: str
    first_checked: float
    share: float
    first_held: float

    @classmethod
    def of(
        cls, frame: pl.DataFrame, held: NDArray[np.bool_], split: Split, check: float
    ) -> "_ByTime":
        moments = moments_in(frame, split.column).to_physical()
        first_held = moments.filter(pl.Series(held)).min()
        before = moments.filter(pl.Series(~held)).drop_nulls().sort()
        first_checked = before[min(len(before) - 1, int(len(before) * (1 - check)))]
        # Of a moment that many rows share, such as a year, only some are set aside.
        share = min(1.0, check * len(before) / max(1, (before >= first_checked).sum()))
        return cls(split.column, first_checked, share, first_held)  # type: ignore[arg-type]

    def __call__(self, rows: pl.DataFrame, numbers: Numbers) -> Parts:
        seen = series_of(rows, self.column)
        dated = seen.cast(pl.Datetime("us")) if seen.dtype.is_temporal() else seen.cast(pl.Float64)
        when = dated.to_physical()
        late = (when >= self.first_checked).fill_null(False).to_numpy()
        parts = np.full(len(numbers), LEARNED, dtype=np.int8)
        parts[late & (numbers < self.share)] = CHECKED
        parts[(when >= self.first_held).fill_null(False).to_numpy()] = HELD
        return parts


@dataclass(frozen=True)
class _ByGroup:
    """Groups of the sample stay where they are, and others are divided as wholes."""

    split: Split
    learned: pl.Series
    sealed: pl.Series
    fraction: float
    check: float

    @classmethod
    def of(
        cls, frame: pl.DataFrame, held: NDArray[np.bool_], split: Split, check: float
    ) -> "_ByGroup":
        names = series_of(frame, split.column).cast(pl.String)
        sealed, learned = (
            names.filter(pl.Series(mask)).drop_nulls().unique().implode() for mask in (held, ~held)
        )
        return cls(split, learned, sealed, float(held.mean()), check)

    def __call__(self, rows: pl.DataFrame, numbers: Numbers) -> Parts:
        groups = series_of(rows, self.split.column).cast(pl.String)
        drawn = groups.hash(seed=self.split.seed).to_numpy() / _SPAN
        chance = np.where(groups.is_null().to_numpy(), numbers, drawn)
        parts = _cut(chance, self.fraction, self.check)
        parts[groups.is_in(self.learned).fill_null(False).to_numpy()] = LEARNED
        parts[groups.is_in(self.sealed).fill_null(False).to_numpy()] = HELD
        return parts
