"""Operations on numbers as columns."""

from collections.abc import Sequence
from math import inf, isfinite, log, nextafter

from modelwright.predictor.emitters.sql.arithmetic import (
    calm,
    constant,
    kept_between,
    turning_point,
    without_nan,
)
from modelwright.predictor.emitters.sql.cell import Cell
from modelwright.predictor.emitters.sql.refusal import UnwritableError
from modelwright.predictor.emitters.sql.sheet import Sheet
from modelwright.predictor.operations.activation import LEAST_LOGGED, Activation
from modelwright.predictor.operations.numbers import Impute, Scale, SmoothClip
from modelwright.predictor.operations.ramps import Ramps

_TINY, _FAR, _NEAR = 1e-250, 1e100, 1e-100
_NEAREST = 5e-324
"""No number but zero is nearer to zero."""
_LARGEST_EXPONENT = 700.0
_SATURATED = 40.0
_MOST_UNITS = 400


def filled(sheet: Sheet, step: Impute, cells: Sequence[Cell]) -> list[Cell]:
    """Return numbers with a fixed one where one is missing."""
    return [
        _filled(sheet, cell, fill) for cell, fill in zip(cells, step.fill.tolist(), strict=True)
    ]


def flagged(sheet: Sheet, cells: Sequence[Cell]) -> list[Cell]:
    """Return 1 where a number is missing, else 0."""
    return [_flagged(sheet, cell) for cell in cells]


def scaled(sheet: Sheet, step: Scale, cells: Sequence[Cell]) -> list[Cell]:
    """Return numbers by their distance from a centre."""
    parts = zip(cells, step.center.tolist(), step.scale.tolist(), strict=True)
    return [between(sheet, *part, ends=(-step.limit, step.limit)) for part in parts]


def ramps(sheet: Sheet, step: Ramps, cells: Sequence[Cell]) -> list[Cell]:
    """Return how far numbers have come through pieces."""
    parts = zip(step.source.tolist(), step.start.tolist(), step.length.tolist(), strict=True)
    return [
        between(sheet, cells[source], start, length, ends=(0.0, 1.0))
        for source, start, length in parts
    ]


def between(
    sheet: Sheet, cell: Cell, start: float, length: float, *, ends: tuple[float, float]
) -> Cell:
    """Return (number - start) / length kept between two ends.

    The numbers from which on an end is reached are found beforehand, so that nothing is computed
    that would be cut off, and might be too large.
    """
    low, high = ends
    if abs(start) < _TINY:
        cell = calm(sheet, cell, least=_lost(length))
    number, tests = sheet.dialect.number, ""

    def at(value: float) -> float:
        return (value - start) / length

    if isfinite(high):
        end = turning_point(lambda value: at(value) >= high)
        tests += f" WHEN {cell.text} >= {number(end)} THEN {number(high)}"
    if isfinite(low):
        end = -turning_point(lambda value: at(-value) <= low)
        tests += f" WHEN {cell.text} <= {number(end)} THEN {number(low)}"
    value = f"({cell.text} - {number(start)}) / {number(length)}"
    made = sheet.add(f"CASE{tests} ELSE {value} END" if tests else value, cell)
    nearest = abs(start) * 2.0**-54 if abs(start) >= _TINY else cell.least
    least = min([max(nearest / length, _NEAREST), *(abs(end) for end in ends if end)])
    return made.but(low=low, high=high, least=least, missing=cell.missing)


def _lost(length: float) -> float:
    """Return the largest number that is nothing once it is divided."""
    return nextafter(turning_point(lambda value: value / length > 0), 0.0)


def smoothed(sheet: Sheet, step: SmoothClip, cells: Sequence[Cell]) -> list[Cell]:
    """Return numbers bent so that none passes a limit."""
    return [_smoothed(sheet, cell, step.limit) for cell in cells]


def activated(sheet: Sheet, step: Activation, cells: Sequence[Cell]) -> list[Cell]:
    """Return what the units of a network make of their sums."""
    if len(cells) > _MOST_UNITS:
        raise UnwritableError(
            f"A network with a layer of {len(cells)} units is too wide for SQL, "
            f"which can say {_MOST_UNITS}."
        )
    if step.kind == "relu":
        return [kept_between(sheet, cell, 0.0, None) for cell in cells]
    return [_BENDS[step.kind](sheet, cell) for cell in cells]


