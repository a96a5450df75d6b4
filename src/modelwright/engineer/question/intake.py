"""The question's table: its training rows and its sealed holdout."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypedDict

import numpy as np
import polars as pl
from numpy.typing import NDArray

from modelwright.data.pieces.others import Others
from modelwright.data.prepare import prepare
from modelwright.data.sources.base import Deferred, Source
from modelwright.data.sources.databases import is_database
from modelwright.data.sources.open import open_source
from modelwright.data.splitting.splits import SealedRows, holdout_mask
from modelwright.documents import Brief, Plan, TableFacts
from modelwright.engineer.question.address import address_from_brief
from modelwright.engineer.question.beyond import Beyond
from modelwright.errors import BriefError, SourceError
from modelwright.tasks.targets import encode_target

_FEWEST_ROWS = 20

FRAME = "(a data frame)"
"""What a brief says when the table is in memory."""


@dataclass(frozen=True)
class Intake:
    """The table of a question, read once.

    Parameters
    ----------
    table
        As the source returned it.
    facts
        Where it came from and what it was.
    others
        Its rows that memory does not hold; None where all are in the table.
    memory_bytes
        What the process may take; 0 for as much as there is.
    """

    table: pl.DataFrame
    facts: TableFacts
    others: Others | None = None
    memory_bytes: int = 0


@dataclass(frozen=True)
class Parts:
    """A table that was split.

    Parameters
    ----------
    training
        Prepared rows to learn from.
    holdout
        Prepared rows that stay sealed.
    seal
        Names the holdout: the same rows of the same table have the same seal, whatever else the
        plan says.
    raw
        Returns the training rows as the source returned them; few ask for this copy.
    numbers : ndarray of shape (training rows,)
        Which row of the table each of them is, from 1.
    beyond
        The rows that memory does not hold; None where there are none.
    """

    training: pl.DataFrame
    holdout: SealedRows
    seal: str
    raw: Callable[[], pl.DataFrame]
    numbers: NDArray[np.intp]
    beyond: Beyond | None = None


def source_of(brief: Brief, data: object, *, folder: Path, planned_rows: int = 0) -> Source:
    """Return the source of the table: a frame that is given, else what the brief says.

    Parameters
    ----------
    brief, data, folder
        What is asked, of which frame if any, in which workspace.
    planned_rows
        Drawn for a plan of a table that memory does not hold; 0 for as many as the budget leaves
        time for.

    Raises
    ------
    BriefError
        When the brief was written for a frame, and none is given.
    """
    from modelwright.data.pieces.drawn import open_drawn, rows_in_time

    table, query = brief.table or None, brief.query or None
    if data is not None:
        return open_source(data, table=table, query=query, sample=brief.sample or None)
    if brief.data == FRAME:
        raise BriefError(
            "The table of this workspace was a data frame in memory.",
            "Give it again in Python: Project.open(folder, data=frame); or name a file as "
            "`data` in modelwright.toml.",
        )
    address = address_from_brief(brief.data, folder)
    if brief.work_bytes or (brief.sample and not is_database(address)):
        return open_drawn(
            address,
            table=table,
            query=query,
            sample=brief.sample,
            memory_bytes=brief.work_bytes,
            enough=planned_rows or rows_in_time(brief.budget_s),
        )
    return open_source(address, table=table, query=query, sample=brief.sample or None)


def read_table(source: Source) -> Intake:
    """Read the table of a question.

    Raises
    ------
    SourceError
        When it cannot be read.
    """
    from modelwright.data.pieces.drawn import Drawn

    table = source.read()
    facts = TableFacts(
        address=source.address,
        rows=len(table),
        columns=table.width,
        fingerprint=fingerprint_of(table),
        facts=source.facts,
        decimal_commas=isinstance(source, Deferred) and source.decimal_commas,
        lines_around=isinstance(source, Deferred) and source.lines_around,
        encoding=source.encoding if isinstance(source, Deferred) else "utf-8",
    )
    if isinstance(source, Drawn):
        return Intake(table, facts, source.others, source.memory_bytes)
    return Intake(table, facts)


class Place(TypedDict, total=False):
    """Which rows of what kind of database were read."""

    database: str
    table: str
    query: str


def place_of(address: str, table: str, query: str) -> Place:
    """Return which rows of what kind of database these are; nothing for a file.

    Examples
    --------
    >>> place_of("postgresql://me@host/shop", "orders", "")
    {'database': 'postgresql', 'table': 'orders', 'query': ''}
    >>> place_of("orders.csv", "", "")
    {}
    """
    # What reads databases is needed only where there is one.
    from modelwright.data.sources.catalogue import family_of

    if not (table or query) or not is_database(address):
        return {}
    return Place(database=family_of(address), table=table, query=query)


def key_of(address: str, table: str) -> tuple[str, ...]:
    """Return the primary key that a database declares of a table; empty where nothing is known.

    Parameters
    ----------
    address
        With all that the database is reached by: the one that is printed may be less.
    table
        Empty for the only one.
    """
    from modelwright.data.sources.catalogue import read_primary_key

    if not is_database(address):
        return ()
    try:
        return read_primary_key(address, table)
    except SourceError:  # the rows were read: what the catalogue does not tell is not needed
        return ()


def require_rows(intake: Intake, target: str) -> None:
    """Raise when there are so few rows with an answer that none could be held back.

    Raises
    ------
    SourceError
        With their number.
    """
    table = intake.table
    if not len(table) or target not in table.columns:
        return
    rows = len(table) - table[target].null_count()
    if 0 < rows < _FEWEST_ROWS:
        noun = "row" if rows == 1 else "rows"
        raise SourceError(
            f"{intake.facts.address} has {rows} {noun} with a value of {target!r}, expected at "
            f"least {_FEWEST_ROWS}.",
            "Give more rows: most are learned from, and the others judge what was learned.",
        )


def fingerprint_of(table: pl.DataFrame) -> str:
    """Return a short text that differs when the names, the values or the order of rows do.

    Examples
    --------
    >>> table = pl.DataFrame({"a": [1, 2]})
    >>> fingerprint_of(table) == fingerprint_of(table.clone())
    True
    >>> fingerprint_of(table) == fingerprint_of(table.reverse())
    False
    """
    digest = hashlib.sha256(repr(table.columns).encode())
    digest.update(table.hash_rows(seed=0).to_numpy().tobytes())
    return digest.hexdigest()[:16]


def _as_it_is(table: pl.DataFrame) -> pl.DataFrame:
    return table


def split_table(
    intake: Intake,
    plan: Plan,
    *,
    on_open: Callable[[str], None],
    widen: Callable[[pl.DataFrame], pl.DataFrame] = _as_it_is,
) -> Parts:
    """Return the training rows, and the holdout sealed.

    Parameters
    ----------
    intake
        The table.
    plan
        Its schema and its split.
    on_open
        Called with the seal each time the holdout is opened.
    widen
        Adds the features of related tables to rows that memory does not hold.
    """
    frame = prepare(intake.table, plan.schema)
    truth = encode_target(frame[plan.target], plan.task)
    held = holdout_mask(frame, plan.split, truth)
    seal = _seal(intake.facts.fingerprint, held)
    rows = pl.Series(held)
    sealed = SealedRows(frame.filter(rows), on_open=lambda: on_open(seal))
    return Parts(
        training=frame.filter(~rows),
        holdout=sealed,
        seal=seal,
        raw=lambda: intake.table.filter(~rows),
        numbers=np.flatnonzero(~held) + 1,
        beyond=None
        if intake.others is None
        else Beyond.of(
            intake.others,
            frame,
            held,
            split=plan.split,
            schema=plan.schema,
            memory_bytes=intake.memory_bytes,
            widen=widen,
        ),
    )


def _seal(fingerprint: str, held: NDArray[np.bool_]) -> str:
    return hashlib.sha256(fingerprint.encode() + np.packbits(held).tobytes()).hexdigest()[:16]
