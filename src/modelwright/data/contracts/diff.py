"""What changes between two contracts, and how much it will hurt the model that depends on one."""

from collections.abc import Iterator
from typing import Literal

import msgspec

from modelwright.data.checks.base import Check, RowCheck
from modelwright.data.checks.levels import Levels
from modelwright.data.checks.parsing import Parses
from modelwright.data.checks.presence import NotMissing
from modelwright.data.checks.ranges import Period, Range
from modelwright.data.checks.registry import family_of
from modelwright.data.checks.texts import TextLength
from modelwright.data.contracts.contract import Contract, ContractColumn

Severity = Literal["breaking", "warning", "note"]

_ORDER: tuple[Severity, ...] = ("breaking", "warning", "note")
_MUCH = 0.05
"""A share of rows by which more may break a rule before anybody is told."""
_WIDER = 0.1
"""A part of the old range by which the new one may exceed it."""
_ALIKE = 0.7
"""How much two columns of one kind must have in common to be one under two names."""
_UNITS = {
    1_000.0: "thousandths",
    100.0: "hundredths (cents, per cent)",
    60.0: "sixtieths (seconds for minutes)",
    3_600.0: "seconds for hours",
    24.0: "hours for days",
    2.2046: "pounds for kilograms",
    3.2808: "feet for metres",
    1.0 / 1.609344: "miles for kilometres",
}
_CLOSE = 0.15
_SHOWN = 5


class Change(msgspec.Struct, frozen=True, kw_only=True):
    """One change of a contract.

    Parameters
    ----------
    column
        Of the old contract, or the new one where it is new; empty for the table.
    severity
        ``"breaking"``: the model will answer worse or not at all; ``"warning"``: it may.
    sentence
        What changed.
    loss
        By how much the score is worse when the column tells nothing, in the old contract's metric;
        None where that was not measured.
    """

    column: str
    severity: Severity
    sentence: str
    loss: float | None = None


def compare_contracts(old: Contract, new: Contract) -> tuple[Change, ...]:
    """Return what changed, the worst for the model first.

    Parameters
    ----------
    old
        What the model depends on; its columns say how much.
    new
        What is to come.

    Examples
    --------
    >>> from modelwright.data.schema import Column, Kind
    >>> age = ContractColumn(column=Column(name="age", kind=Kind.NUMERIC), importance=0.02)
    >>> old = Contract(id="x", title="t", columns=(age,), metric="roc_auc")
    >>> (change,) = compare_contracts(old, Contract(id="x", title="t"))
    >>> change.severity, change.sentence, change.loss
    ('breaking', "Column 'age' is gone", 0.02)
    """
    before = {entry.column.name: entry for entry in old.columns}
    after = {entry.column.name: entry for entry in new.columns}
    lost = [entry for name, entry in before.items() if name not in after]
    added = [entry for name, entry in after.items() if name not in before]
    changes = [
        *_lost(lost, added),
        *(
            change
            for name, entry in before.items()
            if name in after
            for change in _changed(entry, after[name])
        ),
        *_of_the_table(old, new),
    ]
    return tuple(
        sorted(changes, key=lambda change: (_ORDER.index(change.severity), -(change.loss or 0.0)))
    )


def _lost(lost: list[ContractColumn], added: list[ContractColumn]) -> Iterator[Change]:
    """Tell the columns that are gone, those that have another name, and those that are new."""
    left = list(added)
    for entry in lost:
        twin = max(left, key=lambda other: _alike(entry, other), default=None)
        renamed = twin is not None and _alike(entry, twin) >= _ALIKE
        said = f"Column {entry.column.name!r} is gone"
        if renamed and twin is not None:
            left.remove(twin)
            said += f"; {twin.column.name!r} looks like it under another name"
        yield _change(entry, "breaking", said)
    for entry in left:
        said = f"Column {entry.column.name!r} is new"
        yield Change(column=entry.column.name, severity="note", sentence=said)


def _changed(old: ContractColumn, new: ContractColumn) -> Iterator[Change]:
    name = old.column.name
    if old.column.value_type != new.column.value_type:
        said = f"Column {name!r} was {old.column.kind.value} and is {new.column.kind.value}"
        yield _change(old, "breaking", said)
        return
    if old.column.datetime_format != new.column.datetime_format:
        said = f"Column {name!r} is written as {new.column.datetime_format or 'ISO 8601'!r}"
        yield _change(old, "warning", said)
    if old.column.unit != new.column.unit:
        said = f"Column {name!r} is written in {new.column.unit or 'plain numbers'}"
        yield _change(old, "warning", said)
    earlier = {family_of(check): check for check in old.checks}
    later = {family_of(check): check for check in new.checks}
    for family, check in earlier.items():
        if family not in later:
            yield _change(old, "warning", f"No longer promised: {check.rule}")
        else:
            yield from _loosened(old, check, later[family])
    for family, check in later.items():
        if family not in earlier:
            yield _change(old, "note", f"Newly promised: {check.rule}")


