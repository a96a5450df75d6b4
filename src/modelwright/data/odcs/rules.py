"""The quality rules of the standard: its library, and those of modelwright's own engine."""

import math
from collections.abc import Callable, Iterator
from typing import Any, TypeVar

import msgspec

from modelwright.data.checks.base import Check
from modelwright.data.checks.levels import Levels
from modelwright.data.checks.presence import NotMissing
from modelwright.data.checks.registry import all_checks
from modelwright.data.checks.shape import RowCount
from modelwright.data.checks.uniqueness import Unique
from modelwright.data.odcs.entries import Entry
from modelwright.data.odcs.names import ENGINE
from modelwright.errors import InputError, nearest

_Fields = dict[str, Any]
Bounds = dict[type[Check], _Fields]
"""The fields of a check that the options of a column's type say."""

_Made = TypeVar("_Made")

_COLUMN_METRICS: dict[str, type[Check]] = {
    "nullValues": NotMissing,
    "missingValues": NotMissing,
    "invalidValues": Levels,
    "duplicateValues": Unique,
}
_ROW_COUNTS: dict[str, Callable[[int], _Fields]] = {
    "mustBe": lambda rows: {"minimum": rows, "maximum": rows},
    "mustBeGreaterThan": lambda rows: {"minimum": rows + 1},
    "mustBeGreaterOrEqualTo": lambda rows: {"minimum": rows},
    "mustBeLessThan": lambda rows: {"maximum": rows - 1},
    "mustBeLessOrEqualTo": lambda rows: {"maximum": rows},
}
_BETWEEN = "mustBeBetween"
_OPERATORS = {*_ROW_COUNTS, _BETWEEN, "mustNotBe", "mustNotBeBetween"}
_ROUNDING_DIGITS = 12
_LEAST_PERCENT = 1e-10


def read_column_rule(entry: Entry, column: str, bounds: Bounds) -> Iterator[Check | str]:
    """Return the check that a rule of a column is; a sentence, or nothing, if it is none.

    Parameters
    ----------
    bounds
        What the options of the column's type say, for a rule that says how strictly to take them.

    Raises
    ------
    InputError
        With the line, if the rule cannot be understood.
    """
    metric = entry.get("metric")
    if (implementation := _own_implementation(entry)) is not None:
        yield _own_check(implementation, _labels(entry) | {"column": column}, bounds)
    elif metric:
        yield from _library_check(entry, metric, column)
    else:
        yield from _note(entry, f"of column {column!r}")


def read_table_rule(entry: Entry) -> Iterator[Check | str]:
    """Return the check that a rule of the table is; a sentence, or nothing, if it is none.

    Raises
    ------
    InputError
        With the line, if the rule cannot be understood.
    """
    metric = entry.text_of("metric")
    if (implementation := _own_implementation(entry)) is not None:
        yield _own_check(implementation, _labels(entry), {})
    elif metric == "rowCount":
        yield converted(entry, _row_count(entry) | _labels(entry), RowCount)
    elif metric == "duplicateValues":
        yield converted(entry, _key(entry) | _allowance(entry) | _labels(entry), Unique)
    else:
        yield from _note(entry, "of the table")


def converted(entry: Entry, fields: _Fields, family: type[Check]) -> Check:
    """Make a check of its fields, and say where it stands in the file when that fails."""
    tagged = {"check": family.__struct_config__.tag} | fields
    return made(entry, lambda: msgspec.convert(tagged, family, strict=False))


def made(entry: Entry, make: Callable[[], _Made]) -> _Made:
    """Make a value, and say where it stands in the file when that fails."""
    try:
        return make()
    except (msgspec.ValidationError, ValueError) as error:
        words = str(error).replace("`", "").replace(" - at $.", " in ")
        raise entry.fault(f"{words}.") from error
    except InputError as error:
        raise entry.fault(error.found, error.remedy) from error


def _note(entry: Entry, where: str) -> Iterator[str]:
    if entry.text_of("type") != "text":
        name = entry.text_of("name") or entry.text_of("metric") or entry.text_of("type")
        yield f"The rule {name!r} {where} is not checked."


def _own_implementation(entry: Entry) -> Entry | None:
    is_own = entry.text_of("type") == "custom" and entry.text_of("engine") == ENGINE
    return entry.need("implementation") if is_own else None


def _own_check(entry: Entry, labels: _Fields, bounds: Bounds) -> Check:
    name = entry.need("check")
    families = all_checks()
    if name.text() not in families:
        raise name.fault(f"There is no check {name.text()!r}.", nearest(name.text(), families))
    family = families[name.text()]
    fields = {key: value.plain() for key, value in entry.fields().items()} | labels
    return converted(entry, bounds.get(family, {}) | fields, family)


def _library_check(entry: Entry, metric: Entry, column: str) -> Iterator[Check | str]:
    if metric.text() not in _COLUMN_METRICS:
        raise metric.fault(
            f"A column has no metric {metric.text()!r}.", nearest(metric.text(), _COLUMN_METRICS)
        )
    family = _COLUMN_METRICS[metric.text()]
    fields: _Fields = {"column": column} | _labels(entry)
    if family is Levels:
        arguments = entry.get("arguments")
        valid = arguments and arguments.get("validValues")
        if not valid:
            yield from _note(entry, f"of column {column!r}")
            return
        fields["levels"] = valid.texts()
    yield converted(entry, fields | _allowance(entry), family)


def _key(entry: Entry) -> _Fields:
    properties = entry.need("arguments").need("properties")
    if not properties.texts():
        raise properties.fault("A key needs a column.", "Name one.")
    first, *others = properties.texts()
    return {"column": first, "togetherWith": others}


def _labels(entry: Entry) -> _Fields:
    severity = entry.text_of("severity")
    return {"severity": "warning" if severity in ("warning", "info") else "error"}


def _allowance(entry: Entry) -> _Fields:
    """Return how many rows may fail; a rule without a unit counts rows, says the standard."""
    operator, value = _operator(entry, ("mustBe", "mustBeLessThan", "mustBeLessOrEqualTo"))
    is_below = operator == "mustBeLessThan"
    if operator == "mustBe" and value.number() != 0:
        raise value.fault("Only 'mustBe: 0' can be checked.", "Write mustBeLessOrEqualTo.")
    if entry.text_of("unit") == "percent":
        percent = value.number() - (_LEAST_PERCENT if is_below else 0.0)
        return {"allowedFraction": round(percent / 100, _ROUNDING_DIGITS)}
    rows = value.number()
    return {"allowedRows": math.ceil(rows) - 1 if is_below else math.floor(rows)}


def _row_count(entry: Entry) -> _Fields:
    operator, value = _operator(entry, (*_ROW_COUNTS, _BETWEEN))
    if operator != _BETWEEN:
        return _ROW_COUNTS[operator](value.whole())
    bounds = [bound.whole() for bound in value.items()]
    if len(bounds) != 2:
        raise value.fault("There should be two numbers.", "Write it like [1, 100].")
    return {"minimum": bounds[0], "maximum": bounds[1]}


def _operator(entry: Entry, understood: tuple[str, ...]) -> tuple[str, Entry]:
    """Return the one operator of a rule and its value."""
    found = [(key, value) for key, value in entry.fields().items() if key in _OPERATORS]
    if len(found) != 1 or found[0][0] not in understood:
        shown = ", ".join(repr(key) for key, _ in found) or "no operator"
        raise entry.fault(
            f"The rule has {shown}.", f"Write exactly one of {', '.join(understood)}."
        )
    return found[0]
