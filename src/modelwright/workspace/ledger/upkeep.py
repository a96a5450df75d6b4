"""What is taken out of a ledger: the rows of one person, and what is older than it may be."""

from collections.abc import Iterable, Mapping
from itertools import islice
from typing import Any

import msgspec

from modelwright.workspace.ledger.store import Store, Writing

_PAGE_ROWS = 1000


class Found(msgspec.Struct, frozen=True, kw_only=True):
    """Answers that were looked for.

    Parameters
    ----------
    ids
        Those that were found.
    without_inputs
        How many answers have no inputs, so that nobody can tell. A shadow has those of the answer
        that it stands beside.
    """

    ids: tuple[str, ...]
    without_inputs: int


def find_ids(store: Store, where: Mapping[str, str]) -> Found:
    """Find the answers to rows that have all of these values, written as text.

    Examples
    --------
    >>> is_same(7, "7"), is_same(7.0, "7"), is_same("7", "7"), is_same(None, "")
    (True, True, True, False)
    """
    ids, without, number = list[str](), 0, 0
    while page := store.rows(
        "SELECT number, id, role, inputs FROM predictions WHERE number > :number "
        "ORDER BY number LIMIT :limit",
        {"number": number, "limit": _PAGE_ROWS},
    ):
        for number, identifier, role, inputs in page:  # noqa: B007 - the next page begins there
            if inputs is None:
                without += role != "shadow"
                continue
            row: dict[str, Any] = msgspec.json.decode(inputs)
            if all(is_same(row.get(name), text) for name, text in where.items()):
                ids.append(identifier)
    return Found(ids=tuple(dict.fromkeys(ids)), without_inputs=without)


def is_same(value: object, text: str) -> bool:
    """Say whether a value of a row is what a person wrote."""
    if isinstance(value, float) and value.is_integer():
        return text in (str(int(value)), str(value))
    return value is not None and str(value) == text


def erase_ids(store: Store, ids: Iterable[str]) -> int:
    """Erase answers of all roles and their labels; return how many answers."""
    erased, remaining = 0, iter(ids)
    while page := list(islice(remaining, _PAGE_ROWS)):
        values = {f"id{place}": identifier for place, identifier in enumerate(page)}
        places = ", ".join(f":{name}" for name in values)
        with store.writing() as writing:
            erased += writing.change(f"DELETE FROM predictions WHERE id IN ({places})", values)
            writing.change(f"DELETE FROM labels WHERE id IN ({places})", values)
            writing.change(f"DELETE FROM quarantine WHERE id IN ({places})", values)
    return erased


def forget_before(store: Store, moment: int) -> int:
    """Erase answers that are older, and labels that nobody waits for; return how many answers.

    Each transaction is short, so that a server that writes does not wait for it.
    """
    forgotten = 0
    while True:
        with store.writing() as writing:
            oldest = _oldest(writing, moment)
            if not oldest:
                writing.change(
                    "DELETE FROM labels WHERE coalesce(arrived_at, at) < :moment AND NOT EXISTS "
                    "(SELECT 1 FROM predictions WHERE predictions.id = labels.id)",
                    {"moment": moment},
                )
                writing.change("DELETE FROM gaps WHERE until < :moment", {"moment": moment})
                writing.change(
                    "DELETE FROM quarantine WHERE NOT EXISTS "
                    "(SELECT 1 FROM predictions WHERE predictions.id = quarantine.id)",
                    {},
                )
                return forgotten
            places, values = _listed(oldest)
            forgotten += writing.change(
                f"DELETE FROM predictions WHERE number IN ({places})", values
            )
            # However late a label came: it goes with what it is a label of.
            places, values = _listed(set(oldest.values()))
            writing.change(
                f"DELETE FROM labels WHERE id IN ({places}) AND NOT EXISTS "
                "(SELECT 1 FROM predictions WHERE predictions.id = labels.id)",
                values,
            )


def _listed(values: Iterable[object]) -> tuple[str, dict[str, object]]:
    """Return values as the list of an IN, and what it binds."""
    bound = {f"n{place}": value for place, value in enumerate(values)}
    return ", ".join(f":{name}" for name in bound), bound


def _oldest(writing: Writing, moment: int) -> dict[int, str]:
    found = writing.rows(
        "SELECT number, id FROM predictions WHERE at < :moment ORDER BY at LIMIT :limit",
        {"moment": moment, "limit": _PAGE_ROWS},
    )
    return dict(found)
