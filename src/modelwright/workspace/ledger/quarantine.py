"""Rows that are set aside: kept with the reason, and left out wherever rows are judged."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import islice

import msgspec

from modelwright.workspace.ledger.store import Store

_PAGE_ROWS = 1000
_COLUMNS = ("id", "at", "why")

NOT_SET_ASIDE = "NOT EXISTS (SELECT 1 FROM quarantine WHERE quarantine.id = {table}.id)"
"""The condition that a row of a table with ids is judged."""


class SetAside(msgspec.Struct, frozen=True, kw_only=True):
    """An answer that is not judged.

    Parameters
    ----------
    id
        Of the answer.
    at
        When it was set aside, in microseconds since 1970 in UTC.
    why
        The reason.
    """

    id: str
    at: int
    why: str


def set_aside(store: Store, reasons: Mapping[str, str], at: int) -> int:
    """Set answers aside; return how many were not aside before: the first reason stays.

    An id that no answer has is passed over.

    Parameters
    ----------
    store
        The ledger.
    reasons
        By the id of an answer.
    at
        Now, in microseconds since 1970 in UTC.
    """
    new, remaining = 0, iter(reasons.items())
    while page := [(name, at, why) for name, why in islice(remaining, _PAGE_ROWS)]:
        known = _answered(store, [name for name, *_ in page])
        with store.writing() as writing:
            new += writing.insert("quarantine", _COLUMNS, [row for row in page if row[0] in known])
    return new


def without_answer(store: Store, ids: Iterable[str]) -> tuple[str, ...]:
    """Return the ids that no answer has, or none yet."""
    found: list[str] = []
    remaining = iter(ids)
    while page := list(islice(remaining, _PAGE_ROWS)):
        known = _answered(store, page)
        found.extend(name for name in page if name not in known)
    return tuple(found)


def _answered(store: Store, ids: Sequence[str]) -> frozenset[str]:
    values, places = _bound(ids)
    found = store.rows(f"SELECT DISTINCT id FROM predictions WHERE id IN ({places})", values)
    return frozenset(name for (name,) in found)


def _bound(ids: Sequence[str]) -> tuple[dict[str, str], str]:
    values = {f"id{place}": identifier for place, identifier in enumerate(ids)}
    return values, ", ".join(f":{name}" for name in values)


def let_back(store: Store, ids: Iterable[str]) -> int:
    """Judge answers again; return how many were aside."""
    back, remaining = 0, iter(ids)
    while page := list(islice(remaining, _PAGE_ROWS)):
        values, places = _bound(page)
        with store.writing() as writing:
            back += writing.change(f"DELETE FROM quarantine WHERE id IN ({places})", values)
    return back


def read_set_aside(store: Store) -> tuple[SetAside, ...]:
    """Return what is aside, the earliest first."""
    rows = store.rows("SELECT id, at, why FROM quarantine ORDER BY at, id", {})
    return tuple(SetAside(**dict(zip(_COLUMNS, row, strict=True))) for row in rows)
