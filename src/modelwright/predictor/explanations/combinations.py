"""The parts of an answer by every combination of columns."""

from collections.abc import Callable

import numpy as np

from modelwright.data.records import Columns
from modelwright.predictor.attribution.columns import shapley_values
from modelwright.predictor.explanations.background import Background, mixed
from modelwright.predictor.operations.base import Floats


def count_combinations(row: Columns, background: Background) -> int:
    """Return how many rows there are between a row and those of a background."""
    every = range(len(background))
    return sum(1 << len(background.differing(row, other)) for other in every)


def try_combinations(
    row: Columns, background: Background, answer: Callable[[Columns], Floats]
) -> dict[str, float]:
    """Return the Shapley value of each column, from the answers to all rows in between.

    Parameters
    ----------
    row, background, answer
        As `contributions` takes them.
    """
    differ = [background.differing(row, other) for other in range(len(background))]
    tables = [_between(row, background, other, names) for other, names in enumerate(differ)]
    together = {name: np.concatenate([each[name] for each in tables]) for name in row}
    ends = np.cumsum([1 << len(names) for names in differ])[:-1]
    parts = dict.fromkeys(row, 0.0)
    for names, found in zip(differ, np.split(answer(together), ends), strict=True):
        for name, part in zip(names, shapley_values(found).tolist(), strict=True):
            parts[name] += part / len(background)
    return parts


def _between(row: Columns, background: Background, other: int, names: list[str]) -> Columns:
    number = np.arange(1 << len(names))
    taken = {name: np.zeros(len(number), dtype=np.bool_) for name in row}
    for place, name in enumerate(names):
        taken[name] = number >> place & 1 == 1
    return mixed(row, background.at(other), taken)
