"""Raw columns as a matrix, by steps of a program that are fitted on training rows only."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from modelwright.compute.budget import Budget
from modelwright.data.records import Columns
from modelwright.data.schema import Schema
from modelwright.errors import BudgetError, SchemaError
from modelwright.predictor.operations.base import Floats
from modelwright.predictor.operations.linear import Columns as SideBySide
from modelwright.predictor.operations.linear import Constant
from modelwright.predictor.program import Input, Program, Step, column_of, column_value
from modelwright.tasks.task import Task

MATRIX = "matrix"
"""The value that parts side by side are."""


@dataclass(frozen=True)
class Part:
    """What one raw column becomes.

    Parameters
    ----------
    steps
        Operations that write `output`; none where the raw column is taken as it is.
    output
        The value that goes into the matrix.
    names
        What people call its columns.
    """

    steps: tuple[Step, ...]
    output: str
    names: tuple[str, ...]


@dataclass(frozen=True)
class Encoding:
    """Preprocessing: raw columns in, a matrix of numbers out.

    Parameters
    ----------
    inputs
        The raw columns that the steps read.
    steps
        Operations in the order in which they run.
    output
        The value that is the matrix.
    names
        What people call the columns of the matrix.
    """

    inputs: tuple[Input, ...]
    steps: tuple[Step, ...]
    output: str
    names: tuple[str, ...]

    @property
    def width(self) -> int:
        """Columns of the matrix."""
        return len(self.names)

    def matrix(self, columns: Columns) -> Floats:
        """Return the matrix of some rows, as the interpreter computes it.

        Parameters
        ----------
        columns
            One array of length n per input; further columns are of no account.

        Returns
        -------
        ndarray of shape (n, width)
        """
        numbers = Task(kind="regression")
        return self.program(numbers, ()).run(columns)

    def program(self, task: Task, steps: Sequence[Step]) -> Program:
        """Return the program that goes on from the matrix; its last step answers."""
        every = (*self.steps, *steps)
        answer = every[-1].output if every else self.output
        return Program(task=task, inputs=self.inputs, steps=every, answer=answer)


def join_parts(schema: Schema, parts: Sequence[Part]) -> Encoding:
    """Return the encoding that puts parts side by side.

    Parameters
    ----------
    schema
        The raw columns.
    parts
        Parts in the order of their columns; without any, the matrix is one column of zeros.

    Examples
    --------
    >>> from modelwright.data.schema import Column, Kind
    >>> schema = Schema(columns=(Column(name="age", kind=Kind.NUMERIC),))
    >>> encoding = join_parts(schema, [Part((), "column:age", ("age",))])
    >>> encoding.matrix({"age": np.array([39.0, 40.0])})
    array([[39.],
           [40.]])
    """
    chosen = list(parts) or [nothing(schema)]
    join = SideBySide(inputs=tuple(part.output for part in chosen), output=MATRIX)
    # Parts may share steps, such as the codes of a category.
    made = {step.output: step for part in chosen for step in part.steps}
    steps = (*made.values(), join)
    return Encoding(
        inputs=inputs_of(schema, steps),
        steps=steps,
        output=join.output,
        names=tuple(name for part in chosen for name in part.names),
    )


def inputs_of(schema: Schema, steps: Sequence[Step], *values: str) -> tuple[Input, ...]:
    """Return the raw columns that steps read or that are values, in the order of the schema."""
    read = {name for step in steps for name in step.inputs}.union(values)
    named = schema.among(map(column_of, read))
    return tuple(
        Input(name=column.name, type=column.value_type)
        for column in named
        if column_value(column.name) in read
    )


def first_column(schema: Schema) -> str:
    """Return the value of the first raw column, for steps that only count rows.

    Raises
    ------
    SchemaError
        When there is no column.
    """
    if not len(schema):
        raise SchemaError("There is no column to learn from.", "Give at least one feature.")
    return column_value(schema.names[0])


def require_time(budget: Budget) -> None:
    """Refuse to go on when the budget is spent.

    Raises
    ------
    BudgetError
        Before anything was learned that could be returned.
    """
    if budget.remaining_s <= 0:
        raise BudgetError(
            f"{budget.seconds:.1f} s are too short to learn anything from these rows.",
            "Give more time or fewer rows.",
        )


def nothing(schema: Schema) -> Part:
    """Return a column of zeros, for a matrix that has no other.

    Raises
    ------
    SchemaError
        When there is no raw column, whose rows could be counted.
    """
    step = Constant(inputs=(first_column(schema),), output="nothing", answer=np.zeros(1))
    return Part((step,), step.output, ("nothing",))
