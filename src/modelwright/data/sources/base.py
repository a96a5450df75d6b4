"""What a source is.

`open_source` finds the opener of an address by its suffix or scheme and calls it with the address
and the selection. The explore and maintain rooms then call `read` and quote `facts` to the person.

An opener may assume that the address has its suffix or scheme; nothing else, not even that the
file exists. It touches no data: it may look whether the file is there, the rest is left to `read`.
A source gives every column a unique, non-empty name and holds numbers, booleans, text, categories
or times; it never guesses what text means (that is inference) and drops no row but what
is none (blank lines, titles and totals of a report), which its facts tell. Whatever goes
wrong is a `SourceError`, or a `SchemaError` when a column is at fault, and no password appears in
`address`, `facts`, `repr` or a message.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Protocol

import polars as pl

from modelwright.data.sources.columns import settle
from modelwright.data.sources.selection import Selection


class Source(Protocol):
    """A table that can be read."""

    @property
    def address(self) -> str:
        """Where the table is, printable: any password is removed."""
        ...

    @property
    def facts(self) -> tuple[str, ...]:
        """What was detected while reading, as sentences; reads the table when that is needed."""
        ...

    def read(self) -> pl.DataFrame:
        """Return the whole table; the same rows each time, open the source again for newer ones."""
        ...


@dataclass(frozen=True)
class Reading:
    """What one reading brought.

    Parameters
    ----------
    frame
        The table.
    facts
        Sentences about how it was read.
    decimal_commas
        Whether commas in numbers were read as points.
    lines_around
        Whether titles above the names or totals below the rows were left out.
    encoding
        Of its text, as Python calls it.
    """

    frame: pl.DataFrame
    facts: tuple[str, ...] = ()
    decimal_commas: bool = False
    lines_around: bool = False
    encoding: str = "utf-8"


@dataclass(frozen=True)
class Deferred:
    """A source that reads once, when it is first asked.

    Parameters
    ----------
    address
        Printable, without a password.
    load
        Reads the table. Not shown by `repr`, because it may hold a password.

    Examples
    --------
    >>> source = Deferred("three rows", lambda: Reading(pl.DataFrame({"a": [1, 2, 3]})))
    >>> source.read().height
    3
    """

    address: str
    load: Callable[[], Reading] = field(repr=False)

    @property
    def facts(self) -> tuple[str, ...]:
        """What was detected while reading, as sentences."""
        return self._reading.facts

    @property
    def decimal_commas(self) -> bool:
        """Whether commas in numbers were read as points."""
        return self._reading.decimal_commas

    @property
    def lines_around(self) -> bool:
        """Whether titles above the names or totals below the rows were left out."""
        return self._reading.lines_around

    @property
    def encoding(self) -> str:
        """Of its text, as Python calls it."""
        return self._reading.encoding

    def read(self) -> pl.DataFrame:
        """Return the whole table."""
        return self._reading.frame

    @cached_property
    def _reading(self) -> Reading:
        reading = self.load()
        frame, facts = settle(reading.frame)
        return replace(reading, frame=frame, facts=(*reading.facts, *facts))


Opener = Callable[[str, Selection], Source]
"""Opens an address; the selection names a table or holds a query."""
