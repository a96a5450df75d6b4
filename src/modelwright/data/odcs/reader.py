"""A contract is read from YAML of the Open Data Contract Standard 3.1.

What a data engineer changed by hand is honoured, also in keywords that modelwright does not write.
Keys that say nothing about the rules are passed over; rules that nothing here can check are named
in `Contract.unchecked`.
"""

from collections.abc import Iterator
from enum import StrEnum
from typing import Any, TypeVar

from modelwright.data.checks.base import Check
from modelwright.data.checks.presence import NotMissing
from modelwright.data.checks.uniqueness import Unique
from modelwright.data.contracts.contract import Contract, ContractColumn
from modelwright.data.odcs.entries import Entry, parse_yaml
from modelwright.data.odcs.names import API_VERSION, logical_type
from modelwright.data.odcs.options import read_bounds, unchecked_options
from modelwright.data.odcs.rules import converted, made, read_column_rule, read_table_rule
from modelwright.data.schema import Column, Kind, Role
from modelwright.errors import nearest

_ACCEPTED = "v3.1."
_KINDS = {
    "number": Kind.NUMERIC,
    "integer": Kind.NUMERIC,
    "boolean": Kind.BOOLEAN,
    "timestamp": Kind.DATETIME,
    "date": Kind.DATETIME,
    "time": Kind.CATEGORICAL,
    "string": Kind.CATEGORICAL,
}
_Named = TypeVar("_Named", bound=StrEnum)


def read_contract(text: str) -> Contract:
    """Read a contract.

    Parameters
    ----------
    text
        YAML of version 3.1 of the standard, with one table.

    Raises
    ------
    InputError
        With the line, if it is no valid YAML, of another version, or has a value that cannot be
        understood.

    Examples
    --------
    >>> from modelwright.data.odcs.writer import write_contract
    >>> contract = Contract(id="people", title="people", purpose="to count them")
    >>> read_contract(write_contract(contract)) == contract
    True
    >>> read_contract("apiVersion: v2.2.2")
    Traceback (most recent call last):
    ...
    modelwright.errors.InputError: The contract, line 1: It follows version 'v2.2.2' of the
    standard. Write v3.1.0.
    """
    root = parse_yaml(text, document="The contract")
    _check_version(root)
    table = _only_table(root)
    described = [_property(entry) for entry in table.items_of("properties")]
    rules = [rule for entry in table.items_of("quality") for rule in read_table_rule(entry)]
    unchecked = (
        *_sentences(rules),
        *(sentence for _, sentences in described for sentence in sentences),
        *_service_levels(root),
    )
    fields: dict[str, Any] = {
        "id": root.need("id").text(),
        "title": root.text_of("name") or table.need("name").text(),
        "version": root.need("version").text(),
        "columns": tuple(column for column, _ in described),
        "checks": _checks(rules),
        "unchecked": unchecked,
        "metric": told["metric"].text() if "metric" in (told := _told(table)) else "",
    }
    return made(root, lambda: Contract(**fields, **_description(root)))


def _check_version(root: Entry) -> None:
    version = root.need("apiVersion")
    if not version.text().startswith(_ACCEPTED):
        raise version.fault(
            f"It follows version {version.text()!r} of the standard.", f"Write {API_VERSION}."
        )
    kind = root.need("kind")
    if kind.text() != "DataContract":
        raise kind.fault(f"The kind is {kind.text()!r}.", "Write DataContract.")


def _only_table(root: Entry) -> Entry:
    tables = root.items_of("schema")
    if len(tables) != 1:
        raise root.fault(f"The schema has {len(tables)} tables.", "Leave one, with its columns.")
    return tables[0]


def _description(root: Entry) -> dict[str, Any]:
    description = root.get("description")
    names = ("purpose", "limitations")
    return {} if description is None else {name: description.text_of(name) for name in names}


