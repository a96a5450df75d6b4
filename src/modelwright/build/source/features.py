"""The features of members as source code."""

from collections.abc import Mapping, Sequence
from itertools import chain
from typing import Any

from modelwright.build.source.columns import Feature
from modelwright.build.source.literals import literal
from modelwright.build.source.members import Member
from modelwright.build.source.origin import Origin
from modelwright.data.cells import ALWAYS_MISSING, missing_numbers_of
from modelwright.data.schema import Column, Kind

_TIMES = {"%S.%f": "%S%.f"}
"""Python's notation and that of polars, where they differ."""
_LINE = 100


def describe_features(members: Sequence[Member], origin: Origin) -> dict[str, Any]:
    """Return what the templates are told of features."""
    sets = list(dict.fromkeys(_written(member.features, origin) for member in members))
    names = _set_names(len(sets))
    every = list(chain.from_iterable(member.features for member in members))
    calls = {line.partition("(")[0] for lines in sets for line in lines}
    beside = {str(each.options.get("beside", "")) for each in every}
    has_cross = "Cross" in calls
    has_category = has_cross or "Category" in calls
    by_time = origin.split is not None and is_by_moment(origin)
    classes = sorted(calls | {"Feature"} | ({"Category"} if has_cross else set()))
    return {
        "feature_sets": [
            {"name": name, "lines": lines, "ending": _ending(lines, len(sets))}
            for name, lines in zip(names, sets, strict=True)
        ],
        "feature_classes": ", ".join(classes),
        "has_quotes": any('"' in column.name for column in origin.schema),
        "has_number": "Number" in calls,
        "has_sentinels": any(
            "missing=" in line for lines in sets for line in lines if line.startswith("Number(")
        ),
        "has_truth": "Truth" in calls,
        "has_moment": "Moment" in calls,
        "has_moments_read": "Moment" in calls or by_time,
        "has_category": has_category,
        "has_cross": has_cross,
        "has_levels": "level" in beside,
        "has_mean_beside": "mean" in beside,
        "has_beside": bool(beside - {""}),
        "has_means": "mean" in beside or has_cross,
        "category_ending": _beside_words(beside),
        "missing_texts": tuple(sorted(ALWAYS_MISSING)),
        "sets_by_member": [names[sets.index(_written(each.features, origin))] for each in members],
    }


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


def _feature(feature: Feature, origin: Origin) -> str:
    if feature.kind == "Cross":
        left, right = (_category(name, origin, {}) for name in feature.columns)
        return _call("Cross", [left, right])
    name = feature.columns[0]
    if feature.kind == "Category":
        return _category(name, origin, feature.options)
    column = origin.schema[name]
    if feature.kind == "Moment":
        options = {**feature.options, "format": polars_format(column.datetime_format)}
        return _call("Moment", [literal(name), *_options(options)])
    if column.kind == Kind.BOOLEAN:
        return _call("Truth", [literal(name)])
    missing = tuple(sorted(missing_numbers_of(column)))
    return _call("Number", [literal(name), *_options({"missing": missing})])


def _category(name: str, origin: Origin, options: Mapping[str, object]) -> str:
    column = origin.schema[name]
    further = {**options, "missing": column.missing_tokens, "whole": _is_whole(column)}
    return _call("Category", [literal(name), *_options(further)])


def _is_whole(column: Column) -> bool:
    return column.kind == Kind.CODED or column.source_type.startswith("Float")


def _options(options: Mapping[str, object]) -> list[str]:
    return [f"{key}={literal(value)}" for key, value in options.items() if value]


def _call(name: str, arguments: Sequence[str]) -> str:
    line = f"{name}({', '.join(arguments)})"
    if len(line) + 9 <= _LINE:
        return line
    inner = "".join(f"            {each},\n" for each in arguments)
    return f"{name}(\n{inner}        )"


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
