"""How rows are divided: the holdout that is opened once, and the folds for everything before it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, assert_never

import msgspec
import numpy as np
import polars as pl

from modelwright.data.splitting.codes import class_codes, group_codes, moment_codes, moments_in
from modelwright.data.splitting.partitions import (
    Folds,
    chain_forward,
    fold_classes,
    fold_groups,
    hold_out_groups,
    hold_out_of_classes,
)
from modelwright.data.values.cells import number_of
from modelwright.data.values.moments import moment_of
from modelwright.data.values.series import series_of
from modelwright.errors import SchemaError

_FEW_ROWS = 10_000
_DAYS_TO_GROUP = 20
"""Fewer days than this are too few to resample as wholes."""
_HOLDOUT, _FOLDS = 0, 1  # two streams of one seed, so that folds do not echo the holdout


class Split(msgspec.Struct, frozen=True, kw_only=True):
    """How rows are divided, and why so.

    Parameters
    ----------
    kind
        ``"time"``: the holdout is later than the rest; ``"group"``: rows of one group stay
        together; ``"stratified"``: every part has the classes in the same shares; ``"random"``.
    column
        The column of time or group; empty for the other kinds.
    holdout_fraction
        The part of the rows that is sealed.
    boundary
        For time: an ISO 8601 datetime or a number; rows at or after it are the holdout. When
        empty, it is where the latest fraction begins (see `boundary_of`).
    folds
        Number of folds; fewer come out when there are fewer groups, moments or rows.
    seed
        Of the shuffling.
    reason
        Why rows are divided so, as a sentence.
    """

    kind: Literal["time", "group", "stratified", "random"]
    column: str = ""
    holdout_fraction: float = 0.2
    boundary: str = ""
    folds: int = 5
    seed: int = 0
    reason: str = ""


@dataclass(frozen=True, eq=False, repr=False)
class SealedRows:
    """The holdout's rows: nobody sees them without being counted.

    Parameters
    ----------
    _rows
        The frame that is sealed; give it by position.
    on_open
        Called at each opening, before the rows are handed out.

    Examples
    --------
    >>> openings = []
    >>> sealed = SealedRows(pl.DataFrame({"x": [1, 2]}), on_open=lambda: openings.append("opened"))
    >>> sealed
    SealedRows(2 rows)
    >>> sealed.open().height, len(openings)
    (2, 1)
    """

    _rows: pl.DataFrame
    on_open: Callable[[], None]

    def open(self) -> pl.DataFrame:
        """Hand out the rows; every call is an opening."""
        self.on_open()
        return self._rows

    def __len__(self) -> int:
        return self._rows.height

    def __repr__(self) -> str:
        return f"SealedRows({len(self):,} rows)"


def holdout_mask(frame: pl.DataFrame, split: Split, target: np.ndarray | None) -> np.ndarray:
    """Mark the rows of the holdout.

    A row without a moment is never in the holdout; a row without a group is a group of its own;
    of each class at least one row stays outside.

    Parameters
    ----------
    frame
        A conformed frame that has the split's column.
    split
        How to divide.
    target
        The answers, of shape (rows,); only a stratified split needs them.

    Returns
    -------
    ndarray of bool, shape (rows,)

    Raises
    ------
    SchemaError
        If the column is missing, there are fewer than two rows, groups or moments, or the boundary
        leaves no row on one side.
    TargetError
        If a stratified split has no target.

    Examples
    --------
    >>> frame = pl.DataFrame({"year": [2019.0, 2020.0, 2021.0, 2021.0]})
    >>> split = Split(kind="time", column="year", boundary="2021")
    >>> holdout_mask(frame, split, None)
    array([False, False,  True,  True])
    """
    rng = np.random.default_rng([split.seed, _HOLDOUT])
    match split.kind:
        case "time":
            return _time_holdout(frame, split)
        case "group":
            return hold_out_groups(group_codes(frame, split.column), split.holdout_fraction, rng)
        case "stratified":
            return hold_out_of_classes(class_codes(target), split.holdout_fraction, rng)
        case "random":
            return hold_out_of_classes(
                class_codes(np.zeros(frame.height)), split.holdout_fraction, rng
            )
        case _:
            assert_never(split.kind)


def boundary_of(frame: pl.DataFrame, split: Split) -> str:
    """Return the moment at which the holdout of a split by time begins.

    Returns
    -------
    str
        The split's own boundary, or else where the latest fraction of the rows begins; an ISO 8601
        datetime or a number, which a `Split` takes back.

    Raises
    ------
    SchemaError
        If the column is missing, or has fewer than two moments.

    Examples
    --------
    >>> frame = pl.DataFrame({"year": [2019.0, 2020.0, 2021.0, 2021.0]})
    >>> boundary_of(frame, Split(kind="time", column="year", holdout_fraction=0.25))
    '2021.0'
    """
    if split.boundary:
        return split.boundary
    moments = moments_in(frame, split.column).drop_nulls().sort()
    second = moments.filter(moments > moments[0])[0]
    place = min(int(len(moments) * (1 - split.holdout_fraction)), len(moments) - 1)
    first = max(moments[place], second)
    return first.isoformat() if isinstance(first, datetime) else repr(first)


def usual_folds(rows: int) -> int:
    """Return how many folds suit so many rows: more where each row is dear.

    Examples
    --------
    >>> usual_folds(1_000), usual_folds(100_000)
    (8, 5)
    """
    return 8 if rows < _FEW_ROWS else 5


def folds_of(frame: pl.DataFrame, split: Split, target: np.ndarray | None) -> Folds:
    """Divide rows into folds.

    By time, each block of rows is validated by all that is earlier, and rows of one moment are
    never on both sides; rows without a moment count as earliest. Where all are of one moment, as of
    two months that the holdout has parted, they are divided by chance. Otherwise each row is
    validated exactly once.

    Parameters
    ----------
    frame
        A conformed frame that has the split's column, usually without the holdout's rows.
    split
        How to divide.
    target
        The answers, of shape (rows,); only a stratified split needs them.

    Returns
    -------
    Folds
        Pairs of ascending row indices, to train on and to validate on; both never empty.

    Raises
    ------
    SchemaError
        If the column is missing, or there are fewer than two rows or groups.
    TargetError
        If a stratified split has no target.

    Examples
    --------
    >>> frame = pl.DataFrame({"year": [2019.0, 2020.0, 2021.0]})
    >>> for train, validation in folds_of(frame, Split(kind="time", column="year", folds=2), None):
    ...     print(train, validation)
    [0] [1]
    [0 1] [2]
    """
    rng = np.random.default_rng([split.seed, _FOLDS])
    match split.kind:
        case "time" if series_of(frame, split.column).drop_nulls().n_unique() == 1:
            classes = target is not None and target.dtype.kind != "f"
            alike = class_codes(target if classes else np.zeros(frame.height))
            return fold_classes(alike, split.folds, rng)
        case "time":
            return chain_forward(moment_codes(frame, split.column), split.folds)
        case "group":
            return fold_groups(group_codes(frame, split.column), split.folds, rng)
        case "stratified":
            return fold_classes(class_codes(target), split.folds, rng)
        case "random":
            return fold_classes(class_codes(np.zeros(frame.height)), split.folds, rng)
        case _:
            assert_never(split.kind)


def dependent_groups(frame: pl.DataFrame, split: Split) -> np.ndarray | None:
    """Return what rows that are not independent share: their entity, or their day; else None.

    Returns
    -------
    ndarray of str, shape (rows,), or None
        Rows without a value share the empty text; None where days are too few to be resampled.

    Examples
    --------
    >>> frame = pl.DataFrame({"who": ["b", "a", None]})
    >>> dependent_groups(frame, Split(kind="group", column="who")).tolist()
    ['b', 'a', '']
    """
    groups = units_of(frame, split)
    if groups is None or split.kind == "group":
        return None if groups is None else groups.to_numpy()
    return groups.to_numpy() if groups.n_unique() >= _DAYS_TO_GROUP else None


def units_of(frame: pl.DataFrame, split: Split) -> pl.Series | None:
    """Return the name of what each row belongs to: its entity or its day; None for neither.

    Examples
    --------
    >>> units_of(pl.DataFrame({"year": [2019, None]}), Split(kind="time", column="year")).to_list()
    ['2019', '']
    """
    if split.kind == "group":
        return frame[split.column].cast(pl.String).fill_null("")
    if split.kind != "time":
        return None
    moments = frame[split.column]
    days = moments.dt.date() if moments.dtype.is_temporal() else moments
    return days.cast(pl.String).fill_null("")


def _time_holdout(frame: pl.DataFrame, split: Split) -> np.ndarray:
    moments = moments_in(frame, split.column)
    boundary = boundary_of(frame, split)
    parse = moment_of if moments.dtype == pl.Datetime else number_of
    first = parse(boundary)
    if first is None:
        raise SchemaError(
            f"The boundary {boundary!r} cannot be compared with column {split.column!r}.",
            "Give an ISO 8601 datetime for a datetime column, and a number for a numeric one.",
        )
    mask = (moments.to_physical() >= first).fill_null(False).to_numpy()
    if mask.all() or not mask.any():
        raise SchemaError(
            f"The boundary {boundary!r} leaves no row on one side; column {split.column!r} runs "
            f"from {moments.min()!s} to {moments.max()!s}.",
            "Choose a moment in between.",
        )
    return np.asarray(mask, dtype=bool)
