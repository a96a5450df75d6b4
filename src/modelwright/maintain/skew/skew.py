"""Skew: whether the server saw what a table says of the same rows.

A model that learned from a warehouse and is asked by an application reads the same columns from two
places. Drift compares crowds; here the very rows are compared, so that one wrong row is seen.
"""

from dataclasses import dataclass
from datetime import UTC, datetime

import msgspec
import numpy as np
import polars as pl
from numpy.typing import NDArray

from modelwright.data.conform import columns_of, conform
from modelwright.data.records import Columns
from modelwright.data.values.cells import text_of_key
from modelwright.data.values.several import split_cells
from modelwright.documents import Cause, ColumnSkew, Health, Skew, SkewedRow
from modelwright.errors import SchemaError, nearest
from modelwright.maintain.log.live_rows import LiveRows
from modelwright.maintain.look.live_rules import rules_of
from modelwright.maintain.skew.kinds import differs, explain_difference, value_text
from modelwright.maintain.wording import percent
from modelwright.predictor.bundle import Bundle
from modelwright.predictor.operations.base import Floats, Value

_ALARMING = 0.01
"""The part of the rows that must differ for an alarm."""
_SHOWN = 5


@dataclass(frozen=True)
class _Pairs:
    """Rows that were served, in the order of time, beside what a table says of them."""

    bundle: Bundle
    served: Columns
    told: Columns
    ids: tuple[str, ...]
    arrived: NDArray[np.int64]


def find_skew(bundle: Bundle, rows: LiveRows, table: pl.DataFrame, *, on: str) -> Skew:
    """Compare what the server saw with what a table says of the same rows.

    Parameters
    ----------
    bundle
        The model.
    rows
        As the ledger has them.
    table
        One row for each key; of two with the same key the last one counts. It may lack features.
    on
        The key, a column of the table: a feature that clients send, or what they send as the id.

    Raises
    ------
    SchemaError
        When the table lacks the key, or has no feature of the model.
    """
    if on not in table.columns:
        raise SchemaError(f"The table has no column {on!r}.", nearest(on, table.columns))
    features, table = bundle.schema.names, split_cells(table, bundle.schema)
    known = tuple(name for name in features if name in table.columns and name != on)
    if not known:
        raise SchemaError("The table has no feature of the model.", f"It reads {features[0]!r}, …")
    pairs = _matched(bundle, rows, table, on, known)
    found = (_column(pairs, name) for name in known)
    columns = sorted(
        (each for each in found if each), key=lambda each: (each.verdict != "alarm", -each.rows)
    )
    is_known = len(pairs.ids) and not bundle.facts.watched_only
    moved = _moved(pairs) if is_known else None
    return Skew(
        on=on,
        served=len(rows),
        compared=len(pairs.ids),
        unknown=tuple(name for name in features if name not in (*known, on)),
        columns=tuple(columns),
        moved=moved,
        sentence=_sentence(len(rows), len(pairs.ids), len(columns), moved, bundle),
    )


def with_skew(health: Health, skew: Skew) -> Health:
    """Return a health that tells of skew, which comes first among what is to be done.

    Parameters
    ----------
    health
        Of the same rows.
    skew
        As `find_skew` returns it.
    """
    causes = tuple(
        Cause(kind="training-serving skew", columns=(each.column,), sentence=each.sentence)
        for each in skew.columns
        if each.verdict == "alarm"
    )
    if not causes:
        return msgspec.structs.replace(health, skew=skew)
    return msgspec.structs.replace(
        health,
        skew=skew,
        healthy=False,
        action="fix input",
        sentence=f"The server did not see what the table says. {causes[0].sentence}",
        causes=(*causes, *health.causes),
    )