def _service_levels(root: Entry) -> Iterator[str]:
    for entry in root.items_of("slaProperties"):
        yield f"The service level {entry.text_of('property')!r} is not checked."


def _checks(rules: list[Check | str]) -> tuple[Check, ...]:
    return tuple(rule for rule in rules if isinstance(rule, Check))


def _sentences(rules: list[Check | str]) -> tuple[str, ...]:
    return tuple(rule for rule in rules if isinstance(rule, str))


def _property(entry: Entry) -> tuple[ContractColumn, tuple[str, ...]]:
    """Return a column with its checks, and sentences about the rules that are none."""
    column = _column(entry)
    rules = list(_column_rules(entry, column))
    description = entry.text_of("description")
    told = _told(entry)
    importance = told["importance"].number() if "importance" in told else None
    described = made(
        entry,
        lambda: ContractColumn(
            column=column,
            description=description,
            checks=_checks(rules),
            importance=importance,
        ),
    )
    return described, _sentences(rules)


def _column(entry: Entry) -> Column:
    told = _told(entry)
    tokens = told["missingTokens"].texts() if "missingTokens" in told else ()
    return Column(
        name=entry.need("name").text(),
        kind=_kind(entry, told.get("kind")),
        role=_one_of(told["role"], Role) if "role" in told else Role.FEATURE,
        source_type=entry.text_of("physicalType"),
        missing_tokens=tuple(dict.fromkeys((*tokens, *_missing_values(entry)))),
        datetime_format=told["datetimeFormat"].text() if "datetimeFormat" in told else "",
        unit=told["unit"].text() if "unit" in told else "",
        reason=told["reason"].text() if "reason" in told else "",
    )


def _told(entry: Entry) -> dict[str, Entry]:
    """Return the custom properties by their names."""
    return {
        item.need("property").text(): item.need("value")
        for item in entry.items_of("customProperties")
    }


def _kind(entry: Entry, told: Entry | None) -> Kind:
    """Return the kind that was told, unless somebody has changed the logical type since."""
    kind = None if told is None else _one_of(told, Kind)
    logical = entry.get("logicalType")
    if logical is None:
        return kind or Kind.CATEGORICAL
    if logical.text() not in _KINDS:
        raise logical.fault(
            f"The logical type is {logical.text()!r}, which no column of a table has.",
            f"Write one of {', '.join(_KINDS)}.",
        )
    meant = _KINDS[logical.text()]
    return kind if kind and logical_type(kind) == logical_type(meant) else meant


def _missing_values(entry: Entry) -> Iterator[str]:
    for rule in entry.items_of("quality"):
        arguments = rule.get("arguments")
        listed = arguments and arguments.get("missingValues")
        yield from listed.texts() if listed else ()


def _column_rules(entry: Entry, column: Column) -> Iterator[Check | str]:
    """Return the checks of a column; a sentence for a rule that is none."""
    strict = tuple(_strict_checks(entry, column.name))
    bounds = read_bounds(entry, column)
    rules = [
        rule
        for item in entry.items_of("quality")
        for rule in read_column_rule(item, column.name, bounds)
    ]
    settled = {type(check) for check in strict}
    yield from strict
    yield from (rule for rule in rules if type(rule) not in settled)
    for family, fields in bounds.items():
        if family not in map(type, rules):
            yield converted(entry, fields | {"column": column.name}, family)
    yield from unchecked_options(entry, column)


def _strict_checks(entry: Entry, name: str) -> Iterator[Check]:
    required, unique = entry.get("required"), entry.get("unique")
    if required and required.truth():
        yield NotMissing(column=name)
    if unique and unique.truth():
        yield Unique(column=name)


def _one_of(entry: Entry, names: type[_Named]) -> _Named:
    try:
        return names(entry.text())
    except ValueError as error:
        known = [name.value for name in names]
        raise entry.fault(
            f"There is no {names.__name__.lower()} {entry.text()!r}.", nearest(entry.text(), known)
        ) from error
