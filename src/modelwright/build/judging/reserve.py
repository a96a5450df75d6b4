"""The time that is kept for judging a candidate."""

import polars as pl

from modelwright.compute.budget import Budget
from modelwright.data.schema import Kind, Schema

_SHARE = 0.06
"""Of the budget: what judging does not need goes to what drives and what disturbs the answers."""
_LEAST_S, _MOST_SHARE = 1.0, 0.4
_ROW_S, _CELL_S = 4e-5, 2e-7
"""Resampling scores of one row of the holdout a thousand times; counting one cell of the training
rows for the reference of the bundle."""
_LETTER_S, _ROWS_AGAIN, _TIMES = 4e-7, 2_000, 4
"""Answering a letter of a text; so many rows are answered again, so many times: by gates, for what
is expected of later rows, and to see what drives the answers."""


def judging_s(
    budget: Budget, rows: int, *, cells: int = 0, letters: float = 0.0, hindrance: float = 1.0
) -> float:
    """Return what is kept of a budget for judging, more where other work hinders this one.

    Parameters
    ----------
    budget
        Of the whole candidate.
    rows
        Of the holdout.
    cells
        Of the training rows.
    letters
        Of the texts of a row.
    hindrance
        How many times longer work takes than on cores of its own.

    Examples
    --------
    >>> minute = Budget(60.0, started=0.0, clock=lambda: 0.0)
    >>> round(judging_s(minute, 10_000), 1), round(judging_s(minute, 2_000, letters=1_000), 1)
    (4.0, 7.7)
    """
    asked = rows + _TIMES * min(rows, _ROWS_AGAIN)
    needed_s = _LEAST_S + rows * _ROW_S + cells * _CELL_S + asked * letters * _LETTER_S
    looks_s = max(0.0, _SHARE * budget.seconds - _LEAST_S)
    wanted_s = min(needed_s * hindrance + looks_s, _MOST_SHARE * budget.remaining_s)
    return min(max(needed_s, wanted_s), _MOST_SHARE * budget.seconds)


def letters_of(table: pl.DataFrame, schema: Schema) -> float:
    """Return how many letters the texts of a row have on average.

    Examples
    --------
    >>> from modelwright.data.schema import Column
    >>> notes = Schema(columns=(Column(name="note", kind=Kind.TEXT),))
    >>> letters_of(pl.DataFrame({"note": ["late", None, "again!"]}), notes)
    5.0
    """
    letters = 0.0
    for name in (column.name for column in schema if column.kind == Kind.TEXT):
        lengths = table[name].drop_nulls().cast(pl.String).str.len_chars().to_numpy()
        letters += float(lengths.mean()) if len(lengths) else 0.0
    return letters
