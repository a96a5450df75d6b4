"""A formula: one number of each row, as operations that every form of a program knows."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import isfinite
from typing import Union

import numpy as np

from modelwright.data.schema import Schema
from modelwright.errors import InputError
from modelwright.predictor.operations.activation import Activation
from modelwright.predictor.operations.linear import Columns as SideBySide
from modelwright.predictor.operations.linear import Linear
from modelwright.predictor.program import Input, Step

OWN = "own:"
"""With which the names of values begin, so that a program says what is somebody's own."""

Operand = Union["Formula", float, int]


@dataclass(frozen=True, eq=False)
class Formula:
    """One number of each row, made of raw columns; NaN where it is missing.

    Formulas are added, subtracted, and multiplied with or divided by numbers; `abs` works too.

    Parameters
    ----------
    text
        What people read. Formulas of the same text are the same.
    reads
        The raw columns.
    steps
        Operations of a program; the last one writes one column.

    Examples
    --------
    >>> from modelwright.learners.features import number
    >>> 2 * abs(number("lat") - 47.4)
    Formula(2 * abs('lat' - 47.4))
    """

    text: str
    reads: tuple[Input, ...]
    steps: tuple[Step, ...]

    @property
    def output(self) -> str:
        """The value that it is."""
        return self.steps[-1].output

    def fits(self, schema: Schema) -> bool:
        """Say whether a table has the columns that it reads, with values of their types."""
        types = {column.name: column.value_type for column in schema}
        return all(types.get(each.name) == each.type for each in self.reads)

    def then(self, text: str, *steps: Step) -> "Formula":
        """Return what further steps make of it.

        Parameters
        ----------
        text
            Of the new formula.
        steps
            The first one reads `output`.
        """
        return Formula(text, self.reads, (*self.steps, *steps))

    def __repr__(self) -> str:
        """Return the text as it is read."""
        return f"Formula({bare(self.text)})"

    def __add__(self, other: Operand) -> "Formula":
        return _total(self, other, 1.0)

    def __radd__(self, other: float) -> "Formula":
        return _total(self, other, 1.0)

    def __sub__(self, other: Operand) -> "Formula":
        return _total(self, other, -1.0)

    def __rsub__(self, other: float) -> "Formula":
        return _total(-self, other, 1.0)

    def __neg__(self) -> "Formula":
        return _line(self, -1.0, 0.0, f"-{self.text}")

    def __mul__(self, other: Operand) -> "Formula":
        factor = _plain(other, "multiplies", "Add their logarithms: log(a) + log(b)")
        return _line(self, factor, 0.0, f"{_written(factor)} * {self.text}")

    def __rmul__(self, other: float) -> "Formula":
        return self * other

    def __truediv__(self, other: Operand) -> "Formula":
        divisor = _plain(other, "divides", "Subtract their logarithms: log(a) - log(b)")
        if not divisor:
            raise InputError(f"The formula {self.text} is divided by zero.", "Divide by a number.")
        return _line(self, 1.0 / divisor, 0.0, f"{self.text} / {_written(divisor)}")

    def __abs__(self) -> "Formula":
        return beside((positive(self), positive(-self)), (1.0, 1.0), f"abs({bare(self.text)})")


def positive(formula: Formula) -> Formula:
    """Return a number where it is above zero, else zero.

    Examples
    --------
    >>> from modelwright.learners.features import days
    >>> positive(days("paid") - days("due"))
    Formula(positive(days('paid') - days('due')))
    """
    text = f"positive({bare(formula.text)})"
    step = Activation(inputs=(formula.output,), output=value_name(text), kind="relu")
    return formula.then(text, step)


def beside(parts: Sequence[Formula], weights: Sequence[float], text: str) -> Formula:
    """Return a weighted sum of formulas.

    Parameters
    ----------
    parts
        At least one.
    weights
        One for each. A part that weighs nothing only says where the sum is missing.
    text
        Of the sum.
    """
    both = SideBySide(
        inputs=tuple(each.output for each in parts), output=f"{value_name(text)} side by side"
    )
    total = Linear(
        inputs=(both.output,),
        output=value_name(text),
        weights=np.array(weights)[:, None],
        bias=np.zeros(1),
    )
    made = {step.output: step for each in parts for step in each.steps}
    reads = {read.name: read for each in parts for read in each.reads}
    return Formula(text, tuple(reads.values()), (*made.values(), both, total))


def value_name(text: str) -> str:
    """Return the name of the value that a formula of a text writes."""
    return f"{OWN}{text}"


def bare(text: str) -> str:
    """Return a formula's text without brackets around the whole: only sums have them."""
    return text[1:-1] if text.startswith("(") and text.endswith(")") else text


def _total(one: Formula, other: Operand, sign: float) -> Formula:
    mark = "+" if sign > 0 else "-"
    if isinstance(other, Formula):
        return beside((one, other), (1.0, sign), f"({one.text} {mark} {other.text})")
    number = _plain(other, "adds", "")
    return _line(one, 1.0, sign * number, f"({one.text} {mark} {_written(number)})")


def _line(formula: Formula, slope: float, start: float, text: str) -> Formula:
    step = Linear(
        inputs=(formula.output,),
        output=value_name(text),
        weights=np.array([[slope]]),
        bias=np.array([start]),
    )
    return formula.then(text, step)


def _plain(other: object, verb: str, remedy: str) -> float:
    if isinstance(other, Formula):
        raise InputError(f"A program {verb} no two numbers of a row.", remedy)
    if not isinstance(other, int | float) or not isfinite(other):
        raise InputError(f"A formula {verb} finite numbers and formulas, not {other!r}.")
    return float(other)


def _written(number: float) -> str:
    return repr(number).removesuffix(".0")
