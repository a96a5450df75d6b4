"""The check that features know nothing of the future: changing it changes none of them.

At moments of the rows themselves, whatever had not happened before that moment is deleted, or its
values are exchanged and it is multiplied. Features of rows up to that moment must stay equal, but
for the last bits of sums. What has happened is told from the written times alone, not with the
queries that are checked.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np
import polars as pl

from modelwright.data.conform import conform
from modelwright.data.relations.compute import Compute, compute_features
from modelwright.data.relations.feature import FeatureSet
from modelwright.data.relations.keys import key_frame
from modelwright.data.relations.relation import GRAIN_S, Relation, Step, Timed
from modelwright.data.schema import Column, Schema

_CUTS = 3
"""Moments that are tried for each relation."""
_MOST_ROWS = 200
_ROUNDING = 1e-12
"""What another order of summing may change."""


@dataclass(frozen=True)
class Refutation:
    """A feature that changed with the future.

    Parameters
    ----------
    name
        Of the feature.
    evidence
        What was changed, and what it was before and after.
    """

    name: str
    evidence: str


def refute_features(
    features: FeatureSet,
    rows: pl.DataFrame,
    tables: Mapping[str, pl.DataFrame],
    *,
    compute: Compute = compute_features,
    seed: int = 0,
) -> tuple[Refutation, ...]:
    """Return the features that changing the future changes; none, where all are sound.

    Features of tables without a time have no past and no future, and are passed over.

    Parameters
    ----------
    features
        What is checked.
    rows, tables
        Raw rows of the question and raw related tables.
    compute
        What computes them.
    seed
        Of the choice of rows and moments.
    """
    found: dict[str, str] = {}
    for relation in features.relations:
        if relation.time:
            own = features.reading(features.of(relation))
            for name, evidence in _of_relation(own, rows, tables, (compute, seed)):
                found.setdefault(name, evidence)
    return tuple(Refutation(name, evidence) for name, evidence in found.items())


def _of_relation(
    features: FeatureSet,
    rows: pl.DataFrame,
    tables: Mapping[str, pl.DataFrame],
    how: tuple[Compute, int],
) -> list[tuple[str, str]]:
    compute, seed = how
    (relation,) = features.relations
    rng = np.random.default_rng(seed)
    if rows.height > _MOST_ROWS:
        rows = rows[np.sort(rng.choice(rows.height, _MOST_ROWS, replace=False))]
    moments = conform(rows, Schema(columns=(relation.asked[relation.moment],)))[relation.moment]
    known = moments.drop_nulls().unique().sort()
    if not len(known):
        return []
    mine = _of_rows(relation, rows, tables)
    places = np.unique(rng.choice(len(known), min(_CUTS, len(known)), replace=False))
    found = []
    for cut in known[places]:
        asked = rows.filter(moments <= cut)
        before = compute(features, asked, mine)
        late = {name: _late(name, relation, mine, cut) for name in mine}
        for deed, change in _CHANGES.items():
            changed = {
                name: frame
                if (rows_and_time := late[name]) is None
                else change(frame, *rows_and_time)
                for name, frame in mine.items()
            }
            after = compute(features, asked, changed)
            found += _differences(before, after, f"{deed} from {cut} on")
    return found


def _of_rows(
    relation: Relation, rows: pl.DataFrame, tables: Mapping[str, pl.DataFrame]
) -> dict[str, pl.DataFrame]:
    """Return the related rows of some rows: the others take time and change nothing."""
    entry, names = relation.entry
    asked = key_frame(rows, relation.asked, relation.columns).rename(
        dict(zip(relation.columns, names, strict=True))
    )
    keys = key_frame(tables[entry], relation.reads[entry], names)
    mine = {entry: tables[entry][_places(keys, asked)]}
    if relation.through is not None:
        own = tables[relation.table]
        mine[relation.table] = own[_belonging(relation.through, own, mine[entry])]
    return mine


def _belonging(step: Step, own: pl.DataFrame, between: pl.DataFrame) -> pl.Series:
    """Return the places of related rows that belong to some rows of the table between."""
    links = key_frame(between, step.schema, step.columns)
    renamed = links.rename(dict(zip(step.columns, step.keys, strict=True)))
    return _places(key_frame(own, step.theirs, step.keys), renamed)


def _places(keys: pl.DataFrame, wanted: pl.DataFrame) -> pl.Series:
    found = keys.with_row_index("_place").join(
        wanted.unique(), on=keys.columns, how="semi", maintain_order="left"
    )
    return found["_place"]


def _late(
    name: str, relation: Relation, tables: Mapping[str, pl.DataFrame], cut: datetime
) -> tuple[pl.Series, str] | None:
    """Return which rows of a table come late, and its time; None for one without a time.

    Without one, rows that belong only to late rows of the table between are late with these.
    """
    step, schema = relation.through, relation.reads[name]
    own = {} if step is None else step.names
    for clock in (relation, step):
        if clock is None or not clock.time:
            continue
        time = own.get(clock.time, clock.time)
        if (clock.time in own) == (step is not None and name == step.table):
            return _open(clock, tables[name], schema[time], cut), time
    if step is None or name == step.table or not relation.time:
        return None
    return _of_late_rows(relation, step, tables, cut), ""


def _of_late_rows(
    relation: Relation, step: Step, tables: Mapping[str, pl.DataFrame], cut: datetime
) -> pl.Series:
    own, between = tables[relation.table], tables[step.table]
    marked = _late(step.table, relation, tables, cut)
    known = between if marked is None else between.filter(~marked[0])
    met, early = _belonging(step, own, between), _belonging(step, own, known)
    place = pl.Series(range(own.height), dtype=met.dtype)
    return place.is_in(met.implode()) & ~place.is_in(early.implode())


def _open(clock: Timed, table: pl.DataFrame, column: Column, cut: datetime) -> pl.Series:
    """Mark the rows that may have happened, or become known, only at a moment or after it."""
    times = conform(table, Schema(columns=(column,)))[column.name]
    ends = times + timedelta(seconds=GRAIN_S[clock.grain] + clock.delay_s)
    # A day that ends with the moment is over; a row of the moment itself is not known before it.
    late = ends > cut if clock.grain != "exact" else ends >= cut
    return late.fill_null(value=False)


def _delete(table: pl.DataFrame, late: pl.Series, _time: str) -> pl.DataFrame:
    return table.filter(~late)


def _garble(table: pl.DataFrame, late: pl.Series, time: str) -> pl.DataFrame:
    """Exchange the values of late rows among each other, and have each of them three times."""
    chosen = table.filter(late)
    turned = chosen.select(
        pl.col(name) if name == time else pl.col(name).reverse() for name in table.columns
    )
    return pl.concat([table.filter(~late), chosen, turned, turned])


_Change = Callable[[pl.DataFrame, pl.Series, str], pl.DataFrame]
_CHANGES: dict[str, _Change] = {
    "related rows were deleted": _delete,
    "related rows were exchanged and multiplied": _garble,
}


def _differences(before: pl.DataFrame, after: pl.DataFrame, deed: str) -> list[tuple[str, str]]:
    found = []
    for name in before.columns:
        differs = before[name].ne_missing(after[name])
        if before[name].dtype == pl.Float64:
            close = (before[name] - after[name]).abs() <= _ROUNDING * before[name].abs()
            differs = differs & ~close.fill_null(value=False)
        if differs.any():
            place = differs.arg_max() or 0
            was, now = before[name][place], after[name][place]
            found.append((name, f"When {deed}, it was {now!r} in place of {was!r}."))
    return found
