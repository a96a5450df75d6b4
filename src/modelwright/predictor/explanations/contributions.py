"""What each column adds to an answer: Shapley values on raw columns, exact where they can be."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np

from modelwright.data.records import Columns
from modelwright.predictor.explanations.background import Background
from modelwright.predictor.explanations.combinations import count_combinations, try_combinations
from modelwright.predictor.explanations.led_back import LedBack
from modelwright.predictor.explanations.sampling import sample_parts
from modelwright.predictor.operations.base import Floats

_MOST_ROWS = 20_000
"""Rows that are answered for one explanation: a second of the interpreter's."""


Method = Literal["exact", "combinations", "corrected", "sampled"]
"""How parts were found: from the program, by trying every combination of columns, from the program
with a sampled correction, or by sampling alone. The first two have no error."""


@dataclass(frozen=True)
class Contributions:
    """What the columns add up to.

    Parameters
    ----------
    usual
        The mean of what the rows of the background are answered.
    parts
        What each column adds to it; together they give the answer.
    errors
        The standard error of each part, where orders of columns are sampled; else zero.
    method
        How the parts were found.
    """

    usual: float
    parts: dict[str, float]
    errors: dict[str, float]
    method: Method


def contributions(
    row: Columns,
    background: Background,
    answer: Callable[[Columns], Floats],
    *,
    led_back: Callable[[], LedBack | None] = lambda: None,
    seed: int = 0,
) -> Contributions:
    """Say what each column of a row adds to its answer: its Shapley value.

    The game is to take a column from the row rather than from a row of the background, and each
    column gets what it changes, on average over all orders and over the background. Where few
    columns differ, all their combinations are answered. Otherwise the program may know the parts;
    what it does not know of them is sampled, and they add up all the same.

    Parameters
    ----------
    row
        The columns of one row.
    background
        What it is compared with.
    answer
        Gives rows one number each.
    led_back
        Asked for what the program knows of the parts, where there are too many combinations.
    seed
        Of the orders.
    """
    if count_combinations(row, background) <= _MOST_ROWS:
        parts = try_combinations(row, background, answer)
        return Contributions(
            _usual(background, answer), parts, dict.fromkeys(row, 0.0), "combinations"
        )
    known = led_back()
    if known is not None and known.shares.straight:
        none = dict.fromkeys(row, 0.0)
        return Contributions(_usual(background, answer), known.parts, none, "exact")
    ask = known.rest if known else lambda rows, _: answer(rows)
    found = sample_parts(row, background, ask, most_rows=_MOST_ROWS, seed=seed)
    if known is None:
        return Contributions(found.usual, found.parts, found.errors, "sampled")
    parts = {name: part + found.parts[name] for name, part in known.parts.items()}
    return Contributions(_usual(background, answer), parts, found.errors, "corrected")


def _usual(background: Background, answer: Callable[[Columns], Floats]) -> float:
    return float(np.mean(answer(background.columns)))
