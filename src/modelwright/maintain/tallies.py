"""Tallies: what only a whole window shows, counted as rows of a kind and the others."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import polars as pl

from modelwright.data.records import Columns
from modelwright.data.schema import Column, Kind, Schema
from modelwright.maintain.grids import missing_in
from modelwright.maintain.live_rows import LiveRows, frame_of
from modelwright.maintain.live_rules import tally_rules
from modelwright.maintain.past import PastWindow, Tally
from modelwright.predictor.bundle import Bundle
from modelwright.predictor.operations.base import Value
from modelwright.predictor.reference import Binned, Distribution

REPEATED = "repeated rows"
COPIED = "copied rows"
AGAIN = "rows of the window before"
LABELLED = "labelled"
FRACTIONS = "fractions"
CATEGORIES = (Kind.CATEGORICAL, Kind.CODED)


def used_columns(bundle: Bundle) -> tuple[Column, ...]:
    """Return the features that the model reads: no other can harm it."""
    read = {each.name for each in bundle.program.inputs}
    return tuple(column for column in bundle.schema if column.name in read)


def tally_window(bundle: Bundle, past: Sequence[PastWindow], rows: LiveRows) -> dict[str, Tally]:
    """Count what a window shows.

    Parameters
    ----------
    bundle
        The model.
    past
        The windows before: a level that they have is not new.
    rows
        The window.
    """
    tallies = {REPEATED: _repeated(rows), LABELLED: _split(rows.labelled)}
    for column in used_columns(bundle):
        values = rows.columns[column.name]
        tallies[f"missing {column.name}"] = _split(missing_in(values))
        if column.kind in CATEGORIES:
            new = unseen_levels(bundle, past, column, values)
            unseen = np.array([v in new for v in values]) if new else np.zeros(len(values), bool)
            tallies[f"unseen {column.name}"] = _split(unseen)
        if column.kind not in (Kind.DATETIME, Kind.TEXT):
            tallies[f"run {column.name}"] = longest_run(values), len(values)
        if _is_whole(bundle.reference.in_training(column.name), column):
            known = values[~missing_in(values)]
            tallies[f"{FRACTIONS} {column.name}"] = _split(known % 1 != 0)
    copies = _tally_copies(bundle, past, rows)
    return tallies | copies | tally_rules(bundle, _typed(rows, bundle))


def _is_whole(trained: Distribution, column: Column) -> bool:
    """Say whether training had whole numbers, as far as its bins tell."""
    if column.kind != Kind.NUMERIC or not isinstance(trained, Binned) or not trained.edges:
        return False
    return all(float(edge).is_integer() for edge in trained.edges)


def _tally_copies(bundle: Bundle, past: Sequence[PastWindow], rows: LiveRows) -> dict[str, Tally]:
    """Count the rows that came before in everything: in this window, or in the one before."""
    told = _rows_of(rows.columns, bundle.schema)
    copies = len(told) - len(set(told))
    tallies = {COPIED: (copies, len(told) - copies)}
    if past:
        before = set(_rows_of(past[-1].columns, bundle.schema))
        again = sum(row in before for row in told)
        tallies[AGAIN] = again, len(told) - again
    return tallies


def _rows_of(columns: Columns, schema: Schema) -> list[tuple[Any, ...]]:
    """Return what each row holds; a few hundred are told apart faster so than as a table."""
    return list(zip(*(_comparable(columns[name]).tolist() for name in schema.names), strict=True))


def _typed(rows: LiveRows, bundle: Bundle) -> pl.DataFrame:
    """Return the rows as the program reads them: those of the ledger are that already."""
    return rows.table if rows.ids is not None else frame_of(rows.columns, bundle.schema)


def unseen_levels(
    bundle: Bundle, past: Sequence[PastWindow], column: Column, values: Value
) -> frozenset[str]:
    """Return the levels of a window that neither training nor the past had."""
    new = set(values).difference(*(window.texts[column.name].levels for window in past))
    return bundle.reference.unknown(column.name, new)


def last_moments(bundle: Bundle, rows: LiveRows) -> dict[str, int]:
    """Return the latest moment of each column of moments."""
    return {
        column.name: int(rows.columns[column.name].max())
        for column in bundle.schema
        if column.kind == Kind.DATETIME and len(rows)
    }


def longest_run(values: Value) -> int:
    """Return how many rows in a row have one value; missing ones are passed over.

    Examples
    --------
    >>> longest_run(np.array([1.0, 2.0, 2.0, np.nan, 2.0, 3.0]))
    3
    """
    known = values[~missing_in(values)]
    if not len(known):
        return 0
    ends = np.concatenate([np.flatnonzero(known[1:] != known[:-1]) + 1, [len(known)]])
    return int(np.diff(np.concatenate([[0], ends])).max())


def _split(flags: Value) -> Tally:
    some = int(flags.sum())
    return some, len(flags) - some


def _repeated(rows: LiveRows) -> Tally:
    """Count the rows that equal the row before in everything."""
    alike = np.ones(max(0, len(rows) - 1), dtype=bool)
    for values in map(_comparable, rows.columns.values()):
        alike &= values[1:] == values[:-1]
    return _split(alike)


def _comparable(values: Value) -> Value:
    # What is missing twice is the same.
    return np.nan_to_num(values, nan=-1.7e308) if values.dtype.kind == "f" else values
