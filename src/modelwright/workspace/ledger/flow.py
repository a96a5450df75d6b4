"""How many answers a ledger has by hour, and which came last."""

import msgspec

from modelwright.workspace.ledger.rows import IMPORTED
from modelwright.workspace.ledger.store import Store

HOUR = 3_600_000_000
"""Microseconds."""
_BY_HOUR = """
SELECT at / :hour, count(*) FROM predictions
WHERE role <> 'shadow' AND at >= :since AND at < :until GROUP BY 1
"""
_LAST = """
SELECT at, host FROM predictions WHERE role <> 'shadow' AND at < :until ORDER BY at DESC LIMIT 1
"""


class LastAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """The last answer that clients got.

    Parameters
    ----------
    at
        When, in microseconds since 1970 in UTC.
    is_imported
        Whether it comes from the log of another system.
    """

    at: int
    is_imported: bool


def count_by_hour(store: Store, first: int, end: int) -> dict[int, int]:
    """Return how many answers clients got in each hour, counted from 1970; hours of none are left.

    Parameters
    ----------
    store
        The database.
    first, end
        The first hour, and the one after the last.
    """
    bounds = {"hour": HOUR, "since": first * HOUR, "until": end * HOUR}
    return {int(hour): int(count) for hour, count in store.rows(_BY_HOUR, bounds)}


def last_answer(store: Store, until: int) -> LastAnswer | None:
    """Return the last answer before a moment; None where there is none."""
    rows = store.rows(_LAST, {"until": until})
    return LastAnswer(at=int(rows[0][0]), is_imported=rows[0][1] == IMPORTED) if rows else None
