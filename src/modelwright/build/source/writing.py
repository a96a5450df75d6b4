"""The features of members as source code."""

from collections.abc import Mapping, Sequence

from modelwright.build.source.columns import Feature
from modelwright.build.source.literals import literal
from modelwright.build.source.members import Rise
from modelwright.build.source.origin import Origin
from modelwright.data.schema import Column, Kind
from modelwright.data.values.cells import missing_numbers_of

_TIMES = {"%S.%f": "%S%.f"}
"""Python's notation and that of polars, where they differ."""
_LINE = 100


def write_feature(feature: Feature, origin: Origin, indent: int = 8, taken: int = 0) -> str:
    """Return the call that makes a feature in the project.

    Parameters
    ----------
    feature
        What is made.
    origin
        The table, whose columns say how they are read.
    indent, taken
        Where the call stands in its line, as `literal` takes them.
    """
    if feature.kind == "Cross":
        sides = [write_text("Category", name, origin, {}, indent + 4) for name in feature.columns]
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
            feature.kind, [write_feature(inner, origin, indent + 4), *_options(own)], indent, taken
        )
    column = origin.schema[name]
    if feature.kind == "Topics":
        each_level_once = column.kind != Kind.TEXT
        return write_text(
            "Topics", name, origin, {**options, "each_level_once": each_level_once}, indent
        )
    if feature.kind in ("Category", "Text", "Flags"):
        return write_text(feature.kind, name, origin, options, indent, taken)
    if feature.kind == "Moment":
        return _moment(name, origin, options, indent, taken)
    if column.kind == Kind.BOOLEAN:
        return _call("Truth", [literal(name)], indent, taken)
    missing = tuple(sorted(missing_numbers_of(column)))
    return _call("Number", [literal(name), *_options({"missing": missing})], indent, taken)


def write_rise(rise: Rise, origin: Origin, indent: int) -> str:
    """Return the call that makes a trend in the project; as `write_feature` takes the rest."""
    inner = [
        write_feature(rise.time, origin, indent + 4),
        f"ends={literal(rise.ends)}",
        f"rises={literal(rise.rises)}",
        f"unknown={literal(rise.unknown)}",
    ]
    return _call("Trend", inner, indent)


def _moment(
    name: str, origin: Origin, options: Mapping[str, object], indent: int, taken: int = 0
) -> str:
    written = {**options, "format": polars_format(origin.schema[name].datetime_format)}
    return _call("Moment", [literal(name), *_options(written)], indent, taken)


def write_text(
    kind: str, name: str, origin: Origin, options: Mapping[str, object], indent: int, taken: int = 0
) -> str:
    """Return the call that makes a feature of texts.

    Parameters
    ----------
    kind
        The class.
    name
        The column.
    origin, indent, taken
        As `write_feature` takes them.
    options
        Further arguments.
    """
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
