"""Operations on categories as columns."""

from collections.abc import Sequence
from math import isnan

import numpy as np

from modelwright.predictor.emitters.identifiers import is_sound
from modelwright.predictor.emitters.sql.cell import Cell
from modelwright.predictor.emitters.sql.choice import by_place, by_text, merged
from modelwright.predictor.emitters.sql.literals import least_of
from modelwright.predictor.emitters.sql.refusal import UnwritableError
from modelwright.predictor.emitters.sql.sheet import Sheet
from modelwright.predictor.operations.categories import (
    FIRST_LEVEL_CODE,
    MISSING_CODE,
    RARE_CODE,
    UNKNOWN_CODE,
    Codes,
    CodeTable,
)

_MOST_LEVELS = 50_000


def codes(sheet: Sheet, step: Codes, text: Cell, absent: str) -> Cell:
    """Return the code of each text.

    Parameters
    ----------
    sheet
        Where columns are added.
    step
        The levels.
    text
        As it is compared.
    absent
        The test that it is missing.
    """
    if len(step.levels) + len(step.rare) > _MOST_LEVELS:
        raise UnwritableError(f"A category has more than {_MOST_LEVELS:,} levels.")
    numbered = dict.fromkeys(step.rare, RARE_CODE)
    numbered |= {level: code for code, level in enumerate(step.levels, FIRST_LEVEL_CODE)}
    # In the order of their bytes, by which databases compare here; what UTF-8 cannot say, no
    # column holds.
    ordered = sorted((level.encode(), level) for level in numbered if is_sound(level))
    found = [(sheet.dialect.text(level), str(numbered[level])) for _, level in ordered]
    chosen = by_text(text.text, found, str(UNKNOWN_CODE))
    made = sheet.add(f"CASE WHEN {absent} THEN {MISSING_CODE} ELSE {chosen} END", text)
    highest = max([RARE_CODE, *numbered.values()])
    return made.but(low=0.0, high=float(highest), least=1.0, missing=False)


def table(sheet: Sheet, step: CodeTable, cells: Sequence[Cell]) -> list[Cell]:
    """Return the row of a table that stands for each code."""
    return [_looked_up(sheet, step, cells[0], place) for place in range(step.table.shape[1])]


def _looked_up(sheet: Sheet, step: CodeTable, code: Cell, place: int) -> Cell:
    column = step.table[:, place]
    known = column[~np.isnan(column)]
    number = sheet.dialect.number
    entries = ["NULL" if isnan(value) else number(value) for value in column.tolist()]
    bounds, chosen = merged([str(row) for row in range(1, len(entries))], entries)
    text = by_place(code.text, bounds, chosen)
    if beyond := _beyond(code, len(entries)):
        text = f"CASE WHEN {beyond} THEN {entries[UNKNOWN_CODE]} ELSE {text} END"
    facts = {
        "low": float(known.min()),
        "high": float(known.max()),
        "least": least_of(known),
        "missing": len(known) < len(column),
    }
    if not bounds and not beyond:
        return Cell(text).but(**facts)
    return sheet.add(text, code).but(**facts)


def _beyond(code: Cell, rows: int) -> str:
    """Return the test that a code has no row; empty where every code has one."""
    tests = [f"{code.text} IS NULL"] if code.missing else []
    tests += [f"{code.text} < 0"] if code.low < 0 else []
    tests += [f"{code.text} >= {rows}"] if code.high >= rows else []
    return " OR ".join(tests)
