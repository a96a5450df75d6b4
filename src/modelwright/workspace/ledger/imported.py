"""Answers that came with the log of another system."""

from collections.abc import Iterable
from itertools import islice

from modelwright.workspace.ledger.rows import IMPORTED
from modelwright.workspace.ledger.store import Store

_PAGE_ROWS = 1000


def imported_at(store: Store, ids: Iterable[str]) -> dict[str, int]:
    """Return when answers were given, in microseconds since 1970; without those served here.

    Parameters
    ----------
    store
        Where the ledger is kept.
    ids
        Of the answers.
    """
    found, remaining = dict[str, int](), iter(ids)
    while page := list(islice(remaining, _PAGE_ROWS)):
        values = {f"id{place}": identifier for place, identifier in enumerate(page)}
        places = ", ".join(f":{name}" for name in values)
        found |= {
            str(name): int(at)
            for name, at in store.rows(
                f"SELECT id, at FROM predictions WHERE host = :host AND id IN ({places})",
                {**values, "host": IMPORTED},
            )
        }
    return found
