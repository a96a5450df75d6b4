"""The features of members as source code."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from modelwright.build.source.carrying import Carried
from modelwright.build.source.columns import Feature
from modelwright.build.source.lines import BLOCKS
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
    sets = list(dict.fromkeys(_written(member, origin) for member in members))
    names = _set_names(sets)
    every = [inner for member in members for each in member.features for inner in _nested(each)]
    reads = [_reads(each, origin) for each in carried]
    read_lines = [line.partition(": ")[2] for lines in reads for line in lines]
    units = {each.name: each.unit for each in origin.schema if each.unit}
    calls = {name for each in every for name in _classes(each, origin)}
    used = calls | {line.partition("(")[0] for line in read_lines}
    beside = {str(each.options.get("beside", "")) for each in every}
    by_time = origin.split is not None and is_by_moment(origin)
    group_text = _group_text(origin)
    has_category = "Category" in calls
    has_encoder = any(each.encoder == "Encoder" for each in sets)
    has_designer = any(each.encoder == "Designer" for each in sets)
    plain = used - BLOCKS - {"Topics"} | ({"Encoder"} if has_encoder else set())
    return {
        "feature_sets": [
            {"name": name, "encoder": each.encoder, "lines": each.lines, "ending": ending}
            for name, each, ending in zip(names, sets, _endings(sets), strict=True)
        ],
        "reads": reads,
        "classes": {
            "features": plain,
            "design": calls & BLOCKS - {"Curves"} | ({"Designer"} if has_designer else set()),
            "curves": calls & {"Curves"},
            "topics": calls & {"Topics"},
        },
        "has_encoder": has_encoder,
        "has_designer": has_designer,
        "has_curves": "Curves" in calls,
        "has_code": "Code" in calls,
        "has_line_levels": "Levels" in calls,
        "has_line_words": "Words" in calls,
        "has_line_characters": "Characters" in calls,
        "group_text": group_text,
        "has_quotes": any('"' in column.name for column in origin.schema),
        "units": {name: unit for name, unit in units.items() if unit != CLOCK},
        "clocks": tuple(name for name, unit in units.items() if unit == CLOCK),
        "clock_pattern": _halves(f"^{CLOCK_TEXT}$", "(?: ?(?P<p>"),
        "has_decimal_commas": origin.has_decimal_commas,
        "comma_pattern": _halves(COMMA_NUMBER, "([eE]"),
        "has_number": "Number" in used,
        "has_sentinels": _has_sentinels(every, read_lines, origin),
        "has_truth": "Truth" in used,
        "has_moment": "Moment" in used,
        "has_days": "Days" in calls,
        "has_moments_read": "Moment" in used or by_time,
        "has_text": has_category or bool(used & {"Text", "Topics"}) or bool(group_text),
        "has_ranks": any(each.encoder == "Encoder" for each in sets) and has_category,
        "has_topics": "Topics" in calls,
        "has_level_topics": any(
            each.kind == "Topics" and origin.schema[each.columns[0]].kind != Kind.TEXT
            for each in every
        ),
        "has_category": has_category,
        "has_cross": "Cross" in calls,
        "has_levels": "level" in beside,
        "has_mean_beside": "mean" in beside,
        "has_beside": bool(beside - {""}),
        "has_means": "mean" in beside or "Cross" in calls,
        "category_ending": _beside_words(beside),
        "missing_texts": tuple(sorted(ALWAYS_MISSING)),
        "sets_by_member": [names[sets.index(_written(each, origin))] for each in members],
    }


def _halves(pattern: str, second: str) -> tuple[str, str]:
    """Return a long pattern in two lines, by where the second begins."""
    first, found, rest = pattern.partition(second)
    return first, found + rest


@dataclass(frozen=True)
class _Set:
    """What some members read, as lines of code, and what puts it together."""

    encoder: str
    lines: tuple[str, ...]


def _nested(feature: Feature) -> list[Feature]:
    """Return a feature and those that it holds."""
    inner = feature.options.get("of")
    return [feature, *(_nested(inner) if isinstance(inner, Feature) else ())]


def _classes(feature: Feature, origin: Origin) -> set[str]:
    further = {"Cross": {"Category"}, "Days": {"Moment"}}
    is_truth = feature.kind == "Number" and origin.schema[feature.columns[0]].kind == Kind.BOOLEAN
    kind = "Truth" if is_truth else feature.kind
    return {kind} | further.get(kind, set())


def _has_sentinels(features: Sequence[Feature], lines: Sequence[str], origin: Origin) -> bool:
    numbers = [each.columns[0] for each in features if each.kind == "Number"]
    carried = any(line.startswith("Number(") and "missing=" in line for line in lines)
    return carried or any(missing_numbers_of(origin.schema[name]) for name in numbers)


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


def _set_names(sets: Sequence[_Set]) -> list[str]:
    """Return ``features`` or ``lines``, with numbers where there are several of a kind."""
    names: list[str] = []
    for each in sets:
        name = "lines" if each.encoder == "Designer" else "features"
        alike = [other for other in sets if other.encoder == each.encoder]
        names.append(name if len(alike) == 1 else f"{name}_{alike.index(each) + 1}")
    return names


def _endings(sets: Sequence[_Set]) -> list[str]:
    several = sum(each.encoder == "Encoder" for each in sets) > 1
    alone = " of each member" if len(sets) == 1 else " that the other members read"
    return [_ending(each, alone="" if several else alone) for each in sets]


def _ending(of: _Set, *, alone: str) -> str:
    if of.encoder == "Designer":
        return " that a linear model reads"
    if alone:
        return alone
    crossed = any(line.startswith("Cross(") for line in of.lines)
    return ", pairs of categories among them" if crossed else " without pairs of categories"


def _beside_words(beside: set[str]) -> str:
    words = {"level": "a column per level (few levels)", "mean": "the target's mean (many levels)"}
    said = [words[each] for each in ("level", "mean") if each in beside]
    return f", with {' or '.join(said)}" if said else ""


def _written(member: Member, origin: Origin) -> _Set:
    lines = tuple(_feature(each, origin, indent=12) for each in member.features)
    return _Set("Designer" if member.is_linear else "Encoder", lines)


def _feature(feature: Feature, origin: Origin, indent: int = 8, taken: int = 0) -> str:
    if feature.kind == "Cross":
        sides = [_text("Category", name, origin, {}, indent + 4) for name in feature.columns]
        return _call("Cross", sides, indent)
    if feature.kind == "Days":
        parts = {"parts": ("epoch_day",)}
        ends = [_moment(name, origin, parts, indent + 4) for name in feature.columns]
        return _call("Days", ends, indent)
    name, options = feature.columns[0], feature.options
    inner = options.get("of")
    if isinstance(inner, Feature):
        own = {key: value for key, value in options.items() if key != "of"}
        return _call(
            feature.kind, [_feature(inner, origin, indent + 4), *_options(own)], indent, taken
        )
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
