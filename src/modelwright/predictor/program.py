"""A program: a fitted model as typed operations, and the interpreter that defines its meaning."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import compress
from typing import TypeAlias

import msgspec
import numpy as np
from numpy.typing import NDArray

from modelwright._notebook import html_of
from modelwright.data.schema import ValueType
from modelwright.errors import BundleError, InputError, SchemaError
from modelwright.predictor.coverage import USUAL_LEVEL, Coverage, Ranges, Sets
from modelwright.predictor.instructions.follower import MOST_ROWS, Follower, write_instructions
from modelwright.predictor.kernel.library import library
from modelwright.predictor.operations.activation import Activation
from modelwright.predictor.operations.answers import Blend, Clip, Isotonic, Link, ScaleLogits
from modelwright.predictor.operations.base import Floats, Value
from modelwright.predictor.operations.categories import Codes, CodeTable
from modelwright.predictor.operations.curves import Curves
from modelwright.predictor.operations.dates import DateParts
from modelwright.predictor.operations.graph import Graph
from modelwright.predictor.operations.linear import Columns as SideBySide
from modelwright.predictor.operations.linear import Constant, Linear
from modelwright.predictor.operations.numbers import (
    Impute,
    MissingFlags,
    RoundToFloat32,
    Scale,
    SmoothClip,
)
from modelwright.predictor.operations.ramps import Ramps
from modelwright.predictor.operations.text import TokenWeights
from modelwright.predictor.operations.trees import Trees
from modelwright.tasks.rule import Rule
from modelwright.tasks.task import Label, Task

PROGRAM_VERSION = 3
_READ = (2, PROGRAM_VERSION)
"""Versions that are read: before the third there were no weights of classes."""
MAX_STEPS = 10_000
_COLUMN = "column:"
ROWS_AT_ONCE = 1024
"""Their values stay in the processor's second cache from one step to the next."""

Step: TypeAlias = (
    Impute
    | MissingFlags
    | Scale
    | SmoothClip
    | Ramps
    | RoundToFloat32
    | DateParts
    | Codes
    | CodeTable
    | TokenWeights
    | Constant
    | SideBySide
    | Linear
    | Curves
    | Activation
    | Trees
    | Link
    | Clip
    | Blend
    | ScaleLogits
    | Isotonic
    | Graph
)

_READS: dict[type[Step], ValueType] = {
    DateParts: "datetime",
    Codes: "string",
    TokenWeights: "string",
}
"""The operations that read something else than numbers."""


class Input(msgspec.Struct, frozen=True, kw_only=True):
    """A raw column that a program reads."""

    name: str
    type: ValueType


