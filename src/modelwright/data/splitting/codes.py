"""The class, group or moment of each row as a code, for dividing rows."""

from dataclasses import dataclass, field

import numpy as np
import polars as pl

from modelwright.data.values.series import series_of
from modelwright.errors import SchemaError, TargetError

_PRINTS_SEED = 0
_FEW_NAMES = 100_000
"""Are not looked through for those that came before."""


def class_codes(target: np.ndarray | None) -> np.ndarray:
    """Number the classes in the order of their names, from 0 without gaps.

    Raises
    ------
    TargetError
        If there is no target.
    SchemaError
        If there are fewer than two rows.

    Examples
    --------
    >>> class_codes(np.array(["no", "yes", "no"]))
    array([0, 1, 0])
    """
    if target is None:
        raise TargetError("A stratified split needs the target.", "Give it, or split at random.")
    if len(target) < 2:
        raise SchemaError(f"There are too few rows to split: {len(target)}.", "Give at least two.")
    comparable = target.astype(str) if target.dtype == object else target
    _, codes = np.unique(comparable, return_inverse=True)
    return np.asarray(codes)


def group_codes(frame: pl.DataFrame, column: str) -> np.ndarray:
    """Number the groups in the order of their names; a row without a group is one of its own.

    Raises
    ------
    SchemaError
        If the column is missing or has fewer than two groups.

    Examples
    --------
    >>> group_codes(pl.DataFrame({"who": ["b", "a", None, "b", None]}), "who")
    array([1, 0, 2, 1, 3])
    """
    series = series_of(frame, column)
    names = series.drop_nulls().unique().sort()
    codes = series.replace_strict(
        names, pl.Series(range(len(names)), dtype=pl.Int64), default=None, return_dtype=pl.Int64
    )
    alone = pl.Series(range(len(names), len(names) + len(codes)), dtype=pl.Int64)
    _, numbers = np.unique(codes.fill_null(alone).to_numpy(), return_inverse=True)
    if len(numbers) == 0 or numbers.max() == 0:
        raise SchemaError(
            f"Column {column!r} has fewer than two groups.", "Choose another kind of split."
        )
    return np.asarray(numbers)


@dataclass
class CodedNames:
    """The names of rows that come in pieces as codes, in the order of the names.

    Of a row eight bytes are held meanwhile, and each name is held about once.

    Examples
    --------
    >>> names = CodedNames()
    >>> names.add(pl.Series(["wed", "mon"]))
    >>> names.add(pl.Series(["tue", "mon"]))
    >>> names.codes()
    array([2, 0, 1, 0], dtype=int32)
    """

    _prints: list[np.ndarray] = field(default_factory=list)
    _names: list[pl.Series] = field(default_factory=list)
    _enough: int = _FEW_NAMES

    def add(self, names: pl.Series) -> None:
        """Take the names of some more rows, none of them missing."""
        self._prints.append(names.hash(_PRINTS_SEED).to_numpy())
        self._names.append(names.unique())
        if sum(map(len, self._names)) > self._enough:
            self._names = [pl.concat(self._names).unique()]
            self._enough = _FEW_NAMES + 2 * len(self._names[0])

    def codes(self) -> np.ndarray:
        """Return the code of each row: names are numbered from 0, without gaps."""
        known = pl.concat(self._names).unique().sort().hash(_PRINTS_SEED).to_numpy()
        order = np.argsort(known)
        ranked, places = known[order], order.astype(np.int32)
        return np.concatenate([places[np.searchsorted(ranked, each)] for each in self._prints])


def moments_in(frame: pl.DataFrame, column: str) -> pl.Series:
    """Return a column of time as Datetime in microseconds or as Float64; at least two moments.

    Raises
    ------
    SchemaError
        If the column is missing, has no order in time, or has fewer than two moments.

    Examples
    --------
    >>> moments_in(pl.DataFrame({"year": [2020, 2021, None]}), "year").to_list()
    [2020.0, 2021.0, None]
    """
    series = series_of(frame, column)
    if series.dtype in (pl.Date, pl.Datetime):
        series = series.cast(pl.Datetime("us"))
    elif series.dtype.is_numeric():
        series = series.cast(pl.Float64).fill_nan(None)
    else:
        raise SchemaError(
            f"Column {column!r} holds {series.dtype}, which has no order in time.",
            "Choose a column of datetimes or numbers.",
        )
    if series.drop_nulls().n_unique() < 2:
        raise SchemaError(
            f"Column {column!r} has fewer than two moments.", "Choose another kind of split."
        )
    return series


def moment_codes(frame: pl.DataFrame, column: str) -> np.ndarray:
    """Number the moments in the order of time, from 1; a row without a moment is 0.

    Raises
    ------
    SchemaError
        As `moments_in` does.

    Examples
    --------
    >>> moment_codes(pl.DataFrame({"year": [2021, 2020, None, 2021]}), "year")
    array([2, 1, 0, 2])
    """
    ranks = moments_in(frame, column).rank("dense").fill_null(0)
    return np.asarray(ranks.to_numpy(), dtype=np.int64)
