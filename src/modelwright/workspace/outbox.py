"""The outbox: messages about alarms until somebody has taken them."""

import sqlite3
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec

from modelwright.workspace.alarm import Alarm
from modelwright.workspace.database import explained, transaction

OUTBOX_TABLES = """
CREATE TABLE IF NOT EXISTS messages (
    number INTEGER PRIMARY KEY, channel TEXT NOT NULL, made_at TEXT NOT NULL, alarms BLOB NOT NULL,
    tries INTEGER NOT NULL DEFAULT 0, next_at TEXT NOT NULL, sent_at TEXT,
    error TEXT NOT NULL DEFAULT ''
);
CREATE INDEX IF NOT EXISTS messages_waiting ON messages (next_at) WHERE sent_at IS NULL;
"""
KEPT = timedelta(days=3)
"""So long it is tried to send a message; later its alarm is still in the list."""

_LEASE = timedelta(minutes=2)
"""So long nobody else sends a message that was taken, also when its sender was killed."""
_FIRST_PAUSE, _LONGEST_PAUSE = timedelta(minutes=1), timedelta(hours=12)
_FIELDS = "number, channel, made_at, alarms, tries, error"


class Waiting(msgspec.Struct, frozen=True, kw_only=True):
    """A message that nobody has taken yet.

    Parameters
    ----------
    number
        Names it.
    channel
        The way that it shall go.
    made_at
        When, in UTC.
    alarms
        As they were then.
    tries
        How often it was tried in vain.
    error
        What was said the last time.
    """

    number: int
    channel: str
    made_at: datetime
    alarms: tuple[Alarm, ...]
    tries: int = 0
    error: str = ""

    @property
    def id(self) -> str:
        """The same whenever it is sent again, and another one in each workspace."""
        return f"{self.made_at:%Y%m%d%H%M%S%f}-{self.number}"


class Outbox:
    """The messages of a logbook, whose file it shares; see `Logbook.outbox`."""

    def __init__(self, connection: sqlite3.Connection, path: Path) -> None:
        self._connection = connection
        self._path = path

    def put(self, alarms: Sequence[Alarm], channels: Sequence[str], *, at: datetime) -> None:
        """Put a message about alarms in, one for each channel, in the caller's transaction."""
        if not alarms:
            return
        moment, told = moment_text(at), msgspec.json.encode(alarms)
        self._connection.executemany(
            "INSERT INTO messages (channel, made_at, alarms, next_at) VALUES (?, ?, ?, ?)",
            [(channel, moment, told, moment) for channel in channels],
        )

    def take(self, now: datetime, *, without: Sequence[str] = ()) -> Waiting | None:
        """Return the next message that is due, and keep others from sending it for two minutes.

        Parameters
        ----------
        now
            In UTC.
        without
            Channels that are left out.
        """
        marks = ", ".join("?" for _ in without)
        with transaction(self._connection, self._path):
            row = self._connection.execute(
                f"SELECT {_FIELDS} FROM messages WHERE sent_at IS NULL AND next_at <= ? "
                f"AND made_at >= ? AND channel NOT IN ({marks}) ORDER BY number LIMIT 1",
                (moment_text(now), moment_text(now - KEPT), *without),
            ).fetchone()
            if row is None:
                return None
            self._set(row[0], "next_at = ?", moment_text(now + _LEASE))
        return _waiting(row)

    def sent(self, message: Waiting, *, at: datetime) -> None:
        """Write down that a message was taken."""
        with explained(self._path):
            self._set(message.number, "sent_at = ?, error = ''", moment_text(at))

    def failed(self, message: Waiting, error: str, *, at: datetime) -> None:
        """Write down why a message was not taken; it is due again after a pause that grows."""
        tries = message.tries + 1
        pause = min(_FIRST_PAUSE * 4 ** min(tries - 1, 9), _LONGEST_PAUSE)
        with explained(self._path):
            self._set(
                message.number,
                "tries = ?, error = ?, next_at = ?",
                tries,
                error,
                moment_text(at + pause),
            )

    def waiting(self) -> tuple[Waiting, ...]:
        """Return every message that nobody has taken, the oldest first."""
        with explained(self._path):
            rows = self._connection.execute(
                f"SELECT {_FIELDS} FROM messages WHERE sent_at IS NULL ORDER BY number"
            ).fetchall()
        return tuple(map(_waiting, rows))

    def _set(self, number: int, assignments: str, *values: str | int) -> None:
        self._connection.execute(
            f"UPDATE messages SET {assignments} WHERE number = ?", (*values, number)
        )


def moment_text(moment: datetime) -> str:
    """Return a moment in UTC so that the order of texts is that of moments.

    Examples
    --------
    >>> moment_text(datetime(2026, 3, 1, tzinfo=UTC))
    '2026-03-01T00:00:00.000000+00:00'
    """
    return moment.astimezone(UTC).isoformat(timespec="microseconds")


def _waiting(row: Any) -> Waiting:
    number, channel, made_at, alarms, tries, error = row
    return Waiting(
        number=number,
        channel=channel,
        made_at=datetime.fromisoformat(made_at),
        alarms=msgspec.json.decode(alarms, type=tuple[Alarm, ...]),
        tries=tries,
        error=error,
    )