class Program(msgspec.Struct, frozen=True, kw_only=True, dict=True):
    """A fitted model: raw columns in, answers out.

    Parameters
    ----------
    task
        What is answered.
    inputs
        The raw columns, read by steps under the name ``column:NAME``.
    steps
        Operations in the order in which they run; each output has its own name.
    answer
        The value that is the answer: probabilities of shape (rows, classes), or numbers of shape
        (rows, 1).
    threshold
        In a binary task, the probability from which on the answer is the positive class.
    weights
        Of several classes, what each probability is multiplied by before the greatest is answered;
        none where the likeliest is.
    coverage
        Ranges or sets that stand beside the answers; None where none are stated.

    Examples
    --------
    >>> program = Program(
    ...     task=Task(kind="regression"),
    ...     inputs=(Input(name="size", type="number"),),
    ...     steps=(
    ...         Linear(
    ...             inputs=("column:size",),
    ...             output="price",
    ...             weights=np.array([[2.0]]),
    ...             bias=np.array([1.0]),
    ...         ),
    ...     ),
    ...     answer="price",
    ... )
    >>> program.run({"size": np.array([3.0, 4.0])})
    array([[7.],
           [9.]])
    """

    task: Task
    inputs: tuple[Input, ...]
    steps: tuple[Step, ...]
    answer: str
    threshold: float = 0.5
    weights: tuple[float, ...] = ()
    coverage: Coverage | None = None
    version: int = PROGRAM_VERSION

    def _repr_html_(self) -> str:
        """Return the program as a notebook shows it."""
        return html_of(self)

    def run(self, columns: Mapping[str, Value]) -> Floats:
        """Answer rows: the reference meaning of the program.

        Parameters
        ----------
        columns
            One array per input; further columns are of no account.

        Returns
        -------
        ndarray of shape (rows, outputs)
            Probabilities, or numbers.

        Raises
        ------
        SchemaError
            When a column is missing or columns differ in length.
        """
        rows = _count_rows(self.inputs, columns)
        # Laying trees out for a few rows takes time and memory that many rows have no use for.
        if 0 < rows <= MOST_ROWS and self.follower is not None:
            return self.follower.run(columns)
        values = raw_values(self.inputs, columns)
        if rows <= ROWS_AT_ONCE:
            return self._interpret(values)
        answers = []
        for begin in range(0, rows, ROWS_AT_ONCE):
            some = slice(begin, begin + ROWS_AT_ONCE)
            answers.append(self._interpret({name: each[some] for name, each in values.items()}))
        return np.concatenate(answers)

    def _interpret(self, values: dict[str, Value]) -> Floats:
        for call in self._calls:
            values[call.output] = call.run(*[values[name] for name in call.inputs])
            for name in call.done_with:
                del values[name]
        return np.asarray(values[self.answer])

    @cached_property
    def follower(self) -> Follower | None:
        """What answers a few rows sooner, to the same bits; None where the kernel cannot."""
        return write_instructions(self, library())

    @cached_property
    def _calls(self) -> tuple["_Call", ...]:
        last_use = _last_uses(self)
        return tuple(
            _Call(
                run=step.run,
                inputs=step.inputs,
                output=step.output,
                done_with=tuple(n for n in dict.fromkeys(step.inputs) if last_use[n] == number),
            )
            for number, step in enumerate(self.steps)
        )

    def decide(self, answers: Floats) -> list[Label] | Floats:
        """Turn answers into labels of classes; numbers of a regression pass as (rows,).

        Parameters
        ----------
        answers : ndarray of shape (rows, outputs)
            What `run` returned.

        Raises
        ------
        InputError
            When a row has no class; see `choose`.
        """
        if not self.task.is_classification:
            return np.asarray(answers[:, 0])
        return [self.task.classes[index] for index in self.choose(answers)]

    def choose(self, answers: Floats) -> NDArray[np.int64]:
        """Return the index of the class that each row of probabilities stands for.

        Raises
        ------
        InputError
            When a row has no answer, which stands for none; `unanswered` finds such rows.
        """
        if (failed := self.unanswered(answers)).any():
            raise InputError(
                f"The model has no answer to row {int(failed.argmax()) + 1:,}.",
                "Look for values that it was not made for, missing ones too, or leave the row out.",
            )
        return self.rule.choose(answers)

    @cached_property
    def rule(self) -> Rule:
        """Which class probabilities stand for."""
        return Rule(self.threshold, self.weights)

    def unanswered(self, answers: Floats) -> NDArray[np.bool_]:
        """Return which rows have no answer: it is no number, or a graph failed on them."""
        return np.asarray(~np.isfinite(answers).all(axis=1))

    def ranges(self, answers: Floats, level: float = USUAL_LEVEL) -> Floats:
        """Return the ends of ranges that hold the truth as often as the level says, (rows, 2).

        Raises
        ------
        BundleError
            When the program states no ranges.
        InputError
            When the level is not offered.
        """
        if isinstance(self.coverage, Ranges):
            return self.coverage.ends(answers, level)
        raise self._states_none("ranges")

    def sets(self, answers: Floats, level: float = USUAL_LEVEL) -> list[tuple[Label, ...]]:
        """Return sets of classes that hold the true one as often as the level says.

        Raises
        ------
        BundleError
            When the program states no sets.
        InputError
            When the level is not offered.
        """
        if not isinstance(self.coverage, Sets):
            raise self._states_none("sets")
        held = self.coverage.holding(answers, self.choose(answers), level)
        return [tuple(compress(self.task.classes, row)) for row in held.tolist()]

    def _states_none(self, what: str) -> BundleError:
        return BundleError(
            f"The model states no {what}.",
            "Build it again with this modelwright; from very few rows none can be stated.",
        )


