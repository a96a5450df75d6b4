"""A contract is written as YAML of the Open Data Contract Standard 3.1.

The keywords of the standard (`required`, `unique`, `logicalTypeOptions`) allow no exception, so
they stand for checks that allow none. Where a check is more lenient, a rule beside them says how
lenient: one of the standard's library where it has one, else one of the engine "modelwright",
which other tools leave alone.
"""

from collections.abc import Callable
from typing import Any

import msgspec
import yaml

from modelwright.data.checks.base import Check, RowCheck
from modelwright.data.checks.levels import Levels
from modelwright.data.checks.presence import NotMissing
from modelwright.data.checks.shape import RowCount
from modelwright.data.checks.uniqueness import Unique
from modelwright.data.contracts.contract import Contract, ContractColumn
from modelwright.data.odcs.names import API_VERSION, BOUNDED, ENGINE, logical_type
from modelwright.data.schema import Column

_LARGEST_WHOLE = 1e15
_Keywords = dict[str, Any]


def write_contract(contract: Contract) -> str:
    """Write a contract.

    Returns
    -------
    str
        YAML; `reader.read_contract` makes the same contract of it.

    Examples
    --------
    >>> print(write_contract(Contract(id="people", title="people")))
    apiVersion: v3.1.0
    kind: DataContract
    id: people
    version: 1.0.0
    status: active
    name: people
    schema:
    - name: people
      logicalType: object
      physicalType: table
    <BLANKLINE>
    """
    told = {"purpose": contract.purpose, "limitations": contract.limitations}
    document = {
        "apiVersion": API_VERSION,
        "kind": "DataContract",
        "id": contract.id,
        "version": contract.version,
        "status": "active",
        "name": contract.title,
        "description": _said(told),
        "schema": [_table(contract)],
    }
    # The pure Python dumper is four times slower, and libyaml is not in every build of PyYAML.
    dumper = getattr(yaml, "CSafeDumper", yaml.SafeDumper)
    return str(
        yaml.dump(_said(document), Dumper=dumper, sort_keys=False, allow_unicode=True, width=100)
    )


def _table(contract: Contract) -> _Keywords:
    keywords = {
        "name": contract.title,
        "logicalType": "object",
        "physicalType": "table",
        "customProperties": _told({"metric": contract.metric}),
        "properties": [_property(entry) for entry in contract.columns],
        "quality": [_table_rule(check) for check in contract.checks],
    }
    return _said(keywords)


def _property(entry: ContractColumn) -> _Keywords:
    column = entry.column
    keywords: _Keywords = {
        "logicalType": logical_type(column.kind),
        "physicalType": column.source_type,
        "description": entry.description,
        "required": None,
        "unique": None,
        "logicalTypeOptions": {},
        "customProperties": _custom_properties(entry),
        "quality": [],
    }
    for check in entry.checks:
        keywords["logicalTypeOptions"] |= _bounds(check, column)
        keywords |= _strict_keyword(check)
        keywords["quality"] += _rules(check, column)
    return {"name": column.name} | _said(keywords)


def _custom_properties(entry: ContractColumn) -> list[_Keywords]:
    column = entry.column
    told = {
        "kind": column.kind.value,
        "role": column.role.value,
        "missingTokens": list(column.missing_tokens),
        "datetimeFormat": column.datetime_format,
        "unit": column.unit,
        "reason": column.reason,
    }
    weight = {} if entry.importance is None else {"importance": _number(entry.importance)}
    return _told(told) + [{"property": name, "value": value} for name, value in weight.items()]


def _told(told: _Keywords) -> list[_Keywords]:
    return [{"property": name, "value": value} for name, value in _said(told).items()]


def _bounds(check: Check, column: Column) -> _Keywords:
    """Return what the options of the column's type say of a check."""
    bounded = BOUNDED.get(logical_type(column.kind))
    if bounded is None or type(check) is not bounded[0]:
        return {}
    _, names = bounded
    fields = msgspec.to_builtins(check)
    return {name: _number(fields[name]) for name in names if name in fields}


