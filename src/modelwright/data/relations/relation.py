"""Which rows of a related table belong to a row of the question, and when they are known.

This module needs no data-frame library, because the server reads it too.
"""

from typing import Literal

import msgspec

from modelwright.data.schema import Schema

DAY_S = 86_400
Grain = Literal["exact", "day", "month"]
Shape = Literal["one-to-one", "one-to-many", "many-to-one", "many-to-many"]
GRAIN_S: dict[Grain, int] = {"exact": 0, "day": DAY_S, "month": 31 * DAY_S}
"""How long after its written time a row may still have happened: a date is any of its moments."""


class Timed(msgspec.Struct, frozen=True, kw_only=True):
    """When rows are known.

    Parameters
    ----------
    time
        The column that says when a row happened; empty for rows without one.
    grain
        What the time is exact to. A row dated with a day is known when that day is over.
    delay_s
        How many seconds after its time a row is known.
    """

    time: str = ""
    grain: Grain = "exact"
    delay_s: float = 0.0

    @property
    def lag_us(self) -> int:
        """How long before the moment a row must have happened, in microseconds."""
        return round((GRAIN_S[self.grain] + self.delay_s) * 1_000_000)

    @property
    def is_closed(self) -> bool:
        """Whether a row that happened exactly that long before counts: then its day is over."""
        return self.grain != "exact"

    def is_known(self, time: int, moment: int) -> bool:
        """Say whether a row of a time is known at a moment, both in microseconds."""
        horizon = moment - self.lag_us
        return time <= horizon if self.is_closed else time < horizon


class Step(Timed, frozen=True, kw_only=True):
    """A table between the question's and a related one.

    Each of its rows is joined with the related rows that belong to it, and these pairs are the
    related rows. Its columns are called ``table.column`` there. Its time, if it has one, is a
    further one by which a pair must be known: the other is the relation's.

    Parameters
    ----------
    table
        As the brief names it.
    columns, keys
        Its columns, and those of the related table that equal them.
    schema, theirs
        Its columns that are read, and the related table's keys.
    """

    table: str
    columns: tuple[str, ...]
    keys: tuple[str, ...]
    schema: Schema
    theirs: Schema

    def named(self, column: str) -> str:
        """Return what one of its columns is called beside the related table's."""
        return f"{self.table}.{column}"

    @property
    def names(self) -> dict[str, str]:
        """Its columns, by what they are called beside the related table's."""
        return {self.named(column): column for column in self.schema.names}


class Relation(Timed, frozen=True, kw_only=True):
    """A related table as rows of the question see it.

    A row of the table counts for a row of the question when the keys are equal and it was known
    strictly before the moment of prediction. Rows of the very same moment never count.

    Parameters
    ----------
    name
        Of the relation; features begin with it.
    table
        The related table, as the brief names it.
    columns, keys
        Columns of the question's table, and those of the related table that equal them.
    shape
        How many related rows a row has, and how many rows a related row has.
    moment
        The column of the question's table with the moment of prediction; empty where the table has
        no time.
    time, grain, delay_s
        When related rows are known; no time for a table without one.
    schema
        The related table's columns that features read: keys, time and values.
    through
        The table between, where the related one is two steps away.
    asked
        The columns of the question's table that it needs: keys and the moment.
    matched, used
        Fraction of the question's rows with any related row, and of related rows that belong to
        any row of the question.
    null_keys
        Fractions of rows without a key: the question's, the related table's.
    evidence
        Why it is believed, and what is to be known of it, as sentences.

    Examples
    --------
    >>> relation = Relation(name="orders", table="orders", columns=("id",), keys=("customer",),
    ...     schema=Schema(columns=()), asked=Schema(columns=()), time="at", moment="now")
    >>> relation.is_known(5, 5), relation.is_known(4, 5)
    (False, True)
    """

    name: str
    table: str
    columns: tuple[str, ...]
    keys: tuple[str, ...]
    schema: Schema
    asked: Schema
    shape: Shape = "one-to-many"
    moment: str = ""
    through: Step | None = None
    matched: float = 0.0
    used: float = 0.0
    null_keys: tuple[float, float] = (0.0, 0.0)
    evidence: tuple[str, ...] = ()

    @property
    def is_lookup(self) -> bool:
        """Whether a row has at most one related row."""
        return self.shape in ("one-to-one", "many-to-one")

    @property
    def reads(self) -> dict[str, Schema]:
        """The columns that are read of each table, by its name; the one between comes first."""
        step = self.through
        if step is None:
            return {self.table: self.schema}
        own = (*step.theirs, *(each for each in self.schema if each.name not in step.names))
        return {step.table: step.schema, self.table: Schema(columns=own)}

    @property
    def entry(self) -> tuple[str, tuple[str, ...]]:
        """The table that the question's columns lead to, and its columns that equal them."""
        step = self.through
        if step is None:
            return self.table, self.keys
        return step.table, tuple(step.names[key] for key in self.keys)

    def is_within(self, time: int, moment: int, window_s: int) -> bool:
        """Say whether a known row lies in the last so many seconds."""
        first = moment - self.lag_us - window_s * 1_000_000
        return time > first if self.is_closed else time >= first
