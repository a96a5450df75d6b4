"""The time that is kept for judging a candidate."""

import polars as pl

from modelwright.compute.budget import Budget
from modelwright.data.schema import Kind, Schema

_JUDGING_SHARE = 0.06
"""Of the budget, for the holdout and the bundle, beside what each row of the holdout takes."""
_LEAST_JUDGING_S, _MOST_JUDGING_SHARE = 1.5, 0.3
_ROW_S = 4e-5
"""Resampling scores of one row of the holdout a thousand times."""
_LETTER_S, _ROWS_AGAIN, _TIMES = 4e-7, 2_000, 4
"""Answering a letter of a text; so many rows are answered again, so many times: by gates, for what
is expected of later rows, and to see what drives the answers."""


def judging_s(budget: Budget, rows: int, *, letters: float = 0.0) -> float:
    """Return what is kept of a budget for judging, more where other work hinders this one.

    Parameters
    ----------
    budget
        Of the whole candidate.
    rows
        Of the holdout.
    letters
        Of the texts of a row.

    Examples
    --------
    >>> minute = Budget(60.0, started=0.0, clock=lambda: 0.0)
    >>> round(judging_s(minute, 10_000), 1), round(judging_s(minute, 2_000, letters=1_000), 1)
    (4.0, 7.7)
    """
    asked = rows + _TIMES * min(rows, _ROWS_AGAIN)
    alone_s = max(_LEAST_JUDGING_S, _JUDGING_SHARE * budget.seconds) + rows * _ROW_S
    alone_s += asked * letters * _LETTER_S
    hindered_s = min(alone_s * budget.hindrance, _MOST_JUDGING_SHARE * budget.remaining_s)
    return min(max(alone_s, hindered_s), _MOST_JUDGING_SHARE * budget.seconds)


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
