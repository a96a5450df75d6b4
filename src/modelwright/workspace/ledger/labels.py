"""How labels are written: late, twice, corrected and in any order."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import TypeAlias

import msgspec

from modelwright.workspace.ledger.rows import LabelCount, Truth
from modelwright.workspace.ledger.store import Store, Values, Writing

GivenLabel: TypeAlias = "tuple[str, Truth] | tuple[str, Truth, int]"
"""The prediction's id, its label, and when it became known where that is not now."""

_COLUMNS = ("id", "at", "label", "arrived_at")
_PAGE_ROWS = 1000


def write_labels(store: Store, labels: Iterable[GivenLabel], now: int) -> LabelCount:
    """Write labels page by page; see `Ledger.label`.

    Parameters
    ----------
    store
        Where the ledger is kept.
    labels
        In the order in which they came.
    now
        In microseconds since 1970 in UTC.
    """
    counts = [0, 0, 0, 0]
    remaining = iter(labels)
    while page := list(islice(remaining, _PAGE_ROWS)):
        with store.writing() as writing:
            for place, number in enumerate(_write_page(writing, page, now)):
                counts[place] += number
    matched, corrected, unknown, outdated = counts
    return LabelCount(matched=matched, corrected=corrected, unknown=unknown, outdated=outdated)


@dataclass
class _History:
    """The labels of one id: those that are there, and those that are new."""

    known: bool = False
    last: tuple[int, bytes] | None = None
    seen: set[tuple[int, bytes]] = field(default_factory=set)

    def take(self, at: int, label: bytes) -> None:
        self.seen.add((at, label))
        if self.last is None or at >= self.last[0]:
            self.last = (at, label)


def _write_page(writing: Writing, page: Sequence[GivenLabel], now: int) -> tuple[int, ...]:
    histories = _histories(writing, {row[0] for row in page})
    matched = corrected = unknown = outdated = 0
    new = []
    for identifier, truth, *known_at in page:
        history, label = histories[identifier], msgspec.json.encode(truth)
        matched += history.known
        unknown += not history.known
        at, last = (known_at[0] if known_at else now), history.last
        # Without a time of its own, what counts already is nothing new.
        if (at, label) in history.seen if known_at else last and last[1] == label:
            continue
        new.append((identifier, at, label, now))
        history.take(at, label)
        if last is not None:
            outdated += at < last[0]
            corrected += at >= last[0] and last[1] != label
    writing.insert("labels", _COLUMNS, new)
    return matched, corrected, unknown, outdated


def _histories(writing: Writing, ids: set[str]) -> dict[str, _History]:
    histories = {identifier: _History() for identifier in ids}
    values, places = _named(ids)
    known = f"SELECT DISTINCT id FROM predictions WHERE id IN ({places})"
    for (identifier,) in writing.rows(known, values):
        histories[identifier].known = True
    earlier = f"SELECT id, at, label FROM labels WHERE id IN ({places}) ORDER BY number"
    for identifier, at, label in writing.rows(earlier, values):
        histories[identifier].take(at, bytes(label))
    return histories


def _named(ids: Iterable[str]) -> tuple[Values, str]:
    values = {f"id{number}": identifier for number, identifier in enumerate(ids)}
    return values, ", ".join(f":{name}" for name in values)
