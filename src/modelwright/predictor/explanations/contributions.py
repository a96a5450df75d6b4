"""What each column adds to an answer: Shapley values on the raw columns."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from modelwright.data.records import Columns
from modelwright.predictor.explanations.background import Background, mixed
from modelwright.predictor.operations.base import Floats

_MOST_ROWS = 20_000
"""Rows that are answered for one explanation: a second of the interpreter's."""
_FEWEST_OTHERS = 4


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
        The standard error of each part: orders of columns and rows of the background are sampled.
    """

    usual: float
    parts: dict[str, float]
    errors: dict[str, float]


def contributions(
    row: Columns,
    background: Background,
    answer: Callable[[Columns], Floats],
    *,
    seed: int = 0,
) -> Contributions:
    """Say what each column of a row adds to its answer.

    Each row of the background is turned into the row column by column, in a random order and again
    in the reverse one, and each column gets the change that it makes: the mean is its Shapley value
    (Štrumbelj and Kononenko, "Explaining prediction models and individual predictions with feature
    contributions", 2014). The changes of one order add up to the difference of the two answers.

    Parameters
    ----------
    row
        The columns of one row.
    background
        What it is compared with.
    answer
        Gives rows one number each.
    seed
        Of the orders.
    """
    draw = np.random.default_rng(seed)
    others = _others(len(row), len(background))
    paths = [_path(row, _at(background.columns, other), draw) for other in others]
    numbers = _answered(paths, answer)
    usual, changes = [], []
    for path, found in zip(paths, numbers, strict=True):
        usual.append(found[0])
        changes.append(path.changes(found, list(row)))
    table = np.array(changes)
    spread = table.std(axis=0, ddof=1) if len(table) > 1 else np.zeros(len(row))
    errors = spread / np.sqrt(len(table))
    return Contributions(
        usual=float(np.mean(usual)),
        parts=dict(zip(row, table.mean(axis=0).tolist(), strict=True)),
        errors=dict(zip(row, errors.tolist(), strict=True)),
    )


@dataclass(frozen=True)
class _Path:
    """A row of the background that becomes the row, in an order of columns and in its reverse.

    The last row of the way there is the first of the way back, seen from the other end.
    """

    order: list[str]
    rows: dict[str, np.ndarray]

    def changes(self, found: Floats, names: list[str]) -> list[float]:
        steps = len(self.order)
        there, back = np.diff(found[: steps + 1]), np.diff(found[steps + 1 :])
        made = dict.fromkeys(names, 0.0)
        for place, name in enumerate(self.order):
            made[name] = float(there[place] + back[steps - 1 - place]) / 2
        return [made[name] for name in names]


def _path(row: Columns, other: Columns, draw: np.random.Generator) -> _Path:
    # What is the same in both changes nothing, wherever it stands.
    differ = [name for name in row if not _same(row[name][0], other[name][0])]
    order = [differ[place] for place in draw.permutation(len(differ)).tolist()]
    steps = np.arange(len(order) + 1)
    taken = {name: np.zeros(2 * len(steps), dtype=np.bool_) for name in row}
    for place, name in enumerate(order):
        taken[name][: len(steps)] = steps > place
        taken[name][len(steps) :] = steps > len(order) - 1 - place
    return _Path(order, mixed(row, other, taken))


def _answered(paths: list[_Path], answer: Callable[[Columns], Floats]) -> list[Floats]:
    """Answer the rows of all paths at once: one call for many rows is far sooner than many."""
    together = {name: np.concatenate([path.rows[name] for path in paths]) for name in paths[0].rows}
    ends = np.cumsum([2 * (len(path.order) + 1) for path in paths])[:-1]
    return np.split(answer(together), ends)


def _others(columns: int, rows: int) -> list[int]:
    most = max(_FEWEST_OTHERS, _MOST_ROWS // (2 * (columns + 1)))
    return [rows * place // min(rows, most) for place in range(min(rows, most))]


def _at(columns: Columns, place: int) -> Columns:
    return {name: values[place : place + 1] for name, values in columns.items()}


def _same(left: object, right: object) -> bool:
    return left == right or (left != left and right != right)
