"""Related tables as a person names them and as they are read."""

from collections.abc import Sequence
from dataclasses import dataclass

import msgspec
import polars as pl

from modelwright.data.inference.infer import infer_schema
from modelwright.data.schema import Role, Schema
from modelwright.errors import BriefError, nearest


class RelatedSource(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A related table as the brief names it.

    Parameters
    ----------
    data
        A file, folder, glob or database URL.
    table, query
        Which rows of a database.
    key
        The columns that lead to it: ``"customer"`` where both tables call it so,
        ``"customer = id"`` where the question's table says customer and this one id. Found when
        it is left out.
    via
        Another related table through which this one belongs to the question's rows; the key then
        says how the two belong together. Found when it is left out.
    time
        The column that says when a row happened; found when it is left out.
    delay
        How long after its time a row is known, such as ``"2h"`` or ``"1d"``.
    static
        Whether rows never change, so that a table with many rows for each key can be used without
        a time.
    """

    data: str
    table: str = ""
    query: str = ""
    key: str | tuple[str, ...] = ()
    via: str = ""
    time: str = ""
    delay: str | float = ""
    static: bool = False

    @property
    def key_pairs(self) -> tuple[tuple[str, str], ...]:
        """The key's columns, of the question's table and of this one."""
        said = (self.key,) if isinstance(self.key, str) else self.key
        return tuple(_pair(each) for each in said if each)


@dataclass(frozen=True)
class RelatedTable:
    """A related table, read once.

    Parameters
    ----------
    name
        As the brief calls it.
    frame, schema
        As its source returned it, and what its columns hold.
    source
        What the brief says of it.
    delay_s
        How long after its time a row is known.
    """

    name: str
    frame: pl.DataFrame
    schema: Schema
    source: RelatedSource
    delay_s: float = 0.0

    @classmethod
    def of(
        cls, name: str, frame: pl.DataFrame, source: RelatedSource, *, delay_s: float = 0.0
    ) -> "RelatedTable":
        """Infer what the columns of a table hold."""
        whole = (source.time, *(their for _, their in source.key_pairs))
        return cls(name, frame, infer_schema(frame, whole=whole), source, delay_s)


@dataclass(frozen=True)
class Question:
    """The question's table, without its holdout.

    Parameters
    ----------
    frame, schema
        Raw rows, and what their columns hold.
    moment
        The column with the moment of prediction; empty where there is none.
    """

    frame: pl.DataFrame
    schema: Schema
    moment: str = ""


def require_column(name: str, known: Sequence[str], where: str) -> None:
    """Raise a BriefError where a table lacks a column that the brief names."""
    if name not in known:
        raise BriefError(f"{where} has no column {name!r}.", nearest(name, known))


def answers_in(question: Question, table: RelatedTable) -> set[str]:
    """Return the column that is called like the target, unless it is said when it is known."""
    targets = {column.name for column in question.schema.with_role(Role.TARGET)}
    return targets & set(table.schema.names) if not table.delay_s else set()


def _pair(said: str) -> tuple[str, str]:
    first, equal, second = said.partition("=")
    return (first.strip(), second.strip()) if equal else (said, said)
