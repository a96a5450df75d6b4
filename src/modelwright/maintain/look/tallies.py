"""Tallies: what only a whole window shows, counted as rows of a kind and the others."""

from collections.abc import Sequence

import numpy as np
import polars as pl
from numpy.typing import NDArray

from modelwright.data.schema import Column, Kind
from modelwright.maintain.log.live_rows import LiveRows, frame_of
from modelwright.maintain.look.live_rules import tally_rules
from modelwright.maintain.look.past import PastWindow, Tally, comparable, rows_of
from modelwright.predictor.bundle import Bundle
from modelwright.predictor.operations.base import Value
from modelwright.predictor.reference.distribution import Binned
from modelwright.predictor.reference.grids import missing_in
from modelwright.predictor.reference.reference import Reference, between_steps
from modelwright.predictor.reference.rough_runs import longest_run

REPEATED = "repeated rows"
COPIED = "copied rows"
BATCHES = "copied batches"
AGAIN = "rows of the window before"
LABELLED = "labelled"
FRACTIONS = "fractions"
_BATCH = 3
"""Rows in a row by which a batch is known."""
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
        missing = missing_in(values)
        known = values[~missing]
        tallies[f"missing {column.name}"] = _split(missing)
        if column.kind in CATEGORIES:
            new = unseen_levels(bundle, past, column, values)
            unseen = np.array([v in new for v in values]) if new else np.zeros(len(values), bool)
            tallies[f"unseen {column.name}"] = _split(unseen)
        if column.kind not in (Kind.DATETIME, Kind.TEXT):
            tallies[f"run {column.name}"] = longest_run(known), len(values)
        if _is_whole(bundle.reference, column):
            tallies[f"{FRACTIONS} {column.name}"] = _split(known % 1 != 0)
        elif decimals := bundle.reference.decimals.get(column.name):
            tallies[f"{FRACTIONS} {column.name}"] = _split(between_steps(known, decimals))
    copies = _tally_copies(bundle, past, rows)
    return tallies | copies | tally_rules(bundle, _typed(rows, bundle))


def _is_whole(reference: Reference, column: Column) -> bool:
    """Say whether training had whole numbers; of an older bundle as far as its bins tell."""
    if column.kind != Kind.NUMERIC:
        return False
    if reference.whole is not None:
        return column.name in reference.whole
    trained = reference.in_training(column.name)
    if not isinstance(trained, Binned) or not trained.edges:
        return False
    return all(float(edge).is_integer() for edge in trained.edges)


def _tally_copies(bundle: Bundle, past: Sequence[PastWindow], rows: LiveRows) -> dict[str, Tally]:
    """Count the rows that came before in everything: in this window, or in the one before."""
    told = rows_of(rows.columns[name] for name in bundle.schema.names)
    copies = len(told) - len(set(told))
    tallies = {COPIED: (copies, len(told) - copies), BATCHES: _tally_batches(told)}
    if past:
        before = past[-1].told_apart
        again = sum(row in before for row in told)
        tallies[AGAIN] = again, len(told) - again
    return tallies


def _tally_batches(told: Sequence[tuple[object, ...]]) -> Tally:
    """Count the rows that came before after the same rows, beyond those that do so in any order.

    Of few kinds of rows many do, and more where a mix or a larger window brings more that are
    alike.
    """
    kinds = dict[tuple[object, ...], int]()
    order = np.array([kinds.setdefault(row, len(kinds)) for row in told], dtype=np.int64)
    by_chance = _followed_again(np.random.default_rng(0).permutation(order))
    again = max(0, _followed_again(order) - by_chance)
    return again, len(told) - again


def _followed_again(order: NDArray[np.int64]) -> int:
    rows = order.tolist()
    batches = list(zip(*(rows[start:] for start in range(_BATCH)), strict=False))
    return len(batches) - len(set(batches))


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


def _split(flags: Value) -> Tally:
    some = int(flags.sum())
    return some, len(flags) - some


def _repeated(rows: LiveRows) -> Tally:
    """Count the rows that equal the row before in everything."""
    alike = np.ones(max(0, len(rows) - 1), dtype=bool)
    for values in map(comparable, rows.columns.values()):
        alike &= values[1:] == values[:-1]
    return _split(alike)
