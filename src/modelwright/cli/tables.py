"""The argument DATA as a table."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import polars as pl


def read_table(data: str, *, table: str | None, query: str | None) -> "pl.DataFrame":
    """Read the table that DATA, `--table` and `--query` name.

    Raises
    ------
    SourceError
        When it cannot be read.
    """
    from modelwright.data.sources.open import open_source

    return open_source(data, table=table, query=query).read()
