"""Names and types of columns on which every source agrees."""

from collections import Counter
from collections.abc import Sequence

import polars as pl

from modelwright.errors import SchemaError

BAR = "|"
"""What stands between the values of a list that is written as a text."""
_LOOKED_AT = 100


def named(names: Sequence[str | None]) -> tuple[list[str], tuple[str, ...]]:
    """Give columns without a name one that says their position, and doubled names a number.

    Returns
    -------
    tuple
        The names, and sentences about those that were made up.

    Examples
    --------
    >>> named(["a", "", "b"])
    (['a', 'column_2', 'b'], ("Columns without a name are called 'column_2'.",))
    >>> named(["a", "a"])
    (['a', 'a_2'], ("Names that occur more than once were numbered: 'a_2'.",))
    """
    found = [name or f"column_{position}" for position, name in enumerate(names, 1)]
    made_up = [one for one, name in zip(found, names, strict=True) if not name]
    numbered = _numbered(found)
    changed = [new for new, old in zip(numbered, found, strict=True) if new != old]
    facts = (
        (f"Columns without a name are called {listed(made_up)}.",) * bool(made_up),
        (f"Names that occur more than once were numbered: {listed(changed)}.",) * bool(changed),
    )
    return numbered, tuple(fact for each in facts for fact in each)


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
    """Return a table of plain columns: structs become one column per field, lists texts.

    Columns that no model can read are left out, such as bytes.

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
        When every column holds bytes, objects or lists of anything but words and whole numbers, or
        a flattened name exists already.

    Examples
    --------
    >>> frame, facts = settle(pl.DataFrame({"a": [{"x": 1, "y": 2}]}))
    >>> frame.columns, facts
    (['a.x', 'a.y'], ("Column 'a' is nested and became 'a.x', 'a.y'.",))
    >>> frame, facts = settle(pl.DataFrame({"tags": [["new", "vip"], []]}))
    >>> frame["tags"].to_list(), facts
    (['new|vip', None], ("The lists in 'tags' became texts such as 'new|vip'.",))
    """
    facts: list[str] = []
    while nested := [name for name, dtype in frame.schema.items() if dtype == pl.Struct]:
        facts += [_flattening(name, frame.schema[name]) for name in nested]
        frame = _flatten(frame)
    listing = [name for name, dtype in frame.schema.items() if _is_list(dtype)]
    frame = frame.with_columns(joined(frame[name]) for name in listing)
    facts += [_joining(frame[name]) for name in listing]
    unread = {name: dtype for name, dtype in frame.schema.items() if not _is_plain(dtype)}
    told = [_without_use(name, dtype) for name, dtype in unread.items()]
    if unread and len(unread) == frame.width:
        raise SchemaError(told[0], "Turn it into numbers or text.")
    frame = frame.drop(unread)
    facts += [f"{each} It was left out." for each in told]
    untyped = [name for name, dtype in frame.schema.items() if dtype == pl.Null]
    return frame.with_columns(pl.col(untyped).cast(pl.String)), tuple(facts)


def joined(lists: pl.Series) -> pl.Series:
    """Write each list as one text, its values beside bars; an empty one is missing.

    Examples
    --------
    >>> joined(pl.Series("a", [[1, 2], [], None])).to_list()
    ['1|2', None, None]
    """
    values = lists.cast(pl.List(pl.String)).list.drop_nulls()
    return values.list.join(BAR).set(values.list.len() == 0, None)


def are_plain(schema: pl.Schema) -> bool:
    """Return whether `settle` leaves such a table as it is.

    Examples
    --------
    >>> are_plain(pl.Schema({"a": pl.Int64})), are_plain(pl.Schema({"a": pl.Null}))
    (True, False)
    """
    return all(_is_plain(dtype) and dtype != pl.Null for dtype in schema.values())


def _numbered(names: Sequence[str]) -> list[str]:
    taken, given = set(names), set[str]()
    numbered = []
    for name in names:
        free = (f"{name}_{count}" for count in range(2, len(names) + 2))
        name = next(each for each in free if each not in taken) if name in given else name
        taken.add(name)
        given.add(name)
        numbered.append(name)
    return numbered


def _is_plain(dtype: pl.DataType) -> bool:
    plain = (pl.Boolean, pl.String, pl.Categorical, pl.Enum, pl.Null)
    return dtype.is_numeric() or dtype.is_temporal() or isinstance(dtype, plain)


def _is_list(dtype: pl.DataType) -> bool:
    if not isinstance(dtype, pl.List | pl.Array):
        return False
    levels = (pl.Boolean, pl.String, pl.Categorical, pl.Enum, pl.Null)
    return isinstance(dtype.inner, levels) or pl.Series(dtype=dtype.inner).dtype.is_integer()


def _joining(texts: pl.Series) -> str:
    longest = texts.drop_nulls().head(_LOOKED_AT).sort(descending=True)
    such = f" such as {longest[0]!r}" if len(longest) else ""
    return f"The lists in {texts.name!r} became texts{such}."


def _without_use(name: str, dtype: pl.DataType) -> str:
    return f"Column {name!r} holds values of type {dtype}, which no model can read."


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
