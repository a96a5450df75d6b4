"""Links, blends and calibration as columns."""

from collections.abc import Sequence

from modelwright.predictor.emitters.sql.arithmetic import (
    calm,
    constant,
    kept_between,
    weighted_sum,
    without_nan,
)
from modelwright.predictor.emitters.sql.cell import Cell
from modelwright.predictor.emitters.sql.curves import isotonic
from modelwright.predictor.emitters.sql.numbers import sigmoid
from modelwright.predictor.emitters.sql.sheet import Sheet
from modelwright.predictor.operations.answers import Blend, Clip, Isotonic, Link, ScaleLogits
from modelwright.predictor.operations.linear import Linear

_SMALLEST, _LARGEST_EXPONENT = 1e-15, 700.0
_LOWEST_LOGARITHM = -35.0
_LARGEST_DIFFERENCE = 1e308


def linked(sheet: Sheet, step: Link, cells: Sequence[Cell]) -> list[Cell]:
    """Return probabilities or positive numbers."""
    match step.kind:
        case "sigmoid":
            return two_columns(sheet, sigmoid(sheet, cells[0]))
        case "softmax":
            return softmax(sheet, cells)
        case "exponential":
            return [_power(sheet, cell) for cell in cells]


def clipped(sheet: Sheet, step: Clip, cells: Sequence[Cell]) -> list[Cell]:
    """Return numbers between two ends."""
    return [kept_between(sheet, cell, step.low, step.high) for cell in cells]


def blended(sheet: Sheet, step: Blend, values: Sequence[Sequence[Cell]]) -> list[Cell]:
    """Return values averaged with weights."""
    return [
        without_nan(sheet, weighted_sum(sheet, 0.0, cells, step.weights))
        for cells in zip(*values, strict=True)
    ]


def linear(sheet: Sheet, step: Linear, cells: Sequence[Cell]) -> list[Cell]:
    """Return a linear form of numbers for each output."""
    return [
        without_nan(sheet, weighted_sum(sheet, bias, cells, weights))
        for bias, weights in zip(step.bias.tolist(), step.weights.T.tolist(), strict=True)
    ]


def calibrated(sheet: Sheet, step: ScaleLogits, cells: Sequence[Cell]) -> list[Cell]:
    """Return probabilities whose logarithms were scaled and shifted."""
    return softmax(
        sheet,
        [
            _logit(sheet, step.slope, bias, cell)
            for bias, cell in zip(step.bias.tolist(), cells, strict=True)
        ],
    )


def risen(sheet: Sheet, step: Isotonic, cells: Sequence[Cell]) -> list[Cell]:
    """Return probabilities read from a rising line."""
    return two_columns(sheet, isotonic(sheet, step, cells[1]))


def two_columns(sheet: Sheet, positive: Cell) -> list[Cell]:
    """Return the probabilities of both classes."""
    made = sheet.add(f"{sheet.dialect.number(1.0)} - {positive.text}", positive)
    negative = made.but(low=0.0, high=1.0, least=2.0**-54, missing=positive.missing)
    return [negative, positive]


def softmax(sheet: Sheet, cells: Sequence[Cell]) -> list[Cell]:
    """Return powers divided by their sum, the largest being 1 before."""
    safe = [calm(sheet, cell, least=0.0, most=_LARGEST_DIFFERENCE / 2) for cell in cells]
    top = sheet.add(sheet.dialect.largest_of([cell.text for cell in safe]), *safe)
    powers = [_power_below(sheet, cell, top, safe) for cell in safe]
    total = weighted_sum(sheet, 0.0, powers, [1.0] * len(powers))
    return [_share(sheet, power, total, safe) for power in powers]


def _share(sheet: Sheet, power: Cell, total: Cell, cells: Sequence[Cell]) -> Cell:
    made = sheet.add(f"{power.text} / {total.text}", power, total)
    finite = all(cell.is_finite for cell in cells)
    # The difference of infinities is no number.
    sound = made if finite else without_nan(sheet, made)
    missing = not finite or any(cell.missing for cell in cells)
    return sound.but(low=0.0, high=1.0, least=1e-306, missing=missing)


def _power_below(sheet: Sheet, cell: Cell, top: Cell, cells: Sequence[Cell]) -> Cell:
    number = sheet.dialect.number
    less = sheet.add(f"{cell.text} - {top.text}", cell, top)
    text = f"exp({less.text})"
    farthest = max(each.high for each in cells) - cell.low
    if not farthest < _LARGEST_EXPONENT:
        lowest = number(-_LARGEST_EXPONENT)
        text = f"CASE WHEN {less.text} < {lowest} THEN {number(0.0)} ELSE {text} END"
    made = sheet.add(text, less)
    missing = not all(each.is_finite and not each.missing for each in cells)
    return made.but(low=0.0, high=1.0, least=1e-305, missing=missing)


def _power(sheet: Sheet, cell: Cell) -> Cell:
    near = kept_between(sheet, cell, -_LARGEST_EXPONENT, _LARGEST_EXPONENT)
    made = sheet.add(f"exp({near.text})", near)
    return made.but(low=0.0, high=1e305, least=1e-305, missing=cell.missing)


def _logit(sheet: Sheet, slope: float, bias: float, cell: Cell) -> Cell:
    safe = kept_between(sheet, cell, _SMALLEST, 1.0)
    number = sheet.dialect.number
    made = sheet.add(f"{number(slope)} * ln({safe.text}) + {number(bias)}", safe)
    ends = (slope * _LOWEST_LOGARITHM + bias, bias)
    return made.but(low=min(ends), high=max(ends), least=0.0, missing=cell.missing)


def constants(sheet: Sheet, numbers: Sequence[float]) -> list[Cell]:
    """Return the same numbers for every row."""
    return [constant(sheet, number) for number in numbers]
