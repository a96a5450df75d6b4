"""The rows of a related table as features read them, joined with those of a table between."""

from collections.abc import Mapping

import polars as pl

from modelwright.data.conform import conform
from modelwright.data.relations.relation import Relation
from modelwright.data.schema import Schema
from modelwright.errors import SchemaError


def related_rows(
    relation: Relation, tables: Mapping[str, pl.DataFrame], *, asked: pl.DataFrame | None = None
) -> pl.DataFrame:
    """Return the columns of a relation's schema, typed.

    Parameters
    ----------
    relation
        Says which columns of which tables.
    tables
        Raw related tables by their names.
    asked
        Keys of the question's rows: rows of a table between that have none of them are not joined.

    Raises
    ------
    SchemaError
        When a table or a column is missing.
    """
    typed = {name: _typed(name, schema, tables) for name, schema in relation.reads.items()}
    own, step = typed[relation.table], relation.through
    if step is None:
        return own
    between = typed[step.table].rename(step.named)
    if asked is not None:
        between = between.join(
            asked,
            left_on=relation.keys,
            right_on=relation.columns,
            how="semi",
            maintain_order="left",
        )
    joined = between.join(
        own,
        left_on=[step.named(column) for column in step.columns],
        right_on=step.keys,
        how="inner",
        maintain_order="left_right",
    )
    return joined.select(relation.schema.names)


def _typed(name: str, schema: Schema, tables: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    if name not in tables:
        raise SchemaError(
            f"The related table {name!r} is not given.", f"Name it: --related {name}=SOURCE."
        )
    return conform(tables[name], schema)
