"""The parts of an answer by sampled orders of columns."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from modelwright.data.records import Columns
from modelwright.predictor.explanations.background import Background, mixed
from modelwright.predictor.operations.base import Floats, Value

_FEWEST_OTHERS = 4


@dataclass(frozen=True)
class Sampled:
    """What sampling found.

    Parameters
    ----------
    usual
        The mean answer to the rows of the background that were looked at.
    parts, errors
        Of each column: the mean of what it changed, and its standard error.
    """

    usual: float
    parts: dict[str, float]
    errors: dict[str, float]


def sample_parts(
    row: Columns,
    background: Background,
    answer: Callable[[Columns, Value], Floats],
    *,
    most_rows: int,
    seed: int,
) -> Sampled:
    """Estimate what each column of a row adds to its answer.

    Each row of the background is turned into the row column by column, in a random order and again
    in the reverse one, and each column gets the change that it makes: the mean is its Shapley value
    (Štrumbelj and Kononenko, "Explaining prediction models and individual predictions with feature
    contributions", 2014). The changes of one order add up to the difference of the two answers.

    Parameters
    ----------
    row, background
        As `contributions` takes them.
    answer
        Gives one number for each of some rows, of which it is told between which of the background
        and the row they are.
    most_rows
        That are answered, but of a few rows of the background in any case.
    seed
        Of the orders.
    """
    draw = np.random.default_rng(seed)
    others = _others(len(row), len(background), most_rows)
    paths = [_path(row, background, other, draw) for other in others]
    numbers = _answered(paths, answer)
    usual, changes = [], []
    for path, found in zip(paths, numbers, strict=True):
        usual.append(found[0])
        changes.append(path.changes(found, list(row)))
    table = np.array(changes)
    spread = table.std(axis=0, ddof=1) if len(table) > 1 else np.zeros(len(row))
    errors = spread / np.sqrt(len(table))
    return Sampled(
        usual=float(np.mean(usual)),
        parts=dict(zip(row, table.mean(axis=0).tolist(), strict=True)),
        errors=dict(zip(row, errors.tolist(), strict=True)),
    )


@dataclass(frozen=True)
class _Path:
    """A row of the background that becomes the row, in an order of columns and in its reverse.

    The last row of the way there is the first of the way back, seen from the other end.
    """

    other: int
    order: list[str]
    rows: dict[str, np.ndarray]

    def changes(self, found: Floats, names: list[str]) -> list[float]:
        steps = len(self.order)
        there, back = np.diff(found[: steps + 1]), np.diff(found[steps + 1 :])
        made = dict.fromkeys(names, 0.0)
        for place, name in enumerate(self.order):
            made[name] = float(there[place] + back[steps - 1 - place]) / 2
        return [made[name] for name in names]


def _path(row: Columns, background: Background, other: int, draw: np.random.Generator) -> _Path:
    # What is the same in both changes nothing, wherever it stands.
    differ = background.differing(row, other)
    order = [differ[place] for place in draw.permutation(len(differ)).tolist()]
    steps = np.arange(len(order) + 1)
    taken = {name: np.zeros(2 * len(steps), dtype=np.bool_) for name in row}
    for place, name in enumerate(order):
        taken[name][: len(steps)] = steps > place
        taken[name][len(steps) :] = steps > len(order) - 1 - place
    return _Path(other, order, mixed(row, background.at(other), taken))


def _answered(paths: list[_Path], answer: Callable[[Columns, Value], Floats]) -> list[Floats]:
    """Answer the rows of all paths at once: one call for many rows is far sooner than many."""
    together = {name: np.concatenate([path.rows[name] for path in paths]) for name in paths[0].rows}
    counts = [2 * (len(path.order) + 1) for path in paths]
    other = np.repeat([path.other for path in paths], counts)
    return np.split(answer(together, other), np.cumsum(counts)[:-1])


def _others(columns: int, rows: int, most_rows: int) -> list[int]:
    most = max(_FEWEST_OTHERS, most_rows // (2 * (columns + 1)))
    return [rows * place // min(rows, most) for place in range(min(rows, most))]
