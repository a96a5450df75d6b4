"""A program while it is written: steps with names that nobody has to think of."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from modelwright.data.schema import Kind
from modelwright.learners.foreign.base import Need, refuse
from modelwright.predictor.operations.answers import Link, LinkKind
from modelwright.predictor.operations.linear import Columns, Linear
from modelwright.predictor.program import Input, Program, Step, check_program, column_value
from modelwright.tasks.task import Task


class Draft:
    """Steps so far.

    Attributes
    ----------
    needs
        The columns that they read.
    levels
        By column, what an encoder learned of it, in its own types.
    numbered
        Columns that a booster numbers itself, so that it takes them as pandas' categories.
    sparse
        Values that the pipeline holds as sparse matrices, whose zeros some models take for missing.
    """

    def __init__(self) -> None:
        self.needs: dict[str, Need] = {}
        self.levels: dict[str, Sequence[Any]] = {}
        self.numbered: set[str] = set()
        self.sparse: set[str] = set()
        self._steps: list[Step] = []
        self._widths: dict[str, int] = {}

    @property
    def steps(self) -> tuple[Step, ...]:
        """The steps so far."""
        return tuple(self._steps)

    def given(self, value: str, width: int) -> str:
        """Read a value that other steps write, and return its name."""
        self._widths[value] = width
        return value

    def column(self, name: str, kind: Kind) -> str:
        """Read a raw column and return the value's name.

        Raises
        ------
        LearnerError
            When it is read as numbers and as levels: a program reads each column in one way.
        """
        known = self.needs.setdefault(name, Need(name, kind))
        if (known.kind == Kind.NUMERIC) != (kind == Kind.NUMERIC):
            raise refuse(
                f"A column {name!r} that is read as a number and as levels",
                "Give the model a copy of it under another name for one of the two.",
            )
        self._widths[column_value(name)] = 1
        return column_value(name)

    def add(self, step: type[Any], *inputs: str, **fields: Any) -> str:
        """Write a step and return its value's name."""
        made = step(inputs=inputs, output=f"s{len(self._steps)}", **fields)
        self._widths[made.output] = made.check(tuple(self._widths[name] for name in inputs))
        self._steps.append(made)
        return str(made.output)

    def again(self, step: Step, *inputs: str, **fields: Any) -> str:
        """Write a step once more, with other inputs and some other fields."""
        kept = {name: getattr(step, name) for name in step.__struct_fields__}
        del kept["inputs"], kept["output"]
        return self.add(type(step), *inputs, **{**kept, **fields})

    def step_of(self, value: str) -> Step | None:
        """Return the step that wrote a value; None for a raw column."""
        return next((step for step in self._steps if step.output == value), None)

    def beside(self, values: Sequence[str]) -> str:
        """Put values side by side."""
        return values[0] if len(values) == 1 else self.add(Columns, *values)

    def width(self, value: str) -> int:
        """Return how many columns a value has."""
        return self._widths[value]

    def link(self, raw: str, kind: LinkKind) -> str:
        """Turn raw scores into answers."""
        return self.add(Link, raw, kind=kind)

    def reordered(self, answer: str, order: Sequence[int]) -> str:
        """Put columns into another order."""
        if [*order] == [*range(len(order))]:
            return answer
        weights = np.eye(len(order))[:, list(order)]
        return self.add(Linear, answer, weights=weights, bias=np.zeros(len(order)))

    def program(self, task: Task, answer: str) -> Program:
        """Return the program.

        Raises
        ------
        BundleError
            When it could not run.
        """
        steps = self._read_for(answer)
        reads = {name for step in steps for name in step.inputs}
        program = Program(
            task=task,
            inputs=tuple(
                Input(name=need.name, type="number" if need.kind == Kind.NUMERIC else "string")
                for need in self.needs.values()
                if column_value(need.name) in reads
            ),
            steps=steps,
            answer=answer,
        )
        check_program(program)
        return program

    def _read_for(self, answer: str) -> tuple[Step, ...]:
        """Return the steps that an answer needs."""
        wanted, kept = {answer}, []
        for step in reversed(self._steps):
            if step.output in wanted:
                kept.append(step)
                wanted.update(step.inputs)
        return tuple(reversed(kept))
