"""The order in which a database gives its rows, and the row after which it begins."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Self

import polars as pl

from modelwright.data.sources.quoting import quoted
from modelwright.errors import SourceError, nearest


@dataclass(frozen=True)
class Order:
    """The order of rows.

    Parameters
    ----------
    key
        The column that they are ordered by; empty for any order.
    after
        Only rows whose key is greater; None for all.
    """

    key: str = ""
    after: int | str | None = None

    def arranged(
        self,
        statement: str,
        *,
        literal: Callable[[str], str],
        quote: Callable[[str], str] = quoted,
        nulls_last: bool,
    ) -> str:
        """Return a SELECT of the same rows in this order.

        Parameters
        ----------
        statement
            One SELECT.
        literal, quote, nulls_last
            As for `clauses`.

        Examples
        --------
        >>> Order("id", 7).arranged("SELECT 1 AS id", literal=repr, nulls_last=False)
        'SELECT * FROM (\\nSELECT 1 AS id\\n) AS unordered WHERE "id" > 7 ORDER BY "id"'
        """
        if not self.key:
            return statement
        end = self.clauses(literal=literal, quote=quote, nulls_last=nulls_last)
        return f"SELECT * FROM (\n{statement}\n) AS unordered{end}"

    def clauses(
        self,
        *,
        literal: Callable[[str], str],
        quote: Callable[[str], str] = quoted,
        nulls_last: bool,
    ) -> str:
        """Return what ends a SELECT that has these rows in this order.

        Parameters
        ----------
        literal
            Writes a text as a literal of the dialect.
        quote
            Writes a name as one.
        nulls_last
            Where the database puts rows without a key.
        """
        if not self.key:
            return ""
        name, where = quote(self.key), ""
        if self.after is not None:
            given = self.after if isinstance(self.after, int) else literal(self.after)
            where = f" WHERE {name} > {given}" + f" OR {name} IS NULL" * nulls_last
        return f"{where} ORDER BY {name}"

    def following(self, frame: pl.DataFrame) -> Self:
        """Return the order of the rows behind the last one of a frame.

        Examples
        --------
        >>> Order("id").following(pl.DataFrame({"id": [3, 7]}))
        Order(key='id', after=7)
        """
        last = frame[self.key].tail(1)
        if not last.dtype.is_integer():
            last = last.cast(pl.String)
        return replace(self, after=last.item() if len(last) else self.after)

    def check(self, names: list[str], shown: str) -> None:
        """Raise when there is no such column.

        Raises
        ------
        SourceError
            With the nearest name.
        """
        if self.key and self.key not in names:
            raise SourceError(f"{shown} has no column {self.key!r}.", nearest(self.key, names))
