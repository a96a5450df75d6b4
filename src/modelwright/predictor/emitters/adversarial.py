"""Rows made to find differences between two forms of a program."""

import unicodedata
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import numpy as np

from modelwright.data.schema import Column, Kind
from modelwright.data.values.cells import missing_tokens_of
from modelwright.data.values.moments import text_of
from modelwright.predictor.bundle import Bundle
from modelwright.predictor.emitters.edges import edges_of
from modelwright.predictor.emitters.rows_file import Record
from modelwright.predictor.operations.base import Floats
from modelwright.predictor.operations.categories import Codes
from modelwright.predictor.operations.text import TokenWeights
from modelwright.predictor.program import Program, column_value

_MOST_EDGES = 200
_MOST_WORDS = 200
_NUMBERS = (
    None, float("nan"), float("inf"), float("-inf"), 0.0, -0.0, 1, -1, 0.1, 1e300, -1e300,
    5e-324, -5e-324, 2.2250738585072014e-308, 1.7976931348623157e308, 2**53 + 1, 16777217,
    3.4028235677973366e38, 1e-45, 1 / 3,
)  # fmt: skip
_TEXTS = (
    None, "", " ", "?", "NA", "never seen \u2205", "\U0001f6f8", "0", "1.0", "-07.00", "x" * 300,
    "\u00a0 \u3000", "e\u0301", "\u0130I\u0131i", "\u03a3\u03c3\u03c2", "\ufb01\u017f\u00df",
    "\u0915\u094d\u0937", "\u1100\u1161", "\uac00", "\u65e5\u672c\u8a9e", "a\u00adb",
    "don't 'a''b'", "\U0001f469\u200d\U0001f4bb", "\u0663", "\u2167", "\x00", "a\nb\tc\\\"'",
    "\ufdfa", "\ufeffx",
)  # fmt: skip
_MOMENTS = (
    None, "", "1970-01-01", "1969-12-31T23:59:59.999999Z", "2024-02-29T12:30:00+05:30",
    "1900-02-28 23:59", "2000-02-29", "2100-03-01T00:00:00-11:00", "1582-10-15",
    "0001-01-01T00:00:00", "9999-12-31T23:59:59.999999", "2024-12-31T23:59:60"[:16],
    "2023-01-01T00:00:00.123456789", "1970-01-01T00:00:00+23:59",
)  # fmt: skip
_YEARS = (1900, 1969, 1970, 2000, 2024, 2100)


def adversarial_records(
    bundle: Bundle, *, count: int, seed: int = 0, real: Sequence[Record] = ()
) -> list[Record]:
    """Return rows: real ones, and real ones with some columns, or all, put to an extreme.

    Parameters
    ----------
    bundle
        Whose program is asked; its recorded rows count as real.
    count
        How many rows.
    seed
        The same seed gives the same rows.
    real
        More real rows, as clients send them.

    Returns
    -------
    list of dict
        Numbers may be NaN or infinite, which JSON could not say.
    """
    draw = np.random.default_rng(seed)
    read = {each.name for each in bundle.program.inputs}
    columns = [column for column in bundle.schema if column.name in read]
    known = [case.record for case in bundle.cases] + [*real]
    pools = _pools(bundle.program, columns)
    return [_row(draw, known, columns, pools) for _ in range(count)]


def _row(
    draw: np.random.Generator,
    known: Sequence[Record],
    columns: Sequence[Column],
    pools: dict[str, list[Any]],
) -> Record:
    """Return a row of which a quarter stays as it was, a quarter has every column drawn anew."""
    row = dict(known[int(draw.integers(len(known)))]) if known else {}
    kind = draw.integers(4)
    changed = len(columns) if kind == 3 else min(len(columns), int(kind))
    for place in draw.permutation(len(columns))[:changed].tolist():
        column = columns[place]
        pool = pools[column.name]
        row[column.name] = pool[draw.integers(len(pool))]
    return row


def _pools(program: Program, columns: Sequence[Column]) -> dict[str, list[Any]]:
    edges = edges_of(program)
    return {column.name: _pool(column, program, edges) for column in columns}


def _pool(column: Column, program: Program, edges: dict[str, Floats]) -> list[Any]:
    if column.kind == Kind.BOOLEAN:
        return [None, True, False, 0, 1]
    if column.value_type == "number":
        return _balanced(_NUMBERS, _near(edges.get(column.name, np.zeros(0))))
    if column.value_type == "datetime":
        return _moments(column)
    return _balanced((*_TEXTS, *sorted(missing_tokens_of(column))), _texts(column, program))


def _balanced(fixed: Sequence[Any], learned: Sequence[Any]) -> list[Any]:
    """Return both, with what is the same for every program as often as what is not."""
    return [*fixed] * max(1, len(learned) // len(fixed)) + [*learned]


def _near(edges: Floats) -> list[float]:
    """Return numbers at which the answer turns, and their neighbours on both sides."""
    met = edges[_spread(len(edges), _MOST_EDGES)]
    with np.errstate(over="ignore"):
        around = [met, np.nextafter(met, np.inf), np.nextafter(met, -np.inf)]
    return [float(each) for numbers in around for each in numbers]


def _spread(count: int, most: int) -> list[int]:
    """Return places spread evenly over a list, at most so many."""
    return [count * place // min(count, most) for place in range(min(count, most))]


def _moments(column: Column) -> list[Any]:
    if not column.datetime_format:
        return [*_MOMENTS]
    days = ((2, 28), (3, 1), (12, 31))
    moments = (datetime(year, *day, 23, 59, tzinfo=UTC) for year in _YEARS for day in days)
    return [None, *(text_of(moment, column.datetime_format) for moment in moments)]


def _texts(column: Column, program: Program) -> list[str]:
    words = [
        word
        for step in program.steps
        if column_value(column.name) in step.inputs
        for word in _words(step)
    ]
    chosen = [words[place] for place in _spread(len(words), _MOST_WORDS)]
    sentences = [" ".join(chosen[start : start + 7]) for start in range(0, len(chosen), 3)]
    return [*chosen, *sentences, *(variant for word in chosen for variant in _variants(word))]


def _words(step: object) -> tuple[str, ...]:
    match step:
        case Codes():
            return step.levels + step.rare
        case TokenWeights():
            return step.vocabulary
    return ()


def _variants(word: str) -> tuple[str, ...]:
    return (
        f" \u00a0{word}\t",
        f"{word}.0",
        word.upper(),
        unicodedata.normalize("NFD", word),
        unicodedata.normalize("NFC", word),
        f"{word}\u0301",
        f"({word}-{word}'s)",
    )
