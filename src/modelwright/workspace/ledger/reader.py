"""What can be asked of a ledger: answers with their labels, and counts of them."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import msgspec

from modelwright.workspace.ledger.flow import LastAnswer, count_by_hour, last_answer
from modelwright.workspace.ledger.imported import imported_at
from modelwright.workspace.ledger.pairs import AloneRow, AnsweredRow, read_alone, read_answered
from modelwright.workspace.ledger.quarantine import (
    NOT_SET_ASIDE,
    SetAside,
    read_set_aside,
    without_answer,
)
from modelwright.workspace.ledger.rows import ANSWERED, Gap, LoggedPrediction, Role, Truth
from modelwright.workspace.ledger.store import Store
from modelwright.workspace.ledger.summary import (
    Summary,
    count_answers,
    count_window,
    end_of,
    first_of,
    summarise,
)
from modelwright.workspace.ledger.tables import PREDICTIONS
from modelwright.workspace.ledger.upkeep import Found, find_ids

_PAGE = """
SELECT number, {columns}, (
    SELECT label FROM labels WHERE labels.id = predictions.id ORDER BY at DESC, number DESC LIMIT 1
)
FROM predictions
WHERE (at, number) > (:at, :number) AND at < :until AND {judged}{only}
ORDER BY at, number LIMIT :limit
"""
_JUDGED = NOT_SET_ASIDE.format(table="predictions")
_LAST = 2**63 - 1
_LABELLED = """
SELECT number, {columns}, (
    SELECT label FROM labels WHERE labels.id = predictions.id ORDER BY at DESC, number DESC LIMIT 1
)
FROM predictions
WHERE at < :until{only} AND EXISTS (SELECT 1 FROM labels WHERE labels.id = predictions.id)
ORDER BY at DESC, number DESC LIMIT :limit
"""
_PAGE_ROWS = 1000


class LedgerReader:
    """What can be asked of a ledger, while others write; a `Ledger` is one.

    Parameters
    ----------
    store
        Where it is kept.
    """

    def __init__(self, store: Store) -> None:
        self._store = store

    def check(self) -> None:
        """Ask the database for nothing.

        Raises
        ------
        WorkspaceError
            When it does not answer, or refuses the user or the password.
        """
        self._store.rows("SELECT 1", {})

    def gaps(self) -> tuple[Gap, ...]:
        """Return what is missing, oldest first."""
        rows = self._store.rows(
            f"SELECT {', '.join(Gap.__struct_fields__)} FROM gaps ORDER BY at, number", {}
        )
        return tuple(Gap(**dict(zip(Gap.__struct_fields__, row, strict=True))) for row in rows)

    def count_window(
        self, version: str, *, since: int | None = None, until: int | None = None
    ) -> tuple[int, int, int]:
        """Return how many answers of a bundle clients got, with their row, and set aside.

        Parameters
        ----------
        version
            The bundle's hash.
        since, until
            As for `read_window`.
        """
        return count_window(self._store, version=version, since=since, until=until)

    def label_history(self, identifier: str) -> tuple[tuple[int, Truth], ...]:
        """Return every label that a prediction had, oldest first, with its time."""
        rows = self._store.rows(
            "SELECT at, label FROM labels WHERE id = :id ORDER BY at, number", {"id": identifier}
        )
        return tuple((at, msgspec.json.decode(label)) for at, label in rows)

    def read_window(
        self,
        since: int | None = None,
        until: int | None = None,
        *,
        version: str | None = None,
        roles: Sequence[Role] = ANSWERED,
        limit: int | None = None,
    ) -> Iterator[LoggedPrediction]:
        """Read predictions in the order of their time, page by page, while others write.

        Those that are set aside are left out.

        Parameters
        ----------
        since
            The first moment, in microseconds since 1970 in UTC; by default the beginning.
        until
            The moment after the last; by default no end.
        version
            Only answers of this bundle.
        roles
            Only answers in these roles; by default those that clients got.
        limit
            At most so many, the earliest.
        """
        only, wanted = _only(version, roles)
        statement = _PAGE.format(columns=", ".join(PREDICTIONS), judged=_JUDGED, only=only)
        wanted["until"] = end_of(until)
        remaining = _LAST if limit is None else limit
        # A number is never negative, so this is just before the first row of `since`.
        at, number = first_of(since), -1
        while remaining > 0:
            size = min(remaining, _PAGE_ROWS)
            page = self._store.rows(
                statement, {**wanted, "at": at, "number": number, "limit": size}
            )
            yield from (_logged(row) for row in page)
            if len(page) < size:
                return
            number, _, at, *_ = page[-1]
            remaining -= size

    def read_labelled(self, until: int, *, version: str, limit: int) -> list[LoggedPrediction]:
        """Return the latest predictions before a moment whose labels have come, the oldest first.

        Parameters
        ----------
        until
            The moment, in microseconds since 1970 in UTC.
        version
            The bundle that answered clients.
        limit
            At most so many.
        """
        only, wanted = _only(version, ANSWERED)
        statement = _LABELLED.format(columns=", ".join(PREDICTIONS), only=only)
        rows = self._store.rows(statement, {**wanted, "until": until, "limit": limit})
        return [_logged(row) for row in reversed(rows)]

    def read_alone(self, version: str, *, after: tuple[int, int], limit: int) -> list[AloneRow]:
        """Return rows that clients asked and a challenger has not answered yet.

        Parameters
        ----------
        version
            The challenger's hash.
        after
            The moment, in microseconds since 1970 in UTC, and the number of the row before the
            first one.
        limit
            At most so many, the earliest.
        """
        return read_alone(self._store, version, after=after, limit=limit)

    def read_answered(
        self, champion: str, challenger: str, *, since: int = 0
    ) -> Iterator[AnsweredRow]:
        """Read what clients asked of both, with what the challenger said in the shadow.

        Parameters
        ----------
        champion, challenger
            Their hashes.
        since
            The first moment, in microseconds since 1970 in UTC.
        """
        return read_answered(self._store, champion, challenger, since=since)

    def read_set_aside(self) -> tuple[SetAside, ...]:
        """Return what is aside and why, the earliest first."""
        return read_set_aside(self._store)

    def without_answer(self, ids: Iterable[str]) -> tuple[str, ...]:
        """Return the ids that no answer has, or none yet: a server's spool is not in the ledger."""
        return without_answer(self._store, ids)

    def imported_at(self, ids: Iterable[str]) -> dict[str, int]:
        """Return when answers of another system's log were given, in microseconds since 1970."""
        return imported_at(self._store, ids)

    def find(self, where: Mapping[str, str]) -> Found:
        """Find the answers to rows that have all of these values, written as text."""
        return find_ids(self._store, where)

    def summary(self) -> Summary:
        """Return what is in the ledger, and how late labels come."""
        return summarise(self._store)

    def answered(self, since: int) -> dict[tuple[str, str], int]:
        """Return how many answers each bundle gave in each role.

        Parameters
        ----------
        since
            From this moment on, in microseconds since 1970 in UTC.
        """
        return count_answers(self._store, since)

    def count_by_hour(self, first: int, end: int) -> dict[int, int]:
        """Return how many answers clients got in each hour since 1970 that had any.

        Parameters
        ----------
        first, end
            The first hour, and the one after the last.
        """
        return count_by_hour(self._store, first, end)

    def last_answer(self, *, until: int) -> LastAnswer | None:
        """Return the last answer before a moment, in microseconds since 1970 in UTC, if any."""
        return last_answer(self._store, until)

    def count(self) -> int:
        """Return the number of predictions, of all roles."""
        ((count,),) = self._store.rows("SELECT count(*) FROM predictions", {})
        return int(count)


def _only(version: str | None, roles: Sequence[Role]) -> tuple[str, dict[str, Any]]:
    names = {f"role{number}": role for number, role in enumerate(roles)}
    places = ", ".join(f":{name}" for name in names)
    only = f" AND role IN ({places})" if roles else " AND 1 = 0"
    if version is None:
        return only, dict(names)
    return f"{only} AND version = :version", {**names, "version": version}


def _logged(row: Sequence[Any]) -> LoggedPrediction:
    _, *values, label = row
    fields = dict(zip(PREDICTIONS, values, strict=True))
    inputs = fields.pop("inputs")
    return LoggedPrediction(
        inputs=None if inputs is None else msgspec.json.decode(inputs),
        output=msgspec.json.decode(fields.pop("output")),
        label=None if label is None else msgspec.json.decode(label),
        **fields,
    )
