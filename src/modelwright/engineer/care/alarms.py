"""The alarms of a workspace: what judgements of the live model said, and what people answered."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import msgspec

from modelwright.documents import Health
from modelwright.maintain.signs import signs_of
from modelwright.workspace.alarm import Alarm, Sign
from modelwright.workspace.folder import Workspace
from modelwright.workspace.logbook import LOGBOOK, Logbook


@dataclass(frozen=True)
class Alarms:
    """The alarms of a workspace; no lock is needed, also while `maintain` is at work.

    Parameters
    ----------
    workspace
        The folder.
    clock
        Tells the time, with its zone.

    Examples
    --------
    >>> from datetime import UTC
    >>> from pathlib import Path
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     workspace = Workspace.create(Path(folder, "orders-model"))
    ...     alarms = Alarms(workspace, lambda: datetime.now(UTC))
    ...     alarms.all(), alarms.health()
    ((), ())
    """

    workspace: Workspace
    clock: Callable[[], datetime]

    def all(self, *, closed: bool = False) -> tuple[Alarm, ...]:
        """Return the alarms in the order of their numbers.

        Parameters
        ----------
        closed
            Whether those whose trouble is gone are among them.
        """
        with self._logbook() as logbook:
            return logbook.alarms(closed=closed)

    def acknowledged(self) -> frozenset[tuple[str, tuple[str, ...]]]:
        """Return the kind and the columns of those that people know of."""
        known = (each for each in self.all() if each.state == "acknowledged")
        return frozenset((each.kind, each.columns) for each in known)

    def health(self, *, last: int | None = None) -> tuple[Health, ...]:
        """Return what every judgement of the live model said, the oldest first.

        Parameters
        ----------
        last
            Only so many, the latest.
        """
        with self._logbook() as logbook:
            documents = logbook.judgements(last=last)
        return tuple(msgspec.json.decode(each, type=Health) for each in documents)

    def acknowledge(self, number: int, *, by: str, note: str = "") -> Alarm:
        """Say that a person knows of an alarm; it closes when its trouble is gone.

        Parameters
        ----------
        number
            Of the alarm.
        by
            The person.
        note
            What to remember.

        Raises
        ------
        InputError
            When there is no such alarm, it is closed, or nobody is named.
        """
        with self._logbook() as logbook:
            return logbook.acknowledge(number, by=by, note=note, at=self.clock())

    def snooze(self, number: int, until: datetime | timedelta, *, by: str, note: str = "") -> Alarm:
        """Be silent about an alarm for a while; when its trouble is seen later, it is told again.

        Parameters
        ----------
        number
            Of the alarm.
        until
            The end of the silence, with its time zone, or its length.
        by, note
            As in `acknowledge`.

        Raises
        ------
        InputError
            When there is no such alarm, it is closed, nobody is named, or the moment has passed.
        """
        now = self.clock()
        end = now + until if isinstance(until, timedelta) else until
        with self._logbook() as logbook:
            return logbook.snooze(number, end, by=by, note=note, at=now)

    def raise_one(self, sign: Sign, *, tell: Sequence[str] = ()) -> tuple[Alarm, ...]:
        """Raise an alarm that no judgement found; the next judgement closes it."""
        with self._logbook() as logbook:
            return logbook.raise_alarm(sign, at=self.clock(), tell=tell)

    def record(
        self, health: Health, *, tell: Sequence[str] = (), judged_until: int | None = None
    ) -> tuple[Alarm, ...]:
        """Keep what a judgement said, and return the alarms that people should hear of.

        Parameters
        ----------
        health
            What it said.
        tell
            Channels, for each of which a message about these alarms is put into the outbox.
        judged_until
            The end of its window in the ledger; None when it judged other rows.
        """
        with self._logbook() as logbook:
            return logbook.record(
                msgspec.json.encode(health),
                signs_of(health),
                at=self.clock(),
                bundle_hash=health.bundle_hash,
                tell=tell,
                judged_until=judged_until,
            )

    def _logbook(self) -> Logbook:
        return Logbook.open(self.workspace.path / LOGBOOK)
