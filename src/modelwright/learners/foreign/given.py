"""What a step of somebody's pipeline is given: a data frame, or a matrix that steps before made."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from modelwright.data.schema import Kind
from modelwright.learners.foreign.draft import Draft


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


def steps_of(fitted: Any) -> list[Any]:
    """Return the steps of a pipeline, nested ones laid flat; anything else is one step.

    What draws other rows to learn from, as imbalanced-learn's samplers do, answers nothing.
    """
    if type(fitted).__name__ != "Pipeline":
        return [fitted]
    return [inner for _, step in fitted.steps if not _draws(step) for inner in steps_of(step)]


def _draws(step: Any) -> bool:
    return hasattr(step, "fit_resample") and not hasattr(step, "transform")
