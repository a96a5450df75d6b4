"""Features worth trying, from what a relation's columns hold."""

import re
from collections.abc import Mapping

import polars as pl

from modelwright.data.relations.feature import Feature
from modelwright.data.relations.joined import related_rows
from modelwright.data.relations.relation import DAY_S, Relation
from modelwright.data.schema import Column, Kind, Schema

_WINDOWS_S = (3600, DAY_S, 7 * DAY_S, 30 * DAY_S, 90 * DAY_S, 365 * DAY_S)
_PARTS_OF_TIMES = ("year", "month", "day", "hour", "minute", "week", "weekday", "quarter")
_CODE = re.compile(r"(id|code|no|nr|number|key|upc|sku|zip)$", re.IGNORECASE)
"""Names of numbers that name something: their sums say nothing."""
_MOST_WINDOWS = 3
_MOST_COLUMNS = 8
_MOST_LEVELS = 3
_FEW_LEVELS = 60


def propose_features(relation: Relation, tables: Mapping[str, pl.DataFrame]) -> tuple[Feature, ...]:
    """Return features of a relation.

    A table with one row for each key gives its columns, and how old its row is. One with many gives
    sums over its columns, and where it has a time counts, recency, sums, means, extremes, latest
    values and shares, of all that is known and of windows that its span of time has room for.
    """
    frame = related_rows(relation, tables)
    taken = (*relation.keys, relation.time, relation.through.time if relation.through else "")
    columns = [
        each
        for each in relation.schema
        if each.name not in taken and not (relation.time and each.name.lower() in _PARTS_OF_TIMES)
    ]
    columns = columns[: None if relation.is_lookup else _MOST_COLUMNS]
    if relation.is_lookup:
        verb = "last" if relation.time else "value"
        values = (
            _feature(relation, verb, column)
            for column in columns
            if column.kind != Kind.ID and _is_useful(frame[column.name])
        )
        since = [Feature(relation=relation.name, aggregate="since")] if relation.time else []
        return (*since, *values)
    windows = _windows(frame[relation.time]) if relation.time else ()
    found = [
        Feature(relation=relation.name, aggregate="count", window_s=each)
        for each in (None, *windows)
    ]
    if relation.time:
        found.append(Feature(relation=relation.name, aggregate="since"))
    for column in columns:
        found += _of_column(relation, column, frame[column.name], windows)
    return tuple(found)


def _of_column(
    relation: Relation, column: Column, values: pl.Series, windows: tuple[int, ...]
) -> list[Feature]:
    if not _is_useful(values):
        return []
    is_code = column.kind == Kind.ID or _CODE.search(column.name) is not None
    if column.value_type == "number" and not is_code:
        found = [_feature(relation, verb, column) for verb in ("sum", "mean", "min", "max")]
        found += [_feature(relation, "sum", column, window_s=each) for each in windows]
        found += [_feature(relation, "mean", column, window_s=each) for each in windows[:1]]
    else:
        found = [_feature(relation, "distinct", column)]
        found += [_feature(relation, "distinct", column, window_s=each) for each in windows[:1]]
        if column.value_type == "string" and values.n_unique() <= _FEW_LEVELS:
            commonest = values.drop_nulls().alias("").value_counts(sort=True)[""]
            for level in sorted(commonest.head(_MOST_LEVELS)):
                found.append(_feature(relation, "share", column, level=level))
    if relation.time and not is_code and _is_small(column, values):
        found.append(_feature(relation, "last", column))
    return found


def _feature(
    relation: Relation,
    aggregate: str,
    column: Column,
    *,
    window_s: int | None = None,
    level: str = "",
) -> Feature:
    keeps = aggregate in ("last", "value")
    return Feature(
        relation=relation.name,
        aggregate=aggregate,  # type: ignore[arg-type]
        column=column.name,
        window_s=window_s,
        level=level,
        text=keeps and column.value_type == "string",
    )


def _is_useful(values: pl.Series) -> bool:
    return values.drop_nulls().n_unique() > 1


def _is_small(column: Column, values: pl.Series) -> bool:
    return column.value_type == "number" or values.n_unique() <= 1000


def _windows(times: pl.Series) -> tuple[int, ...]:
    """Return the longest windows that fit twice into the span of time."""
    known = times.drop_nulls().cast(pl.Int64)
    low, high = known.quantile(0.01), known.quantile(0.99)
    if low is None or high is None:
        return ()
    span_s = (high - low) / 1_000_000
    return tuple(each for each in _WINDOWS_S if each <= span_s / 2)[-_MOST_WINDOWS:]


def schema_of(features: tuple[Feature, ...]) -> Schema:
    """Return the columns that features are in the question's table."""
    return Schema(columns=tuple(feature.schema_column for feature in features))
