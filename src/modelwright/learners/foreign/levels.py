"""Encoders of categories of scikit-learn as codes and tables."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from modelwright.data.schema import Kind
from modelwright.data.values.cells import ALWAYS_MISSING, text_of_number
from modelwright.learners.foreign.base import refuse
from modelwright.learners.foreign.draft import Draft
from modelwright.predictor.operations.base import Floats
from modelwright.predictor.operations.categories import (
    FIRST_LEVEL_CODE,
    MISSING_CODE,
    UNKNOWN_CODE,
    Codes,
    CodeTable,
)

ENCODERS = frozenset({"OneHotEncoder", "OrdinalEncoder", "TargetEncoder"})
"""By the name of their class."""


def encodes(step: Any) -> bool:
    """Say whether a step is one of scikit-learn's encoders; other libraries have namesakes."""
    return type(step).__name__ in ENCODERS and type(step).__module__.startswith("sklearn.")


def encode(draft: Draft, encoder: Any, names: Sequence[str], fills: Sequence[Any]) -> str:
    """Write a fitted encoder of some raw columns and return the value that it makes.

    Parameters
    ----------
    draft
        Where it is written.
    encoder
        One of `ENCODERS`.
    names
        The columns, in the encoder's order.
    fills
        What an imputer before it puts where each is missing; empty without one.

    Raises
    ------
    LearnerError
        When a setting of it has no place in a program.
    """
    tables = _TABLES[type(encoder).__name__](encoder)
    values = []
    for place, (name, categories) in enumerate(zip(names, encoder.categories_, strict=True)):
        fill = (fills[place],) if fills else ()
        values.append(looked_up(draft, name, categories, tables[place], fill))
    return draft.beside(values)


def looked_up(
    draft: Draft,
    name: str,
    categories: Sequence[Any],
    table: "Rows",
    fill: Sequence[Any] = (),
    /,
) -> str:
    """Write the row that stands for a level of a raw column, and return the value.

    Parameters
    ----------
    draft
        Where it is written.
    name
        The column.
    categories
        Its levels, in their own types.
    table
        The rows.
    fill
        The level that an imputer puts where one is missing; empty without one.

    Raises
    ------
    LearnerError
        When several levels say that a cell is missing.
    """
    known = dict(zip([_level(each) for each in categories], table.rows, strict=True))
    known = _as_read(known, name)
    texts = tuple(level for level in known if level is not None)
    if fill and None not in known:
        known[None] = known.get(_level(fill[0]), table.unknown)
    if not texts:
        raise refuse(f"An encoder of {name!r}, which had no value when it learned,")
    rows = np.zeros((FIRST_LEVEL_CODE + len(texts), table.rows.shape[1]))
    rows[:FIRST_LEVEL_CODE] = table.unknown
    rows[MISSING_CODE] = known.get(None, table.missing)
    rows[UNKNOWN_CODE] = table.unknown
    rows[FIRST_LEVEL_CODE:] = [known[text] for text in texts]
    raw = draft.column(name, Kind.CATEGORICAL)
    draft.levels[name] = categories
    return draft.add(CodeTable, draft.add(Codes, raw, levels=texts), table=rows)


def _as_read(known: dict[str | None, Any], name: str) -> dict[str | None, Any]:
    """Return the rows of levels as a table's cells are read: such as "?" is a missing one.

    Raises
    ------
    LearnerError
        When there are several such levels: a table says of none of them which it was.
    """
    marks = [level for level in known if level in ALWAYS_MISSING or level is None]
    if len(marks) > 1:
        told = ", ".join("a missing one" if mark is None else repr(mark) for mark in marks)
        raise refuse(f"A column {name!r} whose levels {told} all say that a cell is missing")
    named = {None if level in marks else level: row for level, row in known.items()}
    # A library may keep truths as numbers, and they are written in two ways.
    if set(named) <= {*_TRUTHS, None}:
        named |= {_TRUTHS[level]: row for level, row in named.items() if level}
    if set(named) <= {*_TRUTHS, *_TRUTHS.values(), None}:
        named |= {level.capitalize(): row for level, row in named.items() if level}
    return named


class Rows:
    """What an encoder makes of a column: a row for each category, for unknown and for missing."""

    def __init__(self, rows: Floats, unknown: Floats, missing: Floats | None = None) -> None:
        self.rows = rows
        self.unknown = unknown
        self.missing = unknown if missing is None else missing


def _one_hot(encoder: Any) -> list[Rows]:
    learned = zip(encoder.categories_, _rare(encoder), strict=True)
    return [_hot(encoder, *each, place) for place, each in enumerate(learned)]


def _hot(encoder: Any, categories: Any, rare: Any, place: int) -> Rows:
    columns = _grouped(categories, rare)
    rows = np.eye(int(columns.max()) + 1)[columns]
    unknown = np.zeros(rows.shape[1])
    if rare is not None and encoder.handle_unknown in ("infrequent_if_exist", "warn"):
        unknown[-1] = 1.0
    dropped = None if encoder.drop_idx_ is None else encoder.drop_idx_[place]
    if dropped is not None:
        gone = columns[dropped]
        rows, unknown = np.delete(rows, gone, axis=1), np.delete(unknown, gone)
    return Rows(rows, unknown)


def _ordinal(encoder: Any) -> list[Rows]:
    unknown = 0.0 if encoder.unknown_value is None else float(encoder.unknown_value)
    tables = []
    for categories, rare in zip(encoder.categories_, _rare(encoder), strict=True):
        # What is missing comes last, and is not counted where rare ones are.
        known = [each for each in categories if _level(each) is not None]
        rows = np.full((len(categories), 1), float(encoder.encoded_missing_value))
        rows[: len(known), 0] = _grouped(known, rare)
        tables.append(Rows(rows, np.array([unknown])))
    return tables


def _rare(encoder: Any) -> Sequence[Any]:
    """Return the infrequent categories of each column; None where none are put together."""
    return getattr(encoder, "infrequent_categories_", None) or [None] * len(encoder.categories_)


def _grouped(categories: Any, rare: Any) -> NDArray[np.int64]:
    """Number the categories in their order, all rare ones together as the last."""
    together = {_level(each) for each in rare} if rare is not None else set()
    seldom = np.array([_level(each) in together for each in categories], dtype=np.bool_)
    return np.where(seldom, (~seldom).sum(), np.cumsum(~seldom) - 1)


def _target(encoder: Any) -> list[Rows]:
    mean = np.atleast_1d(np.asarray(encoder.target_mean_, dtype=np.float64))
    # One list for each column and class, those of a column one after another.
    lists = [np.asarray(each, dtype=np.float64) for each in encoder.encodings_]
    firsts = range(0, len(lists), len(mean))
    return [Rows(np.stack(lists[first : first + len(mean)], axis=1), mean) for first in firsts]


def _level(category: Any) -> str | None:
    """Return a category as the program's texts have it; None for a missing one."""
    if category is None or category != category:
        return None
    if isinstance(category, np.generic):
        category = category.item()
    if not isinstance(category, str | int | float):
        raise refuse(f"A level of the type {type(category).__name__}")
    return category if isinstance(category, str) else text_of_number(category)


_TRUTHS = {"0": "false", "1": "true"}
_TABLES: Mapping[str, Any] = {
    "OneHotEncoder": _one_hot,
    "OrdinalEncoder": _ordinal,
    "TargetEncoder": _target,
}