@dataclass(frozen=True, slots=True)
class _Call:
    """A step, with the values that no later step reads."""

    run: Callable[..., Floats]
    inputs: tuple[str, ...]
    output: str
    done_with: tuple[str, ...]


def column_value(name: str) -> str:
    """Return the name under which steps read a raw column."""
    return f"{_COLUMN}{name}"


def column_of(value: str) -> str:
    """Return the raw column that steps read under a name, as `column_value` gave it."""
    return value.removeprefix(_COLUMN)


def check_program(program: Program) -> None:
    """Refuse a program that could not run, whoever wrote it.

    Raises
    ------
    BundleError
        With the step and the fault.
    """
    if program.version not in _READ:
        raise BundleError(
            f"The program is of version {program.version}; this modelwright runs version "
            f"{PROGRAM_VERSION}.",
            "Build the model again, or use the modelwright that its lock file names.",
        )
    _require(0 < len(program.steps) <= MAX_STEPS, f"it has {len(program.steps)} steps")
    widths = {column_value(each.name): 1 for each in program.inputs}
    types: dict[str, ValueType] = {column_value(each.name): each.type for each in program.inputs}
    _require(len(widths) == len(program.inputs), "an input is named twice")
    for step in program.steps:
        _check_step(step, widths, types)
        widths[step.output] = step.check(tuple(widths[name] for name in step.inputs))
        types[step.output] = "number"
    outputs = program.task.n_outputs
    _require(widths.get(program.answer) == outputs, f"its answer does not have {outputs} columns")
    _require(not (fault := program.rule.fault(outputs)), fault)
    if program.coverage is not None:
        program.coverage.check(program.task)


def _check_step(step: Step, widths: Mapping[str, int], types: Mapping[str, ValueType]) -> None:
    step.require(step.output not in widths, "its name is taken")
    step.require(step.inputs, "it reads nothing")
    step.require(step.n_inputs in (None, len(step.inputs)), "it reads too many values")
    for place, name in enumerate(step.inputs):
        wanted = _wanted(step, place)
        step.require(name in widths, f"it reads {name!r}, which no step before it writes")
        # A constant only counts rows.
        fits = types[name] == wanted or isinstance(step, Constant)
        step.require(fits, f"{name!r} is no {wanted}")


def _wanted(step: Step, place: int) -> ValueType:
    """Return what a step reads at some place among its inputs."""
    if isinstance(step, Graph):
        return "number" if step.kinds[place : place + 1] == ("number",) else "string"
    return _READS.get(type(step), "number")


def raw_values(inputs: tuple[Input, ...], columns: Mapping[str, Value]) -> dict[str, Value]:
    """Return raw columns as steps read them.

    Raises
    ------
    SchemaError
        When a column is missing or columns differ in length.
    """
    _count_rows(inputs, columns)
    return {
        column_value(each.name): columns[each.name].reshape(-1, 1)
        if each.type == "number"
        else columns[each.name]
        for each in inputs
    }


def _count_rows(inputs: tuple[Input, ...], columns: Mapping[str, Value]) -> int:
    """Return how many rows all columns have; refuse them where one is missing or differs."""
    absent = [each.name for each in inputs if each.name not in columns]
    if absent:
        raise SchemaError(f"The model needs the column {absent[0]!r}, which is missing.")
    counts = {len(columns[each.name]) for each in inputs}
    if len(counts) > 1:
        raise SchemaError("The columns differ in their numbers of rows.")
    return counts.pop()


def _last_uses(program: Program) -> dict[str, int]:
    uses = {name: number for number, step in enumerate(program.steps) for name in step.inputs}
    uses[program.answer] = len(program.steps)
    return uses


def _require(condition: object, fault: str) -> None:
    if not condition:
        raise BundleError(f"The program is invalid: {fault}.")