def _strict_keyword(check: Check) -> _Keywords:
    if isinstance(check, NotMissing) and _is_strict(check):
        return {"required": True}
    if isinstance(check, Unique) and _is_strict(check):
        return {"unique": True}
    return {}


def _rules(check: Check, column: Column) -> list[_Keywords]:
    """Return the rules that say what the keywords of the standard cannot."""
    bounds = _bounds(check, column)
    if _strict_keyword(check) or (bounds and isinstance(check, RowCheck) and _is_strict(check)):
        return []
    if type(check) in _LIBRARY:
        return [_library_rule(check)]
    return [_own_rule(check, left_out=("column", *bounds))]


def _table_rule(check: Check) -> _Keywords:
    if isinstance(check, Unique):
        return _library_rule(check) | {"arguments": {"properties": list(check.columns)}}
    return _library_rule(check) if isinstance(check, RowCount) else _own_rule(check, left_out=())


def _library_rule(check: Check) -> _Keywords:
    return _LIBRARY[type(check)](check) | _labels(check)


def _own_rule(check: Check, *, left_out: tuple[str, ...]) -> _Keywords:
    fields = msgspec.to_builtins(check)
    said = {
        name: _number(value)
        for name, value in fields.items()
        if name not in ("severity", *left_out)
    }
    return {"type": "custom", "engine": ENGINE, "implementation": said} | _labels(check)


def _labels(check: Check) -> _Keywords:
    return {
        "dimension": check.dimension,
        "severity": check.severity,
        "description": _described(check),
    }


def _described(check: Check) -> str:
    if not isinstance(check, RowCheck) or _allows_none(check):
        return f"{check.rule}."
    allowed = f"{_percent(check)} %" if check.allowed_fraction else f"{check.allowed_rows:,}"
    return f"{check.rule}, in all but {allowed} of the rows."


def _percent(check: RowCheck) -> Any:
    return _number(round(100 * check.allowed_fraction, 10))


def _allowance(check: RowCheck) -> _Keywords:
    if check.allowed_fraction:
        return {"mustBeLessOrEqualTo": _percent(check), "unit": "percent"}
    if check.allowed_rows:
        return {"mustBeLessOrEqualTo": check.allowed_rows, "unit": "rows"}
    return {"mustBe": 0}


def _level_rule(check: Levels) -> _Keywords:
    arguments = {"validValues": list(check.levels)}
    return {"metric": "invalidValues", "arguments": arguments} | _allowance(check)


def _row_count_rule(check: RowCount) -> _Keywords:
    bounds: _Keywords = {"mustBeGreaterOrEqualTo": check.minimum}
    if check.maximum is not None:
        bounds = {"mustBeBetween": [check.minimum, check.maximum]}
    if check.minimum == check.maximum:
        bounds = {"mustBe": check.minimum}
    return {"metric": "rowCount"} | bounds


_LIBRARY: dict[type[Check], Callable[[Any], _Keywords]] = {
    NotMissing: lambda check: {"metric": "nullValues"} | _allowance(check),
    Unique: lambda check: {"metric": "duplicateValues"} | _allowance(check),
    Levels: _level_rule,
    RowCount: _row_count_rule,
}


def _is_strict(check: RowCheck) -> bool:
    return check.severity == "error" and _allows_none(check)


def _allows_none(check: RowCheck) -> bool:
    return not check.allowed_fraction and not check.allowed_rows


def _number(value: Any) -> Any:
    """Write a whole number without a point, as people do."""
    if isinstance(value, float) and value.is_integer() and abs(value) < _LARGEST_WHOLE:
        return int(value)
    return value


def _said(keywords: _Keywords) -> _Keywords:
    return {name: value for name, value in keywords.items() if value not in ("", [], {}, None)}
