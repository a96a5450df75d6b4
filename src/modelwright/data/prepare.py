"""A raw table as the rooms work with it."""

import polars as pl

from modelwright.data.conform import conform
from modelwright.data.schema import Kind, Role, Schema
from modelwright.data.values.series import as_text, read_measures


def prepare(table: pl.DataFrame, schema: Schema) -> pl.DataFrame:
    """Return a table whose columns are typed by the schema and whose target is as it was written.

    The target keeps its labels (``"yes"`` stays ``"yes"``), because answers are given in them;
    only its missing tokens become null, and amounts such as ``"$1,200"`` numbers.

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
        if target.kind == Kind.NUMERIC and not _is_plain(labels):
            labels = amounts_of(labels, target.unit)
    return frame.with_columns(labels)


def _is_plain(labels: pl.Series) -> bool:
    """Say whether labels are numbers as programs write them: these stay texts, as labels do."""
    return labels.cast(pl.Float64, strict=False).null_count() == labels.null_count()


def amounts_of(answers: pl.Series, unit: str) -> pl.Series:
    """Return answers to a question for a number, also as people write it; else as they are.

    What holds anything else too stays as it is, and is told of where answers are read.

    Parameters
    ----------
    answers
        Of any type.
    unit
        What stands beside the numbers, as `Column.unit`.

    Examples
    --------
    >>> amounts_of(pl.Series(["$1,200", None, "7"]), "").to_list()
    [1200.0, None, 7.0]
    >>> amounts_of(pl.Series(["12 kg", "many"]), "kg").to_list()
    ['12 kg', 'many']
    """
    if answers.dtype != pl.String:
        return answers
    numbers = read_measures(as_text(answers), unit)
    return numbers if numbers.null_count() == answers.null_count() else answers