def _loosened(entry: ContractColumn, old: Check, new: Check) -> Iterator[Change]:
    """Tell what the new check lets pass that the old one did not."""
    name = entry.column.name
    if isinstance(old, Range) and isinstance(new, Range):
        unit = _unit(old, new)
        if unit:
            yield _change(entry, "breaking", f"Column {name!r} seems to come in {unit}")
            return
        if _wider((old.minimum, old.maximum), (new.minimum, new.maximum)):
            yield _change(entry, "warning", f"{new.rule}, no longer: {old.rule}")
    elif isinstance(old, Levels) and isinstance(new, Levels):
        extra = [level for level in new.levels if level not in old.levels]
        if extra:
            shown = ", ".join(map(repr, extra[:_SHOWN])) + (" …" if len(extra) > _SHOWN else "")
            said = f"Column {name!r} has levels that the model never saw: {shown}"
            yield _change(entry, "warning", said)
    elif isinstance(old, (Period, TextLength)) and old != _as_lenient(new, old):
        yield _change(entry, "note", f"{new.rule}, no longer: {old.rule}")
    if isinstance(old, RowCheck) and isinstance(new, RowCheck):
        more = new.allowed_fraction - old.allowed_fraction
        if more > _MUCH:
            grave = isinstance(old, (Parses, NotMissing)) and more > 10 * _MUCH
            now, so_far = f"{new.allowed_fraction:.1%}", f"{old.allowed_fraction:.1%}"
            said = f"{old.rule} in all but at most {now} of the rows, so far in all but {so_far}"
            yield _change(entry, "breaking" if grave else "warning", said)


def _as_lenient(check: Check, other: RowCheck) -> Check:
    return msgspec.structs.replace(
        check, allowed_fraction=other.allowed_fraction, severity=other.severity
    )


def _of_the_table(old: Contract, new: Contract) -> Iterator[Change]:
    later = {family_of(check): check for check in new.checks}
    for check in old.checks:
        if family_of(check) not in later:
            said = f"No longer promised: {check.rule}"
            yield Change(column="", severity="note", sentence=said)


def _change(entry: ContractColumn, severity: Severity, sentence: str) -> Change:
    """Tell a change; what the model does not depend on cannot break it."""
    unneeded = entry.importance == 0.0
    milder: dict[Severity, Severity] = {"breaking": "warning", "warning": "note", "note": "note"}
    return Change(
        column=entry.column.name,
        severity=milder[severity] if unneeded else severity,
        sentence=sentence,
        loss=entry.importance,
    )


def _unit(old: Range, new: Range) -> str:
    """Return the unit that explains how a range grew or shrank; empty where none does."""
    ratios = [
        after / before
        for before, after in ((old.minimum, new.minimum), (old.maximum, new.maximum))
        if before and after
    ]
    if not ratios or any(ratio <= 0 for ratio in ratios):
        return ""
    for factor, words in _UNITS.items():
        if all(abs(ratio / factor - 1) < _CLOSE for ratio in ratios):
            return words
        if all(abs(ratio * factor - 1) < _CLOSE for ratio in ratios):
            return f"what {words} were before"
    return ""


def _wider(old: tuple[float | None, float | None], new: tuple[float | None, float | None]) -> bool:
    (low, high), (new_low, new_high) = old, new
    width = (high - low) if low is not None and high is not None else abs(high or low or 1.0)
    slack = _WIDER * width
    below = low is not None and (new_low is None or new_low < low - slack)
    above = high is not None and (new_high is None or new_high > high + slack)
    return below or above


def _alike(one: ContractColumn, other: ContractColumn) -> float:
    """Return how much two columns have in common, from 0 to 1."""
    if one.column.kind != other.column.kind:
        return 0.0
    checks = {family_of(check): check for check in other.checks}
    for check in one.checks:
        twin = checks.get(family_of(check))
        if isinstance(check, Levels) and isinstance(twin, Levels):
            both = set(check.levels) & set(twin.levels)
            return len(both) / max(1, len(set(check.levels) | set(twin.levels)))
        if isinstance(check, Range) and isinstance(twin, Range):
            return _overlap(check, twin)
    return 0.0


def _overlap(one: Range, other: Range) -> float:
    ends = (one.minimum, one.maximum, other.minimum, other.maximum)
    if None in ends:
        return 0.0
    low, high, new_low, new_high = map(float, ends)  # type: ignore[arg-type]
    whole = max(high, new_high) - min(low, new_low)
    return max(0.0, min(high, new_high) - max(low, new_low)) / whole if whole else 1.0
