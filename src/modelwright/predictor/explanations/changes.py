"""What would have to be otherwise for another answer."""

from collections.abc import Callable, Sequence
from itertools import combinations

import numpy as np

from modelwright.data.records import Columns
from modelwright.predictor.explanations.background import Background
from modelwright.predictor.operations.base import Value

_PAIRED = 6
"""Columns that are changed two at a time, where no one alone is enough."""


def smallest_change(
    row: Columns,
    background: Background,
    order: Sequence[str],
    choose: Callable[[Columns], Value],
) -> dict[str, int]:
    """Return the fewest columns that a row would take from a recorded one to be answered otherwise.

    Parameters
    ----------
    row
        The columns of one row.
    background
        Whose values are tried: values that occur, and no others.
    order
        Columns to try, those first that matter most.
    choose
        Gives rows the number of their class.

    Returns
    -------
    dict
        For each column the row of the background that its value is of; empty where neither one
        column nor two make another answer.
    """
    now = int(choose(row)[0])
    for names in [(name,) for name in order] + [*combinations(order[:_PAIRED], 2)]:
        for place in _tried(row, background, names, choose, now):
            return dict.fromkeys(names, place)
    return {}


def _tried(
    row: Columns,
    background: Background,
    names: tuple[str, ...],
    choose: Callable[[Columns], Value],
    now: int,
) -> list[int]:
    """Return the rows of the background whose values of some columns make another answer."""
    rows = len(background)
    tried = {name: np.repeat(values, rows) for name, values in row.items()}
    tried |= {name: background.columns[name] for name in names}
    return np.flatnonzero(choose(tried) != now).tolist()
