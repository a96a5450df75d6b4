"""A raw table as the checks see it."""

import polars as pl

from modelwright.data.checks.base import UNREAD
from modelwright.data.conform import conform
from modelwright.data.schema import Column, Schema
from modelwright.data.values.cells import missing_numbers_of, missing_tokens_of
from modelwright.data.values.series import as_text, read_numbers
from modelwright.data.values.several import split_cells


def readable(table: pl.DataFrame, schema: Schema) -> pl.DataFrame:
    """Read the columns of a schema by the rules of `conform`, and keep what could not be read.

    Parameters
    ----------
    table
        As a source returned it; columns of the schema may be missing, others may be there.

    Returns
    -------
    DataFrame
        The table with the columns of the schema typed, and beside each that has texts which could
        not be read a column of these (`base.unread`).

    Examples
    --------
    >>> from modelwright.data.schema import Kind
    >>> schema = Schema(columns=(Column(name="age", kind=Kind.NUMERIC),))
    >>> readable(pl.DataFrame({"age": ["39", "?", "old"]}), schema).rows()
    [(39.0, None), (None, None), (None, 'old')]
    """
    table = split_cells(table, schema)
    names = set(table.columns)
    present = schema.select(tuple(name for name in schema.names if name in names))
    values = conform(table, present)
    strays = (_strays(table[column.name], values[column.name], column) for column in present)
    return table.with_columns(*values, *(stray for stray in strays if stray is not None))


def count_unread(table: pl.DataFrame) -> dict[str, int]:
    """Count the texts that could not be read, by column that has any.

    Parameters
    ----------
    table
        As `readable` returned it.
    """
    return {
        name.removesuffix(UNREAD): table[name].count()
        for name in table.columns
        if name.endswith(UNREAD)
    }


def _strays(raw: pl.Series, values: pl.Series, column: Column) -> pl.Series | None:
    """Return the texts that are there but were not read; None when there are none."""
    if column.value_type == "string" or values.null_count() == raw.null_count():
        return None
    rows = (values.is_null() & raw.is_not_null()).arg_true()
    text = as_text(raw.gather(rows))
    strange = text.is_not_null() & ~text.is_in(list(missing_tokens_of(column)))
    if numbers := missing_numbers_of(column):
        strange &= ~read_numbers(text).is_in(list(numbers)).fill_null(False)
    if not strange.any():
        return None
    strays = pl.Series(column.name + UNREAD, [None], dtype=pl.String).new_from_index(0, len(raw))
    return strays.scatter(rows.filter(strange), text.filter(strange))
