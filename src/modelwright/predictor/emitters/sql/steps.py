"""The steps of a program as columns, one after another."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from modelwright.predictor.emitters.sql import answers, categories, curves, dates, numbers, trees
from modelwright.predictor.emitters.sql.cell import Cell
from modelwright.predictor.emitters.sql.inputs import Inputs
from modelwright.predictor.emitters.sql.refusal import UnwritableError
from modelwright.predictor.emitters.sql.sheet import Sheet
from modelwright.predictor.operations.activation import Activation
from modelwright.predictor.operations.answers import Blend, Clip, Isotonic, Link, ScaleLogits
from modelwright.predictor.operations.categories import Codes, CodeTable
from modelwright.predictor.operations.curves import Curves
from modelwright.predictor.operations.dates import DateParts
from modelwright.predictor.operations.linear import Columns, Constant, Linear
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
from modelwright.predictor.program import Program, Step, column_value

_WRITERS: Mapping[type[Step], Callable[[Sheet, Any, list[Cell]], list[Cell]]] = {
    Impute: numbers.filled,
    Scale: numbers.scaled,
    SmoothClip: numbers.smoothed,
    Ramps: numbers.ramps,
    Activation: numbers.activated,
    CodeTable: categories.table,
    Curves: curves.curves,
    Linear: answers.linear,
    Link: answers.linked,
    Clip: answers.clipped,
    ScaleLogits: answers.calibrated,
    Isotonic: answers.risen,
}
"""What writes each operation that reads one value of numbers."""


class Steps:
    """Writes a program's steps.

    Parameters
    ----------
    program
        Whose steps are written.
    sheet
        Where columns are added.
    inputs
        The raw columns.
    """

    def __init__(self, program: Program, sheet: Sheet, inputs: Inputs) -> None:
        self._program = program
        self._sheet = sheet
        self._inputs = inputs
        self._names = {column_value(each.name): each.name for each in program.inputs}
        self._values: dict[str, list[Cell]] = {}

    def answer(self) -> list[Cell]:
        """Return the columns of the answer.

        Raises
        ------
        UnwritableError
            With the reason.
        """
        for step in self._program.steps:
            self._values[step.output] = self._written(step)
        return self._exactly(self._value(self._program.answer))

    def _value(self, name: str) -> list[Cell]:
        if name in self._names and name not in self._values:
            return [self._inputs.cell(self._names[name])]
        return self._values[name]

    def _written(self, step: Step) -> list[Cell]:
        match step:
            case TokenWeights():
                raise UnwritableError(
                    f"{self._names[step.inputs[0]]!r} is free text, and SQL has no words of a text."
                )
            case Constant():
                return answers.constants(self._sheet, step.answer.tolist())
            case Codes() | DateParts():
                return self._raw(step, step.inputs[0])
            case Columns():
                return [cell for name in step.inputs for cell in self._value(name)]
            case Blend():
                return answers.blended(
                    self._sheet, step, [self._exactly(self._value(name)) for name in step.inputs]
                )
            case RoundToFloat32():
                return [cell.but(rounded=True) for cell in self._value(step.inputs[0])]
            case MissingFlags():
                return numbers.flagged(self._sheet, self._exactly(self._value(step.inputs[0])))
            case Trees():
                return trees.trees(self._sheet, step, self._value(step.inputs[0]))
        return _WRITERS[type(step)](self._sheet, step, self._exactly(self._value(step.inputs[0])))

    def _raw(self, step: Codes | DateParts, name: str) -> list[Cell]:
        (cell,) = self._value(name)
        if isinstance(step, DateParts):
            return dates.date_parts(self._sheet, step, cell)
        absent = self._inputs.is_absent(self._names[name], cell)
        return [categories.codes(self._sheet, step, cell, absent)]

    def _exactly(self, cells: Sequence[Cell]) -> list[Cell]:
        if any(cell.rounded for cell in cells):
            raise UnwritableError(
                "Numbers that are rounded to float32 are read by something else than trees, and "
                "not every database rounds so."
            )
        return [*cells]
