"""The logbook: what every judgement of the live model said, and the alarms about it."""

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Self

import msgspec

from modelwright.errors import InputError
from modelwright.workspace.alarm import Alarm, Sign, next_alarms
from modelwright.workspace.database import explained, open_database, transaction
from modelwright.workspace.outbox import OUTBOX_TABLES, Outbox, moment_text

LOGBOOK = "logbook.db"
SAME_WITHIN = timedelta(days=1)
"""A trouble that is back so soon after it was gone is the same one: it is not told again."""

_TABLES = """
CREATE TABLE IF NOT EXISTS judgements (
    number INTEGER PRIMARY KEY, at TEXT NOT NULL, document BLOB NOT NULL
);
CREATE TABLE IF NOT EXISTS alarms (
    number INTEGER PRIMARY KEY, last_at TEXT NOT NULL, is_closed INTEGER NOT NULL,
    document BLOB NOT NULL
);
CREATE INDEX IF NOT EXISTS alarms_live ON alarms (is_closed, last_at);
CREATE TABLE IF NOT EXISTS judged (version TEXT PRIMARY KEY, until INTEGER NOT NULL);
"""
_VERSION = 3
_NEWS = ("opened", "snooze ended", "grew worse")
"""Steps of an alarm that people are told of."""


class Logbook:
    """Judgements and alarms; open it with `Logbook.open` and close it, or use ``with``.

    Several processes may use one file: a judgement is written while a person acknowledges an alarm
    elsewhere. What a method has written stays written, whenever the process is killed afterwards.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> now = datetime(2026, 3, 1, tzinfo=UTC)
    >>> sign = Sign(kind="stuck values", columns=("amount",), sentence="'amount' is always 7.")
    >>> with TemporaryDirectory() as folder, Logbook.open(Path(folder, "logbook.db")) as logbook:
    ...     first = logbook.record(b"{}", [sign], at=now)
    ...     again = logbook.record(b"{}", [sign], at=now + timedelta(hours=1))
    ...     logbook.acknowledge(1, by="Ann", note="the sensor is replaced", at=now).state
    ...     [alarm.times_seen for alarm in logbook.alarms()], len(first), len(again)
    'acknowledged'
    ([2], 1, 0)
    """

    def __init__(self, connection: sqlite3.Connection, path: Path) -> None:
        self._connection = connection
        self._path = path
        self.outbox = Outbox(connection, path)

    @classmethod
    def open(cls, path: Path) -> Self:
        """Open a logbook, or begin one.

        Raises
        ------
        WorkspaceError
            When the file is damaged, cannot be written, or was made by a newer modelwright.
        """
        return cls(open_database(path, tables=_TABLES + OUTBOX_TABLES, version=_VERSION), path)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the file."""
        self._connection.close()

    def record(
        self,
        document: bytes,
        signs: Sequence[Sign] | None,
        *,
        at: datetime,
        bundle_hash: str = "",
        tell: Sequence[str] = (),
        judged_until: int | None = None,
    ) -> tuple[Alarm, ...]:
        """Write a judgement down, and what it means for the alarms: all or nothing.

        Parameters
        ----------
        document
            What it said, as JSON.
        signs
            The troubles that it found; alarms about others are closed. None when it could judge
            nothing, so that alarms stay as they are.
        at
            When it was made.
        bundle_hash
            The model.
        tell
            Names of channels, for each of which a message is put into the `outbox`.
        judged_until
            The end of the window of the ledger, in microseconds since 1970, from where the next one
            begins; None for rows from elsewhere.

        Returns
        -------
        tuple of Alarm
            Those to tell people of: new ones, and those whose snooze has ended.
        """
        at = at.astimezone(UTC)
        with self._writing():
            self._connection.execute(
                "INSERT INTO judgements (at, document) VALUES (?, ?)", (moment_text(at), document)
            )
            if judged_until is not None:
                self._connection.execute(
                    "INSERT OR REPLACE INTO judged (version, until) VALUES (?, ?)",
                    (bundle_hash, judged_until),
                )
            if signs is None:
                return ()
            return self._learn(
                self._recent(at - SAME_WITHIN), signs, at=at, bundle_hash=bundle_hash, tell=tell
            )

    def raise_alarm(
        self, sign: Sign, *, at: datetime, tell: Sequence[str] = ()
    ) -> tuple[Alarm, ...]:
        """Write down a trouble that hinders judgements; the next judgement closes its alarm.

        Parameters
        ----------
        sign, at, tell
            As in `record`.
        """
        with self._writing():
            known = [each for each in self._recent(at - SAME_WITHIN) if each.is_about(sign)]
            return self._learn(known, [sign], at=at.astimezone(UTC), tell=tell)

    def judged_until(self, version: str) -> int | None:
        """Return the end of the last window judged of what a bundle answered; None for none."""
        rows = self._read("SELECT until FROM judged WHERE version = ?", version)
        return int(rows[0][0]) if rows else None

    def judgements(self, *, last: int | None = None) -> tuple[bytes, ...]:
        """Return what judgements said, the oldest first.

        Parameters
        ----------
        last
            Only so many, the latest.
        """
        limit = -1 if last is None else last
        rows = self._read("SELECT document FROM judgements ORDER BY number DESC LIMIT ?", limit)
        return tuple(document for (document,) in reversed(rows))

    def rewrite(self, change: Callable[[bytes], bytes]) -> None:
        """Change what judgements said, and leave no trace of what it was in the file.

        Parameters
        ----------
        change
            From a document to what it shall be; most stay as they are.
        """
        with self._writing():
            rows = self._connection.execute("SELECT number, document FROM judgements").fetchall()
            changed = [(new, number) for number, old in rows if (new := change(old)) != old]
            self._connection.executemany(
                "UPDATE judgements SET document = ? WHERE number = ?", changed
            )
        if changed:
            with explained(self._path):
                self._connection.execute("VACUUM")
                self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def alarms(self, *, closed: bool = False) -> tuple[Alarm, ...]:
        """Return the alarms in the order of their numbers.

        Parameters
        ----------
        closed
            Whether those that are gone are among them.
        """
        rows = self._read(
            "SELECT document FROM alarms WHERE is_closed <= ? ORDER BY number", int(closed)
        )
        return tuple(map(_alarm, rows))

    def alarm(self, number: int) -> Alarm:
        """Return one alarm.

        Raises
        ------
        InputError
            When there is none of this number.
        """
        rows = self._read("SELECT document FROM alarms WHERE number = ?", number)
        if not rows:
            live = ", ".join(str(each.number) for each in self.alarms()) or "none"
            raise InputError(f"There is no alarm {number}.", f"Alarms that are not closed: {live}.")
        return _alarm(rows[0])

    def acknowledge(self, number: int, *, by: str, note: str = "", at: datetime) -> Alarm:
        """Write down that a person knows of an alarm, and return it.

        Raises
        ------
        InputError
            When there is no such alarm, it is closed, or nobody is named.
        """
        return self._change(number, lambda alarm: alarm.acknowledge(by, note=note, at=at))

    def snooze(
        self, number: int, until: datetime, *, by: str, note: str = "", at: datetime
    ) -> Alarm:
        """Write down that a person wants silence about an alarm until a moment, and return it.

        Raises
        ------
        InputError
            When there is no such alarm, it is closed, nobody is named, or the moment has passed.
        """
        return self._change(number, lambda alarm: alarm.snooze(until, by=by, note=note, at=at))

    def _learn(
        self,
        known: Sequence[Alarm],
        signs: Sequence[Sign],
        *,
        at: datetime,
        tell: Sequence[str],
        bundle_hash: str = "",
    ) -> tuple[Alarm, ...]:
        """Write what signs mean for known alarms, and return those to tell people of."""
        changed = next_alarms(
            known,
            signs,
            at=at,
            free_number=self._free_number(),
            same_within=SAME_WITHIN,
            bundle_hash=bundle_hash,
        )
        for alarm in changed:
            self._write(alarm)
        steps = {alarm.number: alarm.steps for alarm in known}
        news = tuple(
            alarm
            for alarm in changed
            if alarm.steps != steps.get(alarm.number) and alarm.steps[-1].what in _NEWS
        )
        self.outbox.put(news, tell, at=at)
        return news

    def _change(self, number: int, change: Callable[[Alarm], Alarm]) -> Alarm:
        with self._writing():
            changed = change(self.alarm(number))
            self._write(changed)
        return changed

    def _recent(self, since: datetime) -> tuple[Alarm, ...]:
        rows = self._read(
            "SELECT document FROM alarms WHERE NOT is_closed OR last_at >= ? ORDER BY number",
            moment_text(since),
        )
        return tuple(map(_alarm, rows))

    def _free_number(self) -> int:
        ((last,),) = self._read("SELECT coalesce(max(number), 0) FROM alarms")
        return int(last) + 1

    def _write(self, alarm: Alarm) -> None:
        last_at = moment_text(alarm.steps[-1].at)
        self._connection.execute(
            "INSERT OR REPLACE INTO alarms (number, last_at, is_closed, document) "
            "VALUES (?, ?, ?, ?)",
            (alarm.number, last_at, alarm.state == "closed", msgspec.json.encode(alarm)),
        )

    @contextmanager
    def _writing(self) -> Iterator[None]:
        with transaction(self._connection, self._path):
            yield

    def _read(self, statement: str, *values: str | int) -> list[tuple[bytes]]:
        with explained(self._path):
            return self._connection.execute(statement, values).fetchall()


def _alarm(row: tuple[bytes]) -> Alarm:
    return msgspec.json.decode(row[0], type=Alarm)
