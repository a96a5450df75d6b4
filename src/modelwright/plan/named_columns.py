"""The columns that a brief names, checked against the table."""

import shlex
from collections.abc import Collection, Iterator, Sequence

import msgspec
import polars as pl

from modelwright.data.inference.names import sounds_like_time
from modelwright.data.schema import Kind, Role, Schema
from modelwright.documents import Brief
from modelwright.errors import (
    BriefError,
    SchemaError,
    SourceError,
    UnknownColumnError,
    nearest,
)

_MOST_UNREAD = 0.05
_OF_PARTS = ("exclude", "keep", "roles")
"""Keys that may name a number of cells that hold several."""


def check_brief(brief: Brief, table: pl.DataFrame) -> None:
    """Raise when a table cannot be planned for, or the brief names what it does not have.

    Parameters
    ----------
    brief
        The question.
    table
        As the source returned it.

    Raises
    ------
    SourceError
        When there are fewer than two rows.
    UnknownColumnError
        When a column is not there; the nearest name is offered.
    BriefError
        When two keys contradict each other.
    """
    if len(table) < 2:
        had = "columns but no rows" if table.width else "no columns"
        raise SourceError(
            f"{brief.data} has {'only one row' if len(table) else had}.",
            "Give some hundred rows at least: the model learns from them and is tested on others.",
        )
    for key, name in _named(brief):
        if name not in table.columns and not _may_be_part(key, name, table.columns):
            raise UnknownColumnError(
                f"There is no column {name!r} (`{key}`).",
                _hint(key, name, table.columns),
                key=key,
            )
    _check_agreement(brief)


def named_whole(brief: Brief) -> tuple[str, ...]:
    """Return the columns that stay one each, whatever their cells hold: the brief names them.

    Parameters
    ----------
    brief
        The question; what it names by its own key, or as the key of a related table.
    """
    related = (ours for source in brief.related.values() for ours, _ in source.key_pairs)
    named = (brief.time, brief.group, brief.moment, *brief.exclude, *related)
    return tuple(filter(None, named))


def check_parts(brief: Brief, schema: Schema) -> None:
    """Raise when the brief names a number of cells that do not hold several.

    Raises
    ------
    UnknownColumnError
        With the nearest column.
    """
    for key in _OF_PARTS:
        for name in getattr(brief, key):
            if not parts_of([name], schema):
                raise UnknownColumnError(
                    f"There is no column {name!r} (`{key}`).",
                    _hint(key, name, [*schema.names]),
                    key=key,
                )


def parts_of(names: Collection[str], schema: Schema) -> tuple[str, ...]:
    """Return columns by name, and all that stand in cells of that name.

    Examples
    --------
    >>> from modelwright.data.schema import Column
    >>> part = Column(name="at (2)", kind=Kind.NUMERIC, unit="2nd number")
    >>> parts_of(["at"], Schema(columns=(part,)))
    ('at (2)',)
    """
    return tuple(each.name for each in schema if each.name in names or each.cell in names)


def reading_kinds(brief: Brief, table: pl.DataFrame, schema: Schema) -> dict[str, str]:
    """Return the kinds that let a column be read as what the brief names it for.

    A time can be a datetime or a number, so codes and row numbers become numbers and other texts
    datetimes; a weight is a number.

    Parameters
    ----------
    brief
        The question.
    table
        As the source returned it.
    schema
        What its columns were taken for.
    """
    kinds: dict[str, str] = {}
    for name in filter(None, (brief.time, brief.moment, brief.weight)):
        if schema[name].value_type == "string":
            numeric = name == brief.weight or _is_numeric(table[name])
            kinds[name] = str(Kind.NUMERIC if numeric else Kind.DATETIME)
    return kinds | brief.kinds


def with_key(schema: Schema, key: Sequence[str], brief: Brief, *, table: pl.DataFrame) -> Schema:
    """Return a schema in which the one column of a declared primary key is an id.

    Unless it is a moment or named like one, such as a year, or the brief names it for something.

    Parameters
    ----------
    schema
        What the columns were taken for.
    key
        The primary key that the database declares.
    brief
        The question.
    table
        As the source returned it.
    """
    named = {name for _, name in _named(brief)}
    if len(key) != 1 or key[0] not in schema or key[0] in named:
        return schema
    column = schema[key[0]]
    is_moment = column.kind == Kind.DATETIME or sounds_like_time(column.name)
    if column.role != Role.FEATURE or is_moment or table[column.name].is_duplicated().any():
        return schema
    said = "The database declares it as the primary key."
    ids = msgspec.structs.replace(column, role=Role.ID, reason=said)
    return Schema(columns=tuple(ids if each is column else each for each in schema))


