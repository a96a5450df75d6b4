"""Numbers in SQL: sums, products and ends, where no result can be too large or too small."""

from collections.abc import Callable, Sequence
from math import inf, isfinite
from struct import pack, unpack

from modelwright.predictor.emitters.sql.cell import Cell
from modelwright.predictor.emitters.sql.sheet import Sheet

_TINY = 1e-290
"""A product nearer to zero would be lost, or end the query."""
_HUGE = 1e308
_ROUNDING = 2.0**-53
_WITHOUT_SIGN = 2**63 - 1
_TERMS = 40
"""Of a sum in one expression: parsers and optimisers have limits."""


def constant(sheet: Sheet, value: float) -> Cell:
    """Return a constant."""
    size = abs(value) or inf
    text = sheet.dialect.number(value)
    return Cell(text, low=value, high=value, least=size, missing=False)


def kept_between(sheet: Sheet, cell: Cell, low: float | None, high: float | None) -> Cell:
    """Return numbers that are kept between two ends; what is missing stays so."""
    tests = ""
    number = sheet.dialect.number
    if low is not None and cell.low < low:
        tests += f" WHEN {cell.text} < {number(low)} THEN {number(low)}"
    if high is not None and cell.high > high:
        tests += f" WHEN {cell.text} > {number(high)} THEN {number(high)}"
    if not tests:
        return cell
    made = sheet.add(f"CASE{tests} ELSE {cell.text} END", cell)
    lowest = cell.low if low is None else min(max(cell.low, low), inf if high is None else high)
    highest = cell.high if high is None else max(min(cell.high, high), -inf if low is None else low)
    ends = [abs(end) for end in (low, high) if end]
    return made.but(low=lowest, high=highest, least=min([cell.least, *ends]), missing=cell.missing)


def calm(sheet: Sheet, cell: Cell, *, least: float, most: float = inf) -> Cell:
    """Return a cell whose numbers are safe to multiply, divide and add up.

    Parameters
    ----------
    sheet
        Where a column is added, if one is needed.
    cell
        The numbers.
    least
        What is nearer to zero counts as zero, in a database that would end the query.
    most
        What is farther from zero, but finite, counts as missing, in such a database: its row gets
        no answer.
    """
    tests, dialect, text = "", sheet.dialect, cell.text
    number = dialect.number
    if dialect.underflow_stops and cell.least < least:
        tests += f" WHEN {text} BETWEEN {number(-least)} AND {number(least)} THEN {number(0.0)}"
        cell = cell.but(least=least)
    if dialect.overflow_stops and cell.size > most:
        tests += f" WHEN {_beyond(text, most, sheet)} THEN NULL"
        low, high = (max(cell.low, -most), min(cell.high, most))
        cell = (
            cell.but(missing=True)
            if dialect.has_infinity
            else cell.but(low=low, high=high, missing=True)
        )
    if not tests:
        return cell
    made = sheet.add(f"CASE{tests} ELSE {text} END", cell)
    return cell.but(text=made.text, reads=made.reads)


def _beyond(text: str, most: float, sheet: Sheet) -> str:
    number = sheet.dialect.number
    if not sheet.dialect.has_infinity:
        return f"{text} NOT BETWEEN {number(-most)} AND {number(most)}"
    return (
        f"{text} > {number(most)} AND {text} < {number(inf)} "
        f"OR {text} < {number(-most)} AND {text} > {number(-inf)}"
    )


def weighted_sum(
    sheet: Sheet, start: float, cells: Sequence[Cell], weights: Sequence[float]
) -> Cell:
    """Return a number plus cells times weights, added up one after another."""
    safe = _safe_to_add(sheet, start, cells, weights)
    terms = [
        (_product(sheet, cell, weight), cell)
        for cell, weight in zip(safe, weights, strict=True)
        if weight or cell.missing or not cell.is_finite
    ]
    low, high, least = start, start, abs(start) or inf
    for cell, weight in zip(safe, weights, strict=True):
        ends = (weight * cell.low, weight * cell.high) if weight else (0.0, 0.0)
        low, high = low + min(ends), high + max(ends)
        least = min(least, abs(weight) * cell.least if weight else inf)
    finite = isfinite(low) and isfinite(high)
    facts = {
        "low": low if finite else -inf,
        "high": high if finite else inf,
        "least": least * _ROUNDING,
        "missing": not finite or any(cell.missing for cell in safe),
    }
    return (
        added(sheet, constant(sheet, start), terms).but(**facts)
        if terms
        else constant(sheet, start)
    )


def added(sheet: Sheet, start: Cell, terms: Sequence[tuple[str, Cell]]) -> Cell:
    """Return a cell plus expressions, one after another, a few in each layer.

    Parameters
    ----------
    sheet
        Where columns are added.
    start
        The first summand.
    terms
        Expressions, each with the cell that it reads.
    """
    total = start
    for first in range(0, len(terms), _TERMS):
        part = terms[first : first + _TERMS]
        line = " + ".join([total.text, *(text for text, _ in part)])
        total = sheet.add(line, total, *(cell for _, cell in part))
    return total


def without_nan(sheet: Sheet, cell: Cell) -> Cell:
    """Return a cell in which NaN is NULL; it comes of infinities only."""
    if cell.is_finite or sheet.dialect.nan_is_null or not sheet.dialect.has_infinity:
        return cell
    made = sheet.add(f"nullif({cell.text}, CAST('NaN' AS {sheet.dialect.types['number']}))", cell)
    return cell.but(text=made.text, reads=made.reads, missing=True)


def turning_point(is_beyond: Callable[[float], bool]) -> float:
    """Return the smallest double for which a test holds, infinite where it holds for none.

    Parameters
    ----------
    is_beyond
        A test that holds for every number above one for which it holds.

    Examples
    --------
    >>> turning_point(lambda value: value / 3.0 >= 0.1)
    0.30000000000000004
    """
    low, high = _place(-inf), _place(inf)
    while low < high:
        middle = (low + high) // 2
        if is_beyond(_at(middle)):
            high = middle
        else:
            low = middle + 1
    return _at(high)


def _place(value: float) -> int:
    """Return where a double stands among all of them, from zero on."""
    (bits,) = unpack("<q", pack("<d", value))
    return int(bits) if bits >= 0 else -(int(bits) & _WITHOUT_SIGN)


def _at(place: int) -> float:
    (size,) = unpack("<d", pack("<q", abs(place)))
    return float(size) if place >= 0 else -float(size)


def _safe_to_add(
    sheet: Sheet, start: float, cells: Sequence[Cell], weights: Sequence[float]
) -> list[Cell]:
    total = sum(abs(weight) for weight in weights)
    room = abs(start) + sum(
        abs(weight) * cell.size if weight else 0.0
        for cell, weight in zip(cells, weights, strict=True)
    )
    most = inf if room < _HUGE else (_HUGE - min(abs(start), _HUGE)) / (1.0 + total)
    return [
        calm(sheet, cell, least=min(1.0, _TINY / abs(weight)) if weight else 0.0, most=most)
        for cell, weight in zip(cells, weights, strict=True)
    ]


def _product(sheet: Sheet, cell: Cell, weight: float) -> str:
    return cell.text if weight == 1.0 else f"{sheet.beside(weight, cell)} * {cell.text}"
