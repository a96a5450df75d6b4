"""Features of a whole table, computed by DuckDB.

Each relation is one pass: the related rows that share a key with the question's are aggregated for
each distinct key and moment, some thousands of moments at a time, so that memory stays bounded by
those and not by the pairs.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING

import msgspec
import polars as pl

from modelwright.data.conform import conform
from modelwright.data.relations.dialect import dialect_named
from modelwright.data.relations.feature import Feature, FeatureSet
from modelwright.data.relations.joined import related_rows
from modelwright.data.relations.moment_sql import as_moments
from modelwright.data.relations.relation import Relation
from modelwright.data.relations.sql import relation_query

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

Compute = Callable[[FeatureSet, pl.DataFrame, Mapping[str, pl.DataFrame]], pl.DataFrame]

_AT_A_TIME = 100_000
_SETTINGS: dict[str, str | bool | int | float | list[str]] = {
    # Sums of several threads differ in their last bits from one time to the next.
    "threads": 1,
    "autoinstall_known_extensions": False,
    "autoload_known_extensions": False,
}


def compute_features(
    features: FeatureSet, rows: pl.DataFrame, tables: Mapping[str, pl.DataFrame]
) -> pl.DataFrame:
    """Return the features of rows, each as it was known at its row's moment.

    Parameters
    ----------
    features
        What to compute.
    rows
        Raw rows of the question's table.
    tables
        Raw related tables by their names.

    Returns
    -------
    DataFrame
        One row for each of ``rows``, in their order; numbers as Float64, levels as String. Null
        where a row has no key or no moment.

    Raises
    ------
    SchemaError
        When a table or a column is missing.
    """
    with one_database() as compute:
        return compute(features, rows, tables)


@contextmanager
def one_database() -> Iterator[Compute]:
    """Give a `compute_features` whose calls share a database: to open one takes longer than to ask.

    Examples
    --------
    >>> from modelwright.data.relations.feature import FeatureSet
    >>> with one_database() as compute:
    ...     compute(FeatureSet(), pl.DataFrame({"id": [7]}), {}).shape
    (0, 0)
    """
    import duckdb

    with duckdb.connect(config=_SETTINGS) as database:
        yield partial(_computed, database)


def _computed(
    database: "DuckDBPyConnection",
    features: FeatureSet,
    rows: pl.DataFrame,
    tables: Mapping[str, pl.DataFrame],
    /,
) -> pl.DataFrame:
    made = [
        _of_relation(database, relation, features.of(relation), (rows, tables))
        for relation in features.relations
    ]
    frame = pl.concat(made, how="horizontal") if made else pl.DataFrame()
    return frame.select(features.names)


def _of_relation(
    database: "DuckDBPyConnection",
    relation: Relation,
    features: Sequence[Feature],
    of: tuple[pl.DataFrame, Mapping[str, pl.DataFrame]],
) -> pl.DataFrame:
    rows, tables = of
    asked = conform(rows, relation.asked)
    (relation,) = FeatureSet(relations=(relation,)).reading(tuple(features)).relations
    by = [*relation.columns, *([relation.moment] if relation.time else [])]
    distinct = asked.select(by).drop_nulls().unique(maintain_order=True)
    keys = distinct.select(relation.columns).unique()
    related = _finite(related_rows(relation, tables, asked=keys)).join(
        keys,
        left_on=relation.keys,
        right_on=relation.columns,
        how="semi",
    )
    dialect = dialect_named("duckdb")
    read = msgspec.structs.replace(
        relation, asked=as_moments(relation.asked), schema=as_moments(relation.schema)
    )
    query = relation_query(read, features, dialect, asked="asked", related="related")
    parts: list[pl.DataFrame] = []
    database.register("related", related.to_arrow())
    for first in range(0, max(1, distinct.height), _AT_A_TIME):
        database.register("asked", distinct[first : first + _AT_A_TIME].to_arrow())
        parts.append(database.sql(query).pl())
    for name in ("related", "asked"):  # or their rows stay in memory
        database.unregister(name)
    answers = pl.concat(parts)
    answers.columns = [*by, *(feature.name for feature in features)]
    return give_features(answers, asked, relation, features)


def give_features(
    answers: pl.DataFrame, asked: pl.DataFrame, relation: Relation, features: Sequence[Feature]
) -> pl.DataFrame:
    """Return the features of rows, in their order, from those of each distinct key and moment.

    Parameters
    ----------
    answers
        Keys, the moment and features, as columns of these names.
    asked
        Keys and moments of the rows, as the answers have them.
    relation, features
        What was computed.
    """
    by = [*relation.columns, *([relation.moment] if relation.time else [])]
    typed = answers.with_columns(
        pl.col(feature.name).cast(pl.String if feature.text else pl.Float64) for feature in features
    )
    if relation.time:
        typed = typed.with_columns(pl.col(relation.moment).cast(pl.Datetime("us")))
    joined = asked.select(by).join(typed, on=by, how="left", maintain_order="left")
    return joined.select(feature.name for feature in features)


def _finite(frame: pl.DataFrame) -> pl.DataFrame:
    """Take infinite numbers as missing, as the evaluator does."""
    return (
        frame.with_columns(
            pl.when(pl.col(pl.Float64).is_finite()).then(pl.col(pl.Float64)).name.keep()
        )
        if any(dtype == pl.Float64 for dtype in frame.dtypes)
        else frame
    )
