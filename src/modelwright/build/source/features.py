"""The features of members as source code."""

from collections.abc import Mapping, Sequence
from itertools import chain
from typing import Any

from modelwright.build.source.carrying import Carried
from modelwright.build.source.columns import Feature
from modelwright.build.source.literals import literal
from modelwright.build.source.members import Member
from modelwright.build.source.origin import Origin
from modelwright.data.cells import ALWAYS_MISSING, missing_numbers_of
from modelwright.data.measures import CLOCK, CLOCK_TEXT
from modelwright.data.schema import Column, Kind
from modelwright.data.sources.decimals import COMMA_NUMBER

_TIMES = {"%S.%f": "%S%.f"}
"""Python's notation and that of polars, where they differ."""
_LINE = 100


def describe_features(
    members: Sequence[Member], carried: Sequence[Carried], origin: Origin
) -> dict[str, Any]:
    """Return what the templates are told of features."""
    sets = list(dict.fromkeys(_written(member.features, origin) for member in members))
    names = _set_names(len(sets))
    every = list(chain.from_iterable(member.features for member in members))
    reads = [_reads(each, origin) for each in carried]
    read_lines = [line.partition(": ")[2] for lines in reads for line in lines]
    calls = {line.partition("(")[0] for lines in sets for line in lines}
    units = {each.name: each.unit for each in origin.schema if each.unit}
    used = calls | {line.partition("(")[0] for line in read_lines}
    beside = {str(each.options.get("beside", "")) for each in every}
    by_time = origin.split is not None and is_by_moment(origin)
    group_text = _group_text(origin)
    has_category = bool(calls & {"Category", "Cross"})
    named = used | ({"Category"} if "Cross" in calls else set())
    named |= {"Moment"} if "Days" in calls else set()
    classes = sorted((named | {"Feature"}) - {"Topics"})
    return {
        "feature_sets": [
            {"name": name, "lines": lines, "ending": _ending(lines, len(sets))}
            for name, lines in zip(names, sets, strict=True)
        ],
        "reads": reads,
        "feature_classes": ", ".join(classes),
        "group_text": group_text,
        "has_quotes": any('"' in column.name for column in origin.schema),
        "units": {name: unit for name, unit in units.items() if unit != CLOCK},
        "clocks": tuple(name for name, unit in units.items() if unit == CLOCK),
        "clock_pattern": _halves(f"^{CLOCK_TEXT}$", "(?: ?(?P<p>"),
        "has_decimal_commas": origin.has_decimal_commas,
        "comma_pattern": _halves(COMMA_NUMBER, "([eE]"),
        "has_number": "Number" in used,
        "has_sentinels": any("missing=" in line for line in _numbers([*sets, read_lines])),
        "has_truth": "Truth" in used,
        "has_moment": "Moment" in named,
        "has_days": "Days" in calls,
        "has_moments_read": "Moment" in named or by_time,
        "has_text": has_category or bool(used & {"Text", "Topics"}) or bool(group_text),
        "has_topics": "Topics" in calls,
        "has_level_topics": any("each_level_once" in line for lines in sets for line in lines),
        "has_category": has_category,
        "has_cross": "Cross" in calls,
        "has_levels": "level" in beside,
        "has_mean_beside": "mean" in beside,
        "has_beside": bool(beside - {""}),
        "has_means": "mean" in beside or "Cross" in calls,
        "category_ending": _beside_words(beside),
        "missing_texts": tuple(sorted(ALWAYS_MISSING)),
        "sets_by_member": [names[sets.index(_written(each.features, origin))] for each in members],
    }


def _halves(pattern: str, second: str) -> tuple[str, str]:
    """Return a long pattern in two lines, by where the second begins."""
    first, found, rest = pattern.partition(second)
    return first, found + rest


def _numbers(sets: Sequence[Sequence[str]]) -> list[str]:
    return [line for lines in sets for line in lines if line.startswith("Number(")]


def _reads(carried: Carried, origin: Origin) -> tuple[str, ...]:
    """Return the entries of a dictionary from values to what reads them."""
    methods = {"Text": "read"}
    entries = []
    for value, feature in carried.reads.items():
        key, method = f"{literal(value)}: ", methods.get(feature.kind, "transform")
        entries.append(f"{key}{_feature(feature, origin, indent=12, taken=len(key))}.{method}")
    return tuple(entries)


