"""Curves as columns."""

from collections.abc import Sequence

from modelwright.predictor.emitters.sql.arithmetic import added, calm, constant
from modelwright.predictor.emitters.sql.cell import Cell
from modelwright.predictor.emitters.sql.choice import by_place
from modelwright.predictor.emitters.sql.sheet import Sheet
from modelwright.predictor.operations.answers import Isotonic
from modelwright.predictor.operations.curves import Curves

_TINY = 1e-250


def curves(sheet: Sheet, step: Curves, cells: Sequence[Cell]) -> list[Cell]:
    """Return the sums of the curves of all columns, one column after another."""
    ends = step.sizes.cumsum().tolist()
    parts = [slice(end - size, end) for end, size in zip(ends, step.sizes.tolist(), strict=True)]
    calmed = [
        _calmed(sheet, cell, step.knots[part].tolist())
        for cell, part in zip(cells, parts, strict=True)
    ]
    found = []
    for output in range(step.heights.shape[1]):
        terms, most = [], 0.0
        for place, (cell, part) in enumerate(zip(calmed, parts, strict=True)):
            heights = step.heights[part, output].tolist()
            missing = float(step.missing[place, output])
            terms.append((_line(sheet, cell, step.knots[part].tolist(), heights, missing), cell))
            most += max(map(abs, [*heights, missing]))
        total = added(sheet, constant(sheet, 0.0), terms)
        found.append(total.but(low=-most, high=most, least=0.0, missing=False))
    return found


def isotonic(sheet: Sheet, step: Isotonic, cell: Cell) -> Cell:
    """Return a rising line through knots at each number."""
    x, y = step.x.tolist(), step.y.tolist()
    calmed = _calmed(sheet, cell, x)
    number = sheet.dialect.number
    chosen = [number(y[0])]
    for place in range(len(x) - 1):
        slope = (y[place + 1] - y[place]) / (x[place + 1] - x[place])
        start, low = number(x[place]), number(y[place])
        chosen.append(f"{number(slope)} * ({calmed.text} - {start}) + {low}" if slope else low)
    chosen.append(number(y[-1]))
    text = by_place(calmed.text, [number(each) for each in x], chosen)
    if cell.missing:
        text = f"CASE WHEN {calmed.text} IS NOT NULL THEN {text} END"
    made = sheet.add(f"({text})", calmed)
    return made.but(low=0.0, high=1.0, least=0.0, missing=cell.missing)


def _calmed(sheet: Sheet, cell: Cell, knots: Sequence[float]) -> Cell:
    """Return the numbers as zero where they are as near to it as only an empty one would be."""
    nearest = min(map(abs, knots))
    return calm(sheet, cell, least=_TINY) if nearest < _TINY else cell


def _line(
    sheet: Sheet, cell: Cell, knots: Sequence[float], heights: Sequence[float], missing: float
) -> str:
    number = sheet.dialect.number
    chosen = [number(heights[0])]
    for place in range(len(knots) - 1):
        rise = heights[place + 1] - heights[place]
        share = (
            f"({cell.text} - {number(knots[place])}) / {number(knots[place + 1] - knots[place])}"
        )
        start = number(heights[place])
        chosen.append(f"{start} + {share} * {number(rise)}" if rise else start)
    chosen.append(number(heights[-2] + (heights[-1] - heights[-2])))
    text = by_place(cell.text, [number(each) for each in knots], chosen)
    if cell.missing:
        text = f"CASE WHEN {cell.text} IS NULL THEN {number(missing)} ELSE {text} END"
    return f"({text})"
