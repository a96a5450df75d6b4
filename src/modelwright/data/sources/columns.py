"""Names and types of columns on which every source agrees."""

from collections import Counter
from collections.abc import Sequence

import polars as pl

from modelwright.errors import SchemaError


def named(names: Sequence[str | None]) -> tuple[list[str], tuple[str, ...]]:
    """Give columns without a name one that says their position.

    Returns
    -------
    tuple
        The names, and a sentence about those that were made up.

    Raises
    ------
    SchemaError
        When a name occurs twice.

    Examples
    --------
    >>> named(["a", "", "b"])
    (['a', 'column_2', 'b'], ("Columns without a name are called 'column_2'.",))
    """
    found = [name or f"column_{position}" for position, name in enumerate(names, 1)]
    check_unique(found)
    made_up = [one for one, name in zip(found, names, strict=True) if not name]
    return found, (f"Columns without a name are called {listed(made_up)}.",) * bool(made_up)


def listed(names: Sequence[str]) -> str:
    """Return names for a sentence, at most eight of them.

    Examples
    --------
    >>> listed(["a", "b"])
    "'a', 'b'"
    """
    shown = ", ".join(repr(name) for name in names[:8])
    return f"{shown} and {len(names) - 8} more" if len(names) > 8 else shown


def check_unique(names: Sequence[str]) -> None:
    """Raise a SchemaError that says which names occur more than once.

    Examples
    --------
    >>> check_unique(["a", "b", "a"])
    Traceback (most recent call last):
    ...
    modelwright.errors.SchemaError: Column names must differ, but 'a' occurs 2 times. Rename them.
    """
    doubled = [(name, count) for name, count in Counter(names).items() if count > 1]
    if doubled:
        shown = ", ".join(f"{name!r} occurs {count} times" for name, count in doubled[:5])
        more = f", and {len(doubled) - 5} others" if len(doubled) > 5 else ""
        raise SchemaError(f"Column names must differ, but {shown}{more}.", "Rename them.")


def settle(frame: pl.DataFrame) -> tuple[pl.DataFrame, tuple[str, ...]]:
    """Return a table of plain columns: structs become one column per field.

    Parameters
    ----------
    frame
        Any table.

    Returns
    -------
    tuple
        The table, and a sentence for each column that was changed.

    Raises
    ------
    SchemaError
        When a column holds lists, bytes or objects, or a flattened name exists already.

    Examples
    --------
    >>> frame, facts = settle(pl.DataFrame({"a": [{"x": 1, "y": 2}]}))
    >>> frame.columns, facts
    (['a.x', 'a.y'], ("Column 'a' is nested and became 'a.x', 'a.y'.",))
    """
    facts: list[str] = []
    while nested := [name for name, dtype in frame.schema.items() if dtype == pl.Struct]:
        facts += [_flattening(name, frame.schema[name]) for name in nested]
        frame = _flatten(frame)
    for name, dtype in frame.schema.items():
        if not _is_plain(dtype):
            raise SchemaError(
                f"Column {name!r} holds values of type {dtype}, which no model can read.",
                "Leave it out, or turn it into numbers or text.",
            )
    untyped = [name for name, dtype in frame.schema.items() if dtype == pl.Null]
    return frame.with_columns(pl.col(untyped).cast(pl.String)), tuple(facts)


def are_plain(schema: pl.Schema) -> bool:
    """Return whether `settle` leaves such a table as it is.

    Examples
    --------
    >>> are_plain(pl.Schema({"a": pl.Int64})), are_plain(pl.Schema({"a": pl.Null}))
    (True, False)
    """
    return all(_is_plain(dtype) and dtype != pl.Null for dtype in schema.values())


def _is_plain(dtype: pl.DataType) -> bool:
    plain = (pl.Boolean, pl.String, pl.Categorical, pl.Enum, pl.Null)
    return dtype.is_numeric() or dtype.is_temporal() or isinstance(dtype, plain)


def _fields(name: str, dtype: pl.DataType) -> list[str]:
    assert isinstance(dtype, pl.Struct)
    return [f"{name}.{field.name}" for field in dtype.fields]


def _flattening(name: str, dtype: pl.DataType) -> str:
    became = listed(_fields(name, dtype)) or "nothing, it has no fields"
    return f"Column {name!r} is nested and became {became}."


def _flatten(frame: pl.DataFrame) -> pl.DataFrame:
    columns: list[pl.Expr] = []
    for name, dtype in frame.schema.items():
        if isinstance(dtype, pl.Struct):
            columns += [
                pl.col(name).struct.field(field.name).alias(f"{name}.{field.name}")
                for field in dtype.fields
            ]
        else:
            columns.append(pl.col(name))
    check_unique([column.meta.output_name() for column in columns])
    return frame.select(columns)
