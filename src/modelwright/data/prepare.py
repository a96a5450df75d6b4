"""A raw table as the rooms work with it."""

import polars as pl

from modelwright.data.conform import conform
from modelwright.data.schema import Role, Schema


def prepare(table: pl.DataFrame, schema: Schema) -> pl.DataFrame:
    """Return a table whose columns are typed by the schema and whose target is as it was written.

    The target keeps its labels (``"yes"`` stays ``"yes"``), because answers are given in them;
    only its missing tokens become null.

    Parameters
    ----------
    table
        As a source returned it.
    schema
        Kinds and roles; a column with the role of the target may be absent.

    Raises
    ------
    SchemaError
        When a column of the schema is missing.

    Examples
    --------
    >>> from modelwright.data.schema import Column, Kind
    >>> schema = Schema(
    ...     columns=(
    ...         Column(name="age", kind=Kind.NUMERIC),
    ...         Column(name="left", kind=Kind.BOOLEAN, role=Role.TARGET, missing_tokens=("?",)),
    ...     )
    ... )
    >>> prepare(pl.DataFrame({"age": ["41", "7"], "left": ["yes", "?"]}), schema).rows()
    [(41.0, 'yes'), (7.0, None)]
    """
    target = schema.the(Role.TARGET)
    others = schema.select(
        tuple(name for name in schema.names if not target or name != target.name)
    )
    frame = conform(table, others)
    if target is None or target.name not in table.columns:
        return frame
    labels = table.get_column(target.name)
    if labels.dtype == pl.String:
        tokens = list(target.missing_tokens)
        labels = labels.str.strip_chars()
        labels = labels.set(labels.is_in(tokens), None)
    return frame.with_columns(labels)
