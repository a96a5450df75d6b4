"""What each reading of a contestant's signals found, and what it cried over."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from bench.maintain.laying import Faulty

Signal = Mapping[str, Any]
"""``alarm``, ``columns``, ``kind``, as `bench.maintain.peers.base.Signal` has them."""


@dataclass(frozen=True, kw_only=True)
class Count:
    """So many of so many.

    Examples
    --------
    >>> Count(hits=1, of=2) + Count(hits=2, of=2)
    Count(hits=3, of=4)
    """

    hits: int = 0
    of: int = 0

    def __add__(self, other: "Count") -> "Count":
        return Count(hits=self.hits + other.hits, of=self.of + other.of)

    @classmethod
    def among(cls, seen: Iterable[bool]) -> "Count":
        """Count what is true."""
        told = list(seen)
        return cls(hits=sum(told), of=len(told))


@dataclass(frozen=True, kw_only=True)
class Standing:
    """What became of the windows of one world, or of several.

    Parameters
    ----------
    found
        Harmful faults, in their first window.
    column
        Of the harmful faults in columns those whose first named column is one of them.
    cause
        Harmful faults whose kind is named too.
    harmless
        Changes that do no harm, and were alarmed.
    untouched
        Windows that nobody touched, and were alarmed.
    by_fault
        `found` for each fault.
    """

    found: Count = Count()
    column: Count = Count()
    cause: Count = Count()
    harmless: Count = Count()
    untouched: Count = Count()
    by_fault: Mapping[str, Count] = field(default_factory=dict)

    def __add__(self, other: "Standing") -> "Standing":
        both = {**self.by_fault}
        for fault, count in other.by_fault.items():
            both[fault] = both.get(fault, Count()) + count
        return Standing(
            found=self.found + other.found,
            column=self.column + other.column,
            cause=self.cause + other.cause,
            harmless=self.harmless + other.harmless,
            untouched=self.untouched + other.untouched,
            by_fault=both,
        )


def standing_of(
    wrong: Sequence[Faulty], untouched: Mapping[int, Signal], faulty: Mapping[int, Signal]
) -> Standing:
    """Judge the signals of one reading by what was wrong.

    Parameters
    ----------
    wrong
        The faulty windows.
    untouched, faulty
        Signals by window; none where it failed.
    """
    news = [
        _news(faulty.get(number, _SILENT), untouched.get(each.past, _SILENT))
        for number, each in enumerate(wrong)
    ]
    harmful = [number for number, each in enumerate(wrong) if each.harm == "harmful"]
    of_columns = [number for number in harmful if wrong[number].columns]
    seen: dict[str, list[bool]] = {}
    for number in harmful:
        seen.setdefault(wrong[number].fault, []).append(news[number])
    return Standing(
        found=Count.among(news[number] for number in harmful),
        column=Count.among(
            news[number] and _names(faulty[number], wrong[number]) for number in of_columns
        ),
        cause=Count.among(
            news[number] and _is_cause(faulty[number], wrong[number]) for number in harmful
        ),
        harmless=Count.among(
            news[number] for number, each in enumerate(wrong) if each.harm == "harmless"
        ),
        untouched=Count.among(signal["alarm"] for signal in untouched.values()),
        by_fault={fault: Count.among(told) for fault, told in seen.items()},
    )


_SILENT: Signal = {"alarm": False, "columns": (), "kind": ""}


def _news(signal: Signal, untouched: Signal) -> bool:
    """Say whether an alarm is raised that the same window did not raise untouched."""
    if not signal["alarm"]:
        return False
    return not untouched["alarm"] or _first(signal) != _first(untouched)


def _first(signal: Signal) -> tuple[Any, ...]:
    return (signal["kind"], *signal["columns"][:1])


def _names(signal: Signal, wrong: Faulty) -> bool:
    return bool(set(signal["columns"][:1]) & set(wrong.columns))


def _is_cause(signal: Signal, wrong: Faulty) -> bool:
    return signal["kind"] in wrong.causes and (not wrong.columns or _names(signal, wrong))
