"""What the templates are told of features."""

import re
from collections.abc import Sequence
from typing import Any

from modelwright.build.source.carrying import Carried
from modelwright.build.source.columns import Feature
from modelwright.build.source.lines import BLOCKS
from modelwright.build.source.literals import literal
from modelwright.build.source.members import Member
from modelwright.build.source.origin import Origin
from modelwright.build.source.sets import endings_of, names_of, set_of
from modelwright.build.source.writing import write_feature, write_text
from modelwright.data.schema import Kind, Schema
from modelwright.data.sources.decimals import COMMA_NUMBER, GROUPED_NUMBER
from modelwright.data.sources.files import WORKBOOKS
from modelwright.data.sources.titles import TOTAL
from modelwright.data.values.cells import (
    ALWAYS_MISSING,
    DECORATED_NUMBER,
    NUMBER,
    missing_numbers_of,
)
from modelwright.data.values.forms import FORMS
from modelwright.data.values.measures import CLOCK, CLOCK_TEXT
from modelwright.data.values.moments import DIGITS, QUARTER, UNIX, WEEK


def describe_features(
    members: Sequence[Member], carried: Sequence[Carried], origin: Origin
) -> dict[str, Any]:
    """Return what the templates are told of features."""
    sets = list(dict.fromkeys(set_of(member, origin) for member in members))
    names = names_of(sets)
    read = [each for member in members for each in (*member.features, *member.times)]
    every = [inner for each in read for inner in _nested(each)]
    reads = [_reads(each, origin) for each in carried]
    read_lines = [line.partition(": ")[2] for lines in reads for line in lines]
    calls = {name for each in every for name in _classes(each, origin)}
    used = calls | {line.partition("(")[0] for line in read_lines}
    encoders = {each.encoder for each in sets}
    return {
        "feature_sets": [
            {"name": name, "encoder": each.encoder, "lines": each.lines, "ending": ending}
            for name, each, ending in zip(names, sets, endings_of(sets), strict=True)
        ],
        "sets_by_member": [names[sets.index(set_of(each, origin))] for each in members],
        "reads": reads,
        "classes": {
            "features": used - BLOCKS - {"Topics", "Flags"} | (encoders & {"Encoder"}),
            "design": calls & BLOCKS - {"Curves"} | (encoders & {"Designer"}),
            "curves": calls & {"Curves"},
            "topics": calls & {"Topics", "Flags"},
        },
        **_kinds(calls, used, encoders),
        **_categories(every, calls),
        **_cells(used, origin),
        "has_sentinels": _has_sentinels(every, read_lines, origin),
        "has_level_topics": any(
            each.kind == "Topics" and origin.schema[each.columns[0]].kind != Kind.TEXT
            for each in every
        ),
        "has_topic_runs": any(
            each.kind in ("Topics", "Flags") and "lengths" in each.options for each in every
        ),
    }


def _kinds(calls: set[str], used: set[str], encoders: set[str]) -> dict[str, bool]:
    """Say which classes there are."""
    return {
        "has_encoder": "Encoder" in encoders,
        "has_designer": "Designer" in encoders,
        "has_curves": "Curves" in calls,
        "has_code": "Code" in calls,
        "has_line_levels": "Levels" in calls,
        "has_week_hours": "WeekHours" in calls,
        "has_line_words": "Words" in calls,
        "has_line_characters": "Characters" in calls,
        "has_number": "Number" in used,
        "has_truth": "Truth" in used,
        "has_moment": "Moment" in used,
        "has_days": "Days" in calls,
        "has_topics": "Topics" in calls,
        "has_flags": "Flags" in calls,
        "has_cross": "Cross" in calls,
        "has_category": "Category" in calls,
        "has_ranks": "Encoder" in encoders and "Category" in calls,
    }


def _categories(features: Sequence[Feature], calls: set[str]) -> dict[str, Any]:
    """Tell what stands beside the rank of a level."""
    beside = {str(each.options.get("beside", "")) for each in features}
    return {
        "has_levels": "level" in beside,
        "has_mean_beside": "mean" in beside,
        "has_beside": bool(beside - {""}),
        "has_means": "mean" in beside or "Cross" in calls,
        "category_ending": _beside_words(beside),
    }


def _cells(used: set[str], origin: Origin) -> dict[str, Any]:
    """Tell how cells are written."""
    units = {each.name: each.unit for each in origin.schema if each.unit}
    forms = {
        each.name: (each.cell, FORMS[each.unit]) for each in origin.schema if each.unit in FORMS
    }
    group_text = _group_text(origin)
    moments = {each.datetime_format for each in origin.schema}
    return {
        "group_text": group_text,
        "has_quotes": any('"' in column.name for column in origin.schema),
        "units": {name: unit for name, unit in units.items() if unit not in (CLOCK, *FORMS)},
        "forms": forms,
        "has_plain_first": any(not form.is_tried_first for _, form in forms.values()),
        "plain_pattern": (
            *_halves(f"^(?:{NUMBER}", "|[+-]?(?:inf"),
            *_halves(f"|{DECORATED_NUMBER})$", "(?:(?:[0-9]{1,3}"),
        ),
        "clocks": tuple(name for name, unit in units.items() if unit == CLOCK),
        "clock_pattern": _halves(f"^{CLOCK_TEXT}$", "(?: ?(?P<p>"),
        "has_quarters": QUARTER in moments,
        "has_weeks": WEEK in moments,
        "has_digits": not moments.isdisjoint({*DIGITS} - {*UNIX}),
        "has_zones": any("%z" in each for each in moments),
        "has_counts": not moments.isdisjoint(UNIX),
        "has_decimal_commas": origin.has_decimal_commas,
        "has_lines_around": origin.has_lines_around,
        "encoding": "cp1252" if origin.encoding == "utf-8" else origin.encoding,
        "has_workbook": origin.is_workbook,
        "workbooks": WORKBOOKS,
        "has_numbered": _has_numbered(origin.schema),
        "names": origin.schema.names,
        "total_pattern": _halves(TOTAL, "|gesamtsumme"),
        "grouped_pattern": _halves(GROUPED_NUMBER, "(?:\\."),
        "comma_pattern": _halves(COMMA_NUMBER, "(?:,"),
        "has_moments_read": "Moment" in used or origin.is_by_moment,
        "has_text": bool(used & {"Category", "Text", "Topics", "Flags"}) or bool(group_text),
        "missing_texts": tuple(sorted(ALWAYS_MISSING)),
    }


def _has_numbered(schema: Schema) -> bool:
    """Say whether columns may have got their names from their places, or from those of others."""
    return any(re.fullmatch(r"column_\d+|.+_\d+", each.cell) for each in schema)


def _halves(pattern: str, second: str) -> tuple[str, str]:
    """Return a long pattern in two lines, by where the second begins."""
    first, found, rest = pattern.partition(second)
    return first, found + rest


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
        entries.append(f"{key}{write_feature(feature, origin, indent=12, taken=len(key))}.{method}")
    return tuple(entries)


def _group_text(origin: Origin) -> str:
    """Return what reads the groups of a split; empty where they are numbers, or there are none."""
    split = origin.split
    if split is None or split.kind != "group":
        return ""
    is_text = origin.schema[split.column].value_type == "string"
    return write_text("Text", split.column, origin, {}, indent=4) if is_text else ""


def _beside_words(beside: set[str]) -> str:
    words = {"level": "a column per level (few levels)", "mean": "the target's mean (many levels)"}
    said = [words[each] for each in ("level", "mean") if each in beside]
    return f", with {' or '.join(said)}" if said else ""
