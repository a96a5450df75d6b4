"""What happened in a workspace: events, runs, and every opening of the holdout."""

import os
import sqlite3
import threading
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Self

import msgspec
import numpy as np

from modelwright.errors import WorkspaceError
from modelwright.workspace.database import explained, open_database

JOURNAL = "journal.db"
"""Its file in a workspace."""

Clock = Callable[[], datetime]
"""Tells the time, with its time zone."""

_TABLES = """
CREATE TABLE IF NOT EXISTS events (
    id INTEGER PRIMARY KEY, at TEXT NOT NULL, kind TEXT NOT NULL, facts TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS openings (
    id INTEGER PRIMARY KEY, at TEXT NOT NULL, candidate TEXT NOT NULL, holdout TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS runs (
    id INTEGER PRIMARY KEY, command TEXT NOT NULL, pid INTEGER NOT NULL,
    started TEXT NOT NULL, ended TEXT, exit_code INTEGER
);
"""


class Event(msgspec.Struct, frozen=True, kw_only=True):
    """Something that happened: when, of which kind, with its facts."""

    at: datetime
    kind: str
    facts: dict[str, Any]


class Opening(msgspec.Struct, frozen=True, kw_only=True):
    """The holdout was opened for a candidate.

    Parameters
    ----------
    at
        When.
    candidate
        The candidate that was scored.
    holdout
        The fingerprint of the holdout's rows; may be empty.
    """

    at: datetime
    candidate: str
    holdout: str


class Run(msgspec.Struct, frozen=True, kw_only=True):
    """One run of a command; it has no `ended` and no `exit_code` while it runs or when killed."""

    id: int
    command: str
    pid: int
    started: datetime
    ended: datetime | None
    exit_code: int | None


def utc_now() -> datetime:
    """Return the present moment in UTC."""
    return datetime.now(UTC)


class Journal:
    """The diary of a workspace; open it with `Journal.open` and close it, or use ``with``.

    What a method has written stays written, whenever the process is killed afterwards. All threads
    of a process may share one journal.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder, Journal.open(Path(folder, "journal.db")) as journal:
    ...     journal.record("trial", learner="linear", score=0.8)
    ...     journal.record_opening("candidate-1", holdout="ab12")
    ...     journal.events("trial")[0].facts, journal.count_openings("ab12")
    ({'learner': 'linear', 'score': 0.8}, 1)
    """

    def __init__(self, connection: sqlite3.Connection, path: Path, *, clock: Clock) -> None:
        self._connection = connection
        self._path = path
        self._clock = clock
        # Since Python 3.13 two threads inside one connection disturb each other.
        self._one_at_a_time = threading.Lock()

    @classmethod
    def open(cls, path: Path, *, clock: Clock = utc_now) -> Self:
        """Open a journal, or begin one.

        Raises
        ------
        WorkspaceError
            When the file is damaged, cannot be written, or was made by a newer modelwright.
        """
        connection = open_database(path, tables=_TABLES, version=1)
        try:
            _check_whole(connection, path)
        except WorkspaceError:
            connection.close()
            raise
        return cls(connection, path, clock=clock)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the file."""
        self._connection.close()

    def record(self, event: str, /, **facts: Any) -> None:
        """Write an event down.

        Parameters
        ----------
        event
            Its kind.
        facts
            What can be written as JSON; also paths and NumPy numbers.
        """
        encoded = msgspec.json.encode(facts, enc_hook=_plain).decode()
        self._write(
            "INSERT INTO events (at, kind, facts) VALUES (?, ?, ?)", self._now(), event, encoded
        )

    def events(self, kind: str | None = None) -> tuple[Event, ...]:
        """Return all events in their order, or those of one kind."""
        rows = self._read(
            "SELECT at, kind, facts FROM events WHERE :kind IS NULL OR kind = :kind ORDER BY id",
            kind=kind,
        )
        return tuple(
            Event(at=_moment(at), kind=kind, facts=msgspec.json.decode(facts))
            for at, kind, facts in rows
        )

    def record_opening(self, candidate_id: str, *, holdout: str = "") -> None:
        """Write down that the holdout is opened for a candidate; call it before opening.

        Parameters
        ----------
        candidate_id
            The candidate that will be scored.
        holdout
            The fingerprint of the holdout's rows, so that all candidates that saw them count.
        """
        self._write(
            "INSERT INTO openings (at, candidate, holdout) VALUES (?, ?, ?)",
            self._now(),
            candidate_id,
            holdout,
        )

    def openings(self) -> tuple[Opening, ...]:
        """Return every opening of the holdout in its order."""
        rows = self._read("SELECT at, candidate, holdout FROM openings ORDER BY id")
        return tuple(Opening(at=_moment(at), candidate=c, holdout=h) for at, c, h in rows)

    def count_openings(self, fingerprint: str) -> int:
        """Return how often a holdout was opened, by its fingerprint or by that of a candidate."""
        ((count,),) = self._read(
            "SELECT count(*) FROM openings WHERE holdout = :hash OR candidate = :hash",
            hash=fingerprint,
        )
        return int(count)

    def start_run(self, command: str) -> int:
        """Write down that a command begins, without its passwords, and return the run's number."""
        return self._write(
            "INSERT INTO runs (command, pid, started) VALUES (?, ?, ?)",
            command,
            os.getpid(),
            self._now(),
        )

    def end_run(self, run_id: int, *, exit_code: int) -> None:
        """Write down that a command has ended."""
        self._write(
            "UPDATE runs SET ended = ?, exit_code = ? WHERE id = ?", self._now(), exit_code, run_id
        )

    def runs(self) -> tuple[Run, ...]:
        """Return every run in its order; one without an end runs now or was killed."""
        rows = self._read(
            "SELECT id, command, pid, started, ended, exit_code FROM runs ORDER BY id"
        )
        return tuple(
            Run(
                id=number,
                command=command,
                pid=pid,
                started=_moment(started),
                ended=_moment(ended) if ended else None,
                exit_code=exit_code,
            )
            for number, command, pid, started, ended, exit_code in rows
        )

    def _now(self) -> str:
        return self._clock().astimezone(UTC).isoformat()

    def _write(self, statement: str, *values: str | int) -> int:
        with explained(self._path), self._one_at_a_time:
            return self._connection.execute(statement, values).lastrowid or 0

    def _read(self, statement: str, **values: str | None) -> list[Any]:
        with explained(self._path), self._one_at_a_time:
            return self._connection.execute(statement, values).fetchall()


def _check_whole(connection: sqlite3.Connection, path: Path) -> None:
    with explained(path):
        ((verdict,),) = connection.execute("PRAGMA quick_check(1)").fetchall()
    if verdict != "ok":
        raise WorkspaceError(
            f"{path} is damaged: {verdict}.",
            f"Move {path.name}* away, all files with this beginning; a new one is then begun.",
        )


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


def _plain(value: Any) -> Any:
    if isinstance(value, np.generic):
        return value.item()
    if isinstance(value, Path):
        return str(value)
    raise TypeError(f"{type(value).__name__} cannot be written as JSON")
