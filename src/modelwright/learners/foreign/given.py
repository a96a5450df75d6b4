"""What a step of somebody's pipeline is given: a data frame, or a matrix that steps before made."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias, TypeVar

import numpy as np

from modelwright.data.schema import Kind
from modelwright.learners.foreign.base import refuse
from modelwright.learners.foreign.draft import Draft

_Column = TypeVar("_Column", str, int)


@dataclass(frozen=True)
class Frame:
    """Raw columns.

    Parameters
    ----------
    names
        In their order.
    """

    names: Sequence[str]


Given: TypeAlias = Frame | str
"""A frame, or the name of a value that a draft has written: a matrix of numbers."""


def matrix_of(draft: Draft, given: Given) -> str:
    """Return what is given as a matrix: a frame's columns are read as numbers, side by side."""
    if isinstance(given, str):
        return given
    return draft.beside([draft.column(name, Kind.NUMERIC) for name in given.names])


def names_of(fitted: Any, usual: Sequence[str] = ()) -> list[str]:
    """Return the columns that a model, or what stands before one, saw when it was fitted.

    Parameters
    ----------
    fitted
        That was fitted.
    usual
        What is said where it does not know them.
    """
    names = getattr(fitted, "feature_names_in_", None)
    if names is None:
        # CatBoost's word for them.
        names = usual or getattr(fitted, "feature_names_", ())
    return [str(name) for name in names]


def chosen(every: Sequence[_Column], columns: Any) -> list[_Column]:
    """Return the columns that a name, names, places, flags or a slice of them mean."""
    if isinstance(columns, str | int | np.integer):
        return chosen(every, [columns])
    if isinstance(columns, slice):
        return list(every[_places(every, columns)])
    asked = list(columns)
    if asked and all(isinstance(each, bool | np.bool_) for each in asked):
        return [column for column, taken in zip(every, asked, strict=True) if taken]
    return [every[_place(every, each)] for each in asked]


def steps_of(fitted: Any) -> list[Any]:
    """Return the steps of a pipeline, nested ones laid flat; anything else is one step.

    What draws other rows to learn from, as imbalanced-learn's samplers do, answers nothing.
    """
    if type(fitted).__name__ != "Pipeline":
        return [fitted]
    return [inner for _, step in fitted.steps if not _draws(step) for inner in steps_of(step)]


def _draws(step: Any) -> bool:
    return hasattr(step, "fit_resample") and not hasattr(step, "transform")


def _places(every: Sequence[_Column], columns: slice) -> slice:
    """Return a slice of places for one that may be of names, whose end belongs to it."""
    ends = (columns.start, columns.stop)
    if not any(isinstance(end, str) for end in ends):
        return columns
    start = None if columns.start is None else _place(every, columns.start)
    stop = None if columns.stop is None else _place(every, columns.stop) + 1
    return slice(start, stop, columns.step)


def _place(every: Sequence[_Column], column: Any) -> int:
    if not isinstance(column, str):
        return int(column)
    if column not in every:
        raise refuse(f"A ColumnTransformer that looks for {column!r} in computed numbers")
    return list(every).index(column)  # type: ignore[arg-type]