def sigmoid(sheet: Sheet, cell: Cell) -> Cell:
    """Return 1 / (1 + exp(-number)), computed so that no power is too large."""
    x, number = cell.text, sheet.dialect.number
    one, tests = number(1.0), ""
    # Beyond, the result is 1 to the last bit, or nearer to zero than any number of a row matters.
    if cell.high > _LARGEST_EXPONENT:
        tests += f" WHEN {x} > {number(_LARGEST_EXPONENT)} THEN {one}"
    if cell.low < -_LARGEST_EXPONENT:
        tests += f" WHEN {x} < {number(-_LARGEST_EXPONENT)} THEN {number(0.0)}"
    tests += f" WHEN {x} >= {number(0.0)} THEN {one} / ({one} + exp(-({x})))"
    made = sheet.add(f"CASE{tests} ELSE exp({x}) / ({one} + exp({x})) END", cell)
    return made.but(low=0.0, high=1.0, least=1e-305, missing=cell.missing)


def _filled(sheet: Sheet, cell: Cell, fill: float) -> Cell:
    if not cell.missing:
        return cell
    made = sheet.add(f"coalesce({cell.text}, {sheet.dialect.number(fill)})", cell)
    least = min(cell.least, abs(fill) or inf)
    return made.but(low=min(cell.low, fill), high=max(cell.high, fill), least=least, missing=False)


def _flagged(sheet: Sheet, cell: Cell) -> Cell:
    if not cell.missing:
        return constant(sheet, 0.0)
    one, none = sheet.dialect.number(1.0), sheet.dialect.number(0.0)
    made = sheet.add(f"CASE WHEN {cell.text} IS NULL THEN {one} ELSE {none} END", cell)
    return made.but(low=0.0, high=1.0, least=1.0, missing=False)


def _smoothed(sheet: Sheet, cell: Cell, limit: float) -> Cell:
    near = kept_between(sheet, cell, -_FAR, _FAR)
    x, number = near.text, sheet.dialect.number
    share = f"{x} / {number(limit)}"
    bent = f"{x} / sqrt({number(1.0)} + ({share}) * ({share}))"
    small = f"{x} BETWEEN {number(-_NEAR)} AND {number(_NEAR)}"
    # So near to zero the root is 1 to the last bit, but a square may be too small.
    made = sheet.add(f"CASE WHEN {small} THEN {x} ELSE {bent} END", near)
    return made.but(low=-2.0 * limit, high=2.0 * limit, least=near.least / 2, missing=cell.missing)


def _tanh(sheet: Sheet, cell: Cell) -> Cell:
    # Beyond, it is -1 or 1 to the last bit.
    near = kept_between(sheet, cell, -_SATURATED, _SATURATED)
    number = sheet.dialect.number
    share = sigmoid(
        sheet,
        sheet.add(f"{number(2.0)} * {near.text}", near).but(
            low=2.0 * near.low, high=2.0 * near.high, least=near.least, missing=near.missing
        ),
    )
    made = sheet.add(f"{number(2.0)} * {share.text} - {number(1.0)}", share)
    return made.but(low=-1.0, high=1.0, least=0.0, missing=cell.missing)


def _silu(sheet: Sheet, cell: Cell) -> Cell:
    # Half of the number nearest to zero is zero; all others have a half.
    near = calm(sheet, cell, least=_NEAREST)
    share = sigmoid(sheet, near)
    made = sheet.add(f"{near.text} * {share.text}", near, share)
    sound = without_nan(sheet, made) if not cell.is_finite else made
    return sound.but(
        low=max(cell.low, -1.0), high=max(cell.high, 0.0), least=0.0, missing=cell.missing
    )


def _logarithm(sheet: Sheet, cell: Cell) -> Cell:
    above = kept_between(sheet, cell, LEAST_LOGGED, None)
    made = sheet.add(f"ln({above.text})", above)
    high = log(above.high) if above.high < inf else inf
    return made.but(low=log(LEAST_LOGGED), high=high, least=0.0, missing=cell.missing)


_BENDS = {"silu": _silu, "tanh": _tanh, "logarithm": _logarithm}
