"""A raw table's schema: the kind and role of each column, each with its reason.

Every decision is made on all rows; what a person says in the brief wins over what is inferred.
"""

from collections.abc import Collection, Mapping, Sequence
from enum import StrEnum
from typing import TypeVar

import polars as pl

from modelwright.data.inference.kinds import judge
from modelwright.data.inference.texts import best_datetime_format
from modelwright.data.inference.verdict import ColumnFacts, Verdict
from modelwright.data.schema import Column, Kind, Role, Schema
from modelwright.data.values.forms import FIRST
from modelwright.data.values.several import several_in
from modelwright.errors import BriefError, SchemaError, nearest

_Choice = TypeVar("_Choice", bound=StrEnum)
_ROLE_OF_KIND = {Kind.ID: Role.ID, Kind.CONSTANT: Role.IGNORED}


def infer_schema(
    table: pl.DataFrame,
    *,
    target: str | None = None,
    kinds: Mapping[str, str] = {},
    roles: Mapping[str, str] = {},
    whole: Collection[str] = (),
) -> Schema:
    """Infer what each column holds and what it is for.

    The roles inferred are target, id and ignored (constants); everything else is a feature until
    the plan decides on group, time and weight.

    Parameters
    ----------
    table
        As a source delivers it: all columns are String from text files, typed from others.
    target
        The column to predict.
    kinds, roles
        By column, the value of a `Kind` or `Role` that wins over the inference. A role may be that
        of one number of cells that hold several, such as "bp (2)".
    whole
        Further columns that stay one each, though their cells hold several numbers.

    Raises
    ------
    SchemaError
        If a column named does not exist, or cannot be read as the kind wanted.
    BriefError
        If a kind or role named does not exist.

    Examples
    --------
    >>> table = pl.DataFrame({"age": ["39", "?", "50"], "late": ["yes", "no", "no"]})
    >>> for column in infer_schema(table, target="late"):
    ...     print(column.name, column.kind, column.role, column.missing_tokens)
    age numeric feature ('?',)
    late categorical target ()
    """
    for name in (*([] if target is None else [target]), *kinds):
        _check_exists(name, table)
    wanted_kinds = {name: _choice(Kind, kinds[name], name) for name in kinds}
    wanted_roles = {name: _choice(Role, roles[name], name) for name in roles}
    if target is not None:
        wanted_roles = {target: Role.TARGET, **wanted_roles}
    wanted = {*wanted_kinds, *wanted_roles, *whole}
    is_typed = any(series.dtype not in (pl.String, pl.Null) for series in table)
    names = table.columns
    schema = Schema(
        columns=tuple(
            column
            for series in table
            for column in (
                _pieces(series, names, wanted, wanted_roles)
                or (
                    _column(
                        series,
                        kind=wanted_kinds.get(series.name),
                        role=wanted_roles.get(series.name),
                        is_declared_text=is_typed and series.dtype == pl.String,
                    ),
                )
            )
        )
    )
    for name in roles:
        schema[name]
    return schema


def _pieces(
    series: pl.Series, names: Sequence[str], wanted: Collection[str], roles: Mapping[str, Role]
) -> tuple[Column, ...]:
    """Return a column for each number of its cells, where they hold several."""
    if series.name in wanted:
        return ()
    pieces = several_in(series)
    if pieces and _is_read_whole(judge(series, ColumnFacts(series.name))):
        return ()
    columns = tuple(
        Column(
            name=f"{series.name} ({piece.place})",
            kind=Kind.NUMERIC,
            role=roles.get(f"{series.name} ({piece.place})", Role.FEATURE),
            source_type=str(series.dtype),
            unit=piece.unit,
            reason=piece.evidence,
        )
        for piece in pieces
    )
    return () if any(column.name in names for column in columns) else columns


def _is_read_whole(verdict: Verdict) -> bool:
    """Say whether cells of several numbers tell one thing, such as a day or a duration."""
    is_number = verdict.kind == Kind.NUMERIC and verdict.unit != FIRST
    return is_number or verdict.kind == Kind.DATETIME


def _check_exists(name: str, table: pl.DataFrame) -> None:
    if name not in table.columns:
        raise SchemaError(f"There is no column {name!r}.", nearest(name, table.columns))


def _choice(choices: type[_Choice], wanted: str, column: str) -> _Choice:
    known = [str(choice) for choice in choices]
    if wanted not in known:
        sort = choices.__name__.lower()
        raise BriefError(
            f"Column {column!r} has the {sort} {wanted!r}, which does not exist.",
            nearest(wanted, known),
        )
    return choices(wanted)


def _column(
    series: pl.Series, *, kind: Kind | None, role: Role | None, is_declared_text: bool
) -> Column:
    facts = ColumnFacts(series.name, role == Role.TARGET, is_declared_text)
    verdict = judge(series, facts)
    if kind is not None:
        verdict = _overruled(verdict, series, kind)
    return Column(
        name=series.name,
        kind=verdict.kind,
        role=role or _ROLE_OF_KIND.get(verdict.kind, Role.FEATURE),
        source_type=str(series.dtype),
        missing_tokens=verdict.missing_tokens,
        datetime_format=verdict.datetime_format,
        unit=verdict.unit,
        reason=verdict.reason,
    )


def _overruled(verdict: Verdict, series: pl.Series, kind: Kind) -> Verdict:
    datetime_format = verdict.datetime_format
    if kind == Kind.DATETIME and verdict.kind != Kind.DATETIME:
        datetime_format = _format_of(series)
    reason = f"Set to {kind} in the brief; inferred {verdict.kind}: {verdict.reason}"
    return Verdict(
        kind,
        reason,
        verdict.missing_tokens,
        datetime_format if kind == Kind.DATETIME else "",
        verdict.unit if kind == Kind.NUMERIC else "",
    )


def _format_of(series: pl.Series) -> str:
    if series.dtype in (pl.Date, pl.Datetime):
        return ""
    known = best_datetime_format(series)
    if known is None:
        shown = next((str(value) for value in series.drop_nulls().head(1)), "")
        raise SchemaError(
            f"Column {series.name!r} cannot be read as datetime; it holds {shown!r}.",
            "Write datetimes in ISO 8601, or leave the kind to be inferred.",
        )
    return known
