"""What a model from elsewhere is."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Protocol, runtime_checkable

import numpy as np
import polars as pl

from modelwright.data.schema import Kind
from modelwright.errors import LearnerError
from modelwright.predictor.operations.base import Flags, Floats
from modelwright.predictor.program import Program
from modelwright.tasks.task import Task

MOST_BYTES = 1 << 30
"""Of a file that is read."""


@dataclass(frozen=True)
class Need:
    """A column that a model reads.

    Parameters
    ----------
    name
        Its name in the table.
    kind
        How it must be read.
    """

    name: str
    kind: Kind


class Foreign(Protocol):
    """A model that was trained without modelwright."""

    @property
    def title(self) -> str:
        """What people read: the library and its class."""

    @property
    def needs(self) -> Sequence[Need]:
        """The columns that it reads."""

    def program(self, task: Task) -> Program:
        """Return the model as a program that answers a task.

        Raises
        ------
        LearnerError
            When a part of it has no place in a program, or it answers another task.
        """

    def answers(self, rows: pl.DataFrame, task: Task) -> Floats | None:
        """Return what the model itself answers, in the program's form; None where nobody can ask.

        Parameters
        ----------
        rows
            Conformed rows with the columns that it reads.
        task
            Says in which order its classes stand.
        """


@runtime_checkable
class Wavering(Protocol):
    """A model that may leave open what it answers to a row."""

    def undecided(
        self, rows: pl.DataFrame, task: Task, *, answers: Floats, tolerance: float
    ) -> Flags:
        """Say of each row whether its answer hangs on what is no part of it, and might be another.

        Parameters
        ----------
        rows, task
            As for `Foreign.answers`.
        answers
            The others, a program's.
        tolerance
            How far answers may be apart, as a part of the model's own where that is beyond 1.
        """


@runtime_checkable
class Risky(Protocol):
    """A model that may end the process that asks it."""

    def try_out(self, rows: pl.DataFrame) -> None:
        """Ask it for the rows in another process, as `Foreign.answers` will be asked in this one.

        Raises
        ------
        LearnerError
            When it ends that one.
        """


def refuse(what: str, remedy: str = "") -> LearnerError:
    """Return an error that says which part has no place in a program."""
    return LearnerError(
        f"{what} has no place in a program.",
        remedy or "What does: docs/how-to/adopt-a-model.md.",
    )


def first_line(error: BaseException) -> str:
    """Return what a library's error says, which may be a page, or nothing.

    Examples
    --------
    >>> first_line(ValueError("no such level\\nin column 3")), first_line(KeyError())
    ('no such level', 'KeyError')
    """
    return next(iter(str(error).strip().splitlines()), type(error).__name__)[:300]


def columns_of_inputs(
    widths: Sequence[int], names: Sequence[str], said: Sequence[str]
) -> list[list[str]]:
    """Return the columns that each input of a network reads.

    Parameters
    ----------
    widths
        Of the inputs.
    names
        Theirs, which are columns' where each has one; empty where they mean nothing.
    said
        The columns as a person names them, in order; empty for none.

    Raises
    ------
    LearnerError
        When nobody says which columns are read, or too few or too many are named.

    Examples
    --------
    >>> columns_of_inputs([2, 1], [], ["age", "fare", "class"])
    [['age', 'fare'], ['class']]
    """
    remedy = "in its order, as in --columns age,fare."
    if said and len(said) != sum(widths):
        raise LearnerError(
            f"The model reads {sum(widths)} columns; {len(said)} are named.",
            f"Name them all {remedy}",
        )
    if not said and (not names or set(widths) != {1}):
        raise LearnerError(
            f"The model reads {sum(widths)} columns and does not say which.", f"Name them {remedy}"
        )
    left = iter(said or names)
    return [[*islice(left, width)] for width in widths]


def of_two_classes(answers: Floats) -> Floats:
    """Return the probabilities of both classes where only that of the second is told."""
    return np.hstack([1.0 - answers, answers]) if answers.shape[1] == 1 else answers


def order_of(labels: Sequence[object], task: Task) -> list[int]:
    """Return for each class of a task its place among a model's labels.

    Numbers and texts that are written alike are one class.

    Raises
    ------
    LearnerError
        When the model's classes are others.

    Examples
    --------
    >>> order_of([0, 1], Task(kind="binary", classes=("1", "0")))
    [1, 0]
    """
    known = {_written(label): place for place, label in enumerate(labels)}
    wanted = [_written(label) for label in task.classes]
    if sorted(known) != sorted(wanted):
        raise LearnerError(
            f"The model answers {', '.join(sorted(known))}; the target holds "
            f"{', '.join(sorted(wanted))}.",
            "Give the data that it was made for, or say by --classes what its classes mean.",
        )
    return [known[label] for label in wanted]


def usual_order(task: Task) -> list[object]:
    """Return the classes as a library that does not know their names has mostly numbered them."""
    return sorted(task.classes, key=lambda label: (str(type(label)), label))


def _written(label: object) -> str:
    text = str(label)
    # A model's truths may be NumPy's, or were written as texts.
    return text.lower() if text in ("True", "False") else text.removesuffix(".0")
