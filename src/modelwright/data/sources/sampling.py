"""A random part of the rows of a database, and the sentence that says how many of how many."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Self

import numpy as np
from numpy.typing import NDArray

from modelwright.data.sources.base import Reading

_DRAWN = "drawn at random."


@dataclass(frozen=True)
class Drawing:
    """Which rows a database is asked for.

    Parameters
    ----------
    where
        The clause that leaves the others out; empty where all are wanted.
    of
        How many rows there are; None where nobody asked for a sample.
    """

    where: str = ""
    of: int | None = None

    @classmethod
    def of_statement(
        cls, statement: str, sample: int | None, *, count: Callable[[str], int], draw: str
    ) -> Self:
        """Count the rows in the database, and say how to draw about so many of them there.

        Parameters
        ----------
        statement
            One SELECT.
        sample
            At most about so many rows; None for all.
        count
            Runs a query of one number.
        draw
            A random number from 0 to 1 for each row, in the dialect of the database; the same
            numbers each time, so that a second reading brings the same rows.

        Examples
        --------
        >>> Drawing.of_statement("SELECT 1", 50, count=lambda query: 200, draw="random()")
        Drawing(where=' WHERE random() < 0.25', of=200)
        """
        if sample is None:
            return cls()
        rows = count(f"SELECT count(*) FROM (\n{statement}\n) AS counted")
        return cls(f" WHERE {draw} < {sample / rows!r}" if rows > sample else "", rows)

    def facts(self, read: int) -> tuple[str, ...]:
        """Return the sentence that states the sample.

        Examples
        --------
        >>> Drawing(" WHERE …", 200).facts(51)
        ('Read 51 of 200 rows, drawn at random.',)
        """
        if self.of is None:
            return ()
        if not self.where:
            return (f"Read all {self.of:,} rows: the sample allows as many.",)
        return (f"Read {read:,} of {self.of:,} rows, {_DRAWN}",)


def drawn(
    reading: Reading, sample: int | None, *, first: NDArray[np.bool_] | None = None
) -> Reading:
    """Return so many rows of a table that is read already, in their order.

    Parameters
    ----------
    reading
        The table.
    sample
        How many rows; None for all.
    first
        Rows that are drawn before any other; None where all are alike.

    Examples
    --------
    >>> import polars as pl
    >>> drawn(Reading(pl.DataFrame({"a": range(9)})), 3).facts
    ('Read 3 of 9 rows, drawn at random.',)
    """
    if sample is None:
        return reading
    frame, rows = reading.frame, reading.frame.height
    if rows > sample:
        frame = frame[_places(np.ones(rows, dtype=bool) if first is None else first, sample)]
    drawing = Drawing(" WHERE" if rows > sample else "", rows)
    return replace(reading, frame=frame, facts=(*reading.facts, *drawing.facts(frame.height)))


def _places(first: NDArray[np.bool_], sample: int) -> NDArray[np.intp]:
    random, left, chosen = np.random.default_rng(0), sample, []
    for places in (np.flatnonzero(first), np.flatnonzero(~first)):
        few = min(left, len(places))
        chosen.append(random.choice(places, few, replace=False))
        left -= few
    return np.sort(np.concatenate(chosen))


def is_drawn(facts: Iterable[str]) -> bool:
    """Say whether the facts of a source state that only some of its rows were read.

    Examples
    --------
    >>> is_drawn(Drawing(" WHERE …", 200).facts(51)), is_drawn(Drawing(of=200).facts(200))
    (True, False)
    """
    return any(fact.endswith(_DRAWN) for fact in facts)