def _matched(
    bundle: Bundle, rows: LiveRows, table: pl.DataFrame, on: str, known: tuple[str, ...]
) -> _Pairs:
    places = {text_of_key(value): place for place, value in enumerate(table[on].to_list())}
    ids = rows.ids or ()
    sent = rows.columns[on].tolist() if on in rows.columns else None
    keys = ids if sent is None else [text_of_key(each) for each in sent]
    found = [(row, places[key]) for row, key in enumerate(keys) if key in places]
    mine = np.array([row for row, _ in found], dtype=np.int64)
    schema = bundle.schema.select(known)
    told = columns_of(conform(table[[place for _, place in found]], schema), schema)
    arrived = np.zeros(len(rows), np.int64) if rows.arrived is None else rows.arrived
    order = np.argsort(arrived[mine], kind="stable")
    return _Pairs(
        bundle,
        {name: values[mine][order] for name, values in rows.columns.items()},
        {name: values[order] for name, values in told.items()},
        tuple(ids[row] for row in mine[order]),
        arrived[mine][order],
    )


def _column(pairs: _Pairs, name: str) -> ColumnSkew | None:
    served, told = pairs.served[name], pairs.told[name]
    other = differs(served, told)
    count = int(other.sum())
    if not count:
        return None
    share, first = count / len(other), int(other.argmax())
    matters = name not in rules_of(pairs.bundle).idle and share >= _ALARMING
    how = explain_difference(served[other], told[other])
    since = _moment(pairs, first) if first else ""
    return ColumnSkew(
        column=name,
        rows=count,
        how=how,
        since=since,
        verdict="alarm" if matters else "note",
        sentence=f"{name!r} differs in {count:,} of {len(other):,} rows ({percent(share)}): {how}."
        f"{_since(other, first, since)}",
        examples=_examples(pairs, served, told, other),
    )


def _since(other: NDArray[np.bool_], first: int, since: str) -> str:
    if not first:
        return ""
    later = float(other[first:].mean())
    return f" So since {since}{'' if later >= 0.9 else f', in {percent(later)} of rows'}."


def _examples(
    pairs: _Pairs, served: Value, told: Value, other: NDArray[np.bool_]
) -> tuple[SkewedRow, ...]:
    return tuple(
        SkewedRow(
            id=pairs.ids[row],
            at=_moment(pairs, int(row)),
            served=value_text(served[row]),
            told=value_text(told[row]),
        )
        for row in np.flatnonzero(other)[::-1][:_SHOWN]
    )


def _moment(pairs: _Pairs, row: int) -> str:
    return datetime.fromtimestamp(int(pairs.arrived[row]) / 1e6, UTC).isoformat()


def _moved(pairs: _Pairs) -> float | None:
    """Return how far the answers are from those of the table's values; None where none has both."""
    program = pairs.bundle.program
    seen, told = (program.run({**pairs.served, **each}) for each in ({}, pairs.told))
    both = ~(program.unanswered(seen) | program.unanswered(told))
    return float(_apart(pairs.bundle, seen[both], told[both]).mean()) if both.any() else None


def _apart(bundle: Bundle, seen: Floats, told: Floats) -> Floats:
    program = bundle.program
    if program.task.is_classification:
        return np.asarray(program.choose(seen) != program.choose(told), dtype=np.float64)
    return np.abs(seen[:, 0] - told[:, 0])


def _sentence(served: int, compared: int, columns: int, moved: float | None, bundle: Bundle) -> str:
    if not compared:
        return f"None of {served:,} rows that were served is in the table."
    rows = f"Of {served:,} rows that were served the table has {compared:,}"
    if not columns:
        return f"{rows}, and says of each what the server saw."
    if moved is None:
        return f"{rows}; {columns} of its columns differ."
    what = "column differs" if columns == 1 else "columns differ"
    if bundle.program.task.is_classification:
        harm = f"with its values {percent(moved)} of the answers would be others"
    else:
        harm = f"with its values the answers would be {moved:.3g} apart on average"
    return f"{rows}; {columns} {what}, and {harm}."