def check_readings(brief: Brief, table: pl.DataFrame, frame: pl.DataFrame) -> None:
    """Raise when a column that the brief names for a purpose does not serve it.

    Parameters
    ----------
    brief
        The question.
    table, frame
        The table as it came and as it was read.

    Raises
    ------
    SchemaError
        When a time cannot be read, a weight is missing, negative or no number, or all are 0.
    """
    for time in filter(None, (brief.time, brief.moment)):
        unread = frame[time].is_null() & table[time].is_not_null()
        if unread.mean() > _MOST_UNREAD:  # type: ignore[operator]
            shown = table[time].filter(unread)[0]
            raise SchemaError(
                f"Column {time!r} cannot be read as a time in {int(unread.sum()):,} of "
                f"{len(unread):,} rows, such as {str(shown)[:80]!r}.",
                "Write times in ISO 8601 or as numbers.",
            )
    if weight := brief.weight:
        counts = (frame[weight] >= 0) & frame[weight].is_finite()
        bad = ~counts.fill_null(False)
        if bad.any():
            shown = table[weight].filter(bad)[0]
            raise SchemaError(
                f"Column {weight!r} is the weight, but holds {str(shown)[:80]!r} in "
                f"{int(bad.sum()):,} of {len(bad):,} rows.",
                "A weight is a number from 0 on in every row.",
            )
        if not (frame[weight] > 0).any():
            raise SchemaError(
                f"Column {weight!r} is the weight, but is 0 in all rows.",
                "Give those that count a number above 0, or name no weight.",
            )


def check_features(schema: Schema, exclude: tuple[str, ...]) -> None:
    """Raise when no column is left to predict from.

    Raises
    ------
    SchemaError
        With what each column is instead.
    """
    if any(column.name not in exclude for column in schema.features):
        return
    others = [
        f"{column.name!r} is {_instead(column.role, column.kind, column.name in exclude)}"
        for column in schema
        if column.role != Role.TARGET
    ]
    raise SchemaError(
        f"No column is left to predict from{': ' if others else ''}{', '.join(others[:8])}"
        f"{', …' if len(others) > 8 else ''}.",
        "Add columns, or say in `roles` and `kinds` what they are for and what they hold.",
    )


def _named(brief: Brief) -> Iterator[tuple[str, str]]:
    yield "target", brief.target
    for key in ("time", "group", "weight", "moment"):
        if name := getattr(brief, key):
            yield key, name
    for key in ("exclude", "keep", "kinds", "roles"):
        for name in getattr(brief, key):
            yield key, name


def _may_be_part(key: str, name: str, columns: list[str]) -> bool:
    """Say whether a name may be that of a number of cells that hold several, as "bp (2)"."""
    cell, opening, _ = name.rpartition(" (")
    return key in _OF_PARTS and bool(opening) and cell in columns


def _hint(key: str, name: str, columns: list[str]) -> str:
    """Return what was meant: several columns in one name are told apart."""
    parts = [part.strip() for part in name.split(",")]
    if key in ("exclude", "keep") and not set(parts).isdisjoint(columns):
        return f"Name each by itself: {' '.join(f'--{key} {shlex.quote(each)}' for each in parts)}"
    if key == "target" and len(parts) > 1 and set(parts) <= set(columns):
        return "One column is predicted at a time. Name one; exclude those that are known later."
    return nearest(name, columns)


def _check_agreement(brief: Brief) -> None:
    others = {
        "time": (brief.time,),
        "group": (brief.group,),
        "weight": (brief.weight,),
        "moment": (brief.moment,),
        "exclude": brief.exclude,
    }
    for key, names in others.items():
        if brief.target in names:
            raise BriefError(
                f"{brief.target!r} is the target and cannot be named in `{key}` too.",
                f"Take it out of `{key}`.",
            )
    if both := sorted(set(brief.exclude) & set(brief.keep)):
        raise BriefError(f"{both[0]!r} is named in `exclude` and in `keep`.", "Choose one.")
    for name, role in brief.roles.items():
        if (role == Role.TARGET) != (name == brief.target):
            raise BriefError(
                f"The target is {brief.target!r}, but `roles` says that {name!r} is {role!r}.",
                "Name the target by `target` only.",
            )


def _is_numeric(values: pl.Series) -> bool:
    known = values.drop_nulls()
    return known.dtype.is_numeric() or known.cast(pl.Float64, strict=False).null_count() == 0


def _instead(role: Role, kind: Kind, excluded: bool) -> str:
    if excluded:
        return "excluded"
    if kind == Kind.CONSTANT:
        return "a constant"
    return "an id" if role == Role.ID else f"the {role}"