def _group_text(origin: Origin) -> str:
    """Return what reads the groups of a split; empty where they are numbers, or there are none."""
    split = origin.split
    if split is None or split.kind != "group":
        return ""
    is_text = origin.schema[split.column].value_type == "string"
    return _text("Text", split.column, origin, {}, indent=4) if is_text else ""


def _set_names(count: int) -> list[str]:
    return ["features"] if count == 1 else [f"features_{number}" for number in range(1, count + 1)]


def _ending(lines: Sequence[str], sets: int) -> str:
    if sets == 1:
        return " of each member"
    crossed = any(line.startswith("Cross(") for line in lines)
    return ", pairs of categories among them" if crossed else " without pairs of categories"


def _beside_words(beside: set[str]) -> str:
    words = {"level": "a column per level (few levels)", "mean": "the target's mean (many levels)"}
    said = [words[each] for each in ("level", "mean") if each in beside]
    return f", with {' or '.join(said)}" if said else ""


def _written(features: Sequence[Feature], origin: Origin) -> tuple[str, ...]:
    return tuple(_feature(each, origin) for each in features)


def _feature(feature: Feature, origin: Origin, indent: int = 8, taken: int = 0) -> str:
    if feature.kind == "Cross":
        sides = [_text("Category", name, origin, {}, indent + 4) for name in feature.columns]
        return _call("Cross", sides, indent)
    if feature.kind == "Days":
        parts = {"parts": ("epoch_day",)}
        ends = [_moment(name, origin, parts, indent + 4) for name in feature.columns]
        return _call("Days", ends, indent)
    name, options = feature.columns[0], feature.options
    column = origin.schema[name]
    if feature.kind == "Topics":
        each_level_once = column.kind != Kind.TEXT
        return _text(
            "Topics", name, origin, {**options, "each_level_once": each_level_once}, indent
        )
    if feature.kind in ("Category", "Text"):
        return _text(feature.kind, name, origin, options, indent, taken)
    if feature.kind == "Moment":
        return _moment(name, origin, options, indent, taken)
    if column.kind == Kind.BOOLEAN:
        return _call("Truth", [literal(name)], indent, taken)
    missing = tuple(sorted(missing_numbers_of(column)))
    return _call("Number", [literal(name), *_options({"missing": missing})], indent, taken)


def _moment(
    name: str, origin: Origin, options: Mapping[str, object], indent: int, taken: int = 0
) -> str:
    written = {**options, "format": polars_format(origin.schema[name].datetime_format)}
    return _call("Moment", [literal(name), *_options(written)], indent, taken)


def _text(
    kind: str, name: str, origin: Origin, options: Mapping[str, object], indent: int, taken: int = 0
) -> str:
    column = origin.schema[name]
    further = {**options, "missing": column.missing_tokens, "whole": _is_whole(column)}
    return _call(kind, [literal(name), *_options(further)], indent, taken)


def _is_whole(column: Column) -> bool:
    return column.kind == Kind.CODED or column.source_type.startswith("Float")


def _options(options: Mapping[str, object]) -> list[str]:
    return [f"{key}={literal(value)}" for key, value in options.items() if value]


def _call(name: str, arguments: Sequence[str], indent: int, taken: int = 0) -> str:
    line = f"{name}({', '.join(arguments)})"
    # A method may follow, and a comma.
    if indent + taken + len(line) + len(".transform,") <= _LINE and "\n" not in line:
        return line
    inner = "".join(f"{' ' * (indent + 4)}{each},\n" for each in arguments)
    return f"{name}(\n{inner}{' ' * indent})"


def polars_format(strptime: str) -> str:
    """Return a format of Python's strptime as polars writes it.

    Examples
    --------
    >>> polars_format("%d.%m.%Y %H:%M:%S.%f")
    '%d.%m.%Y %H:%M:%S%.f'
    """
    for ours, theirs in _TIMES.items():
        strptime = strptime.replace(ours, theirs)
    return strptime


def is_by_moment(origin: Origin) -> bool:
    """Say whether the holdout begins at a moment, not at a number."""
    split = origin.split
    return bool(
        split
        and split.kind == "time"
        and split.column in origin.schema
        and origin.schema[split.column].value_type == "datetime"
    )
