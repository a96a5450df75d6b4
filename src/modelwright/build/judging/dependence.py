"""What the program answers as one column changes and the others stay as they are."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from modelwright.compute.budget import Budget
from modelwright.data.records import MISSING_DATETIME, Columns
from modelwright.documents import Dependence, Importance
from modelwright.predictor.operations.base import Floats
from modelwright.predictor.program import Input, Program
from modelwright.tasks.task import Label

_COLUMNS = 6
_ROWS = 300
_POINTS = 12
_LEVELS = 8
_FEWEST_OF_LEVEL = 5
_ENDS = (0.02, 0.98)
_MIDDLE = (0.1, 0.9)
"""Between them lie the answers of eight of ten rows."""


def measure_dependences(
    program: Program,
    columns: Columns,
    *,
    importances: Sequence[Importance],
    budget: Budget,
    seed: int,
    row_s: float = 0.0,
) -> tuple[Dependence, ...]:
    """Measure partial dependence on the main columns, with the program itself.

    Friedman, "Greedy function approximation: a gradient boosting machine" (2001), section 8.2. Each
    value is given to at most 300 rows whose other columns stay as they are; the answers' mean is
    told, and between what eight of ten lie.

    Parameters
    ----------
    program
        What answers.
    columns
        Rows that the program has not learned from.
    importances
        The largest loss first: the first six columns are looked at.
    budget
        No column is begun that would not end in it.
    seed
        For the sample.
    row_s
        Seconds in which the program answers a row.

    Returns
    -------
    tuple of Dependence
        In the order of the importances, without columns that have fewer than two values to try.
    """
    inputs = {each.name: each for each in program.inputs}
    count = len(next(iter(columns.values()), ()))
    rows = np.sort(np.random.default_rng(seed).permutation(count)[:_ROWS])
    sample = {name: columns[name][rows] for name in inputs}
    found = []
    for main in importances[:_COLUMNS]:
        given = inputs[main.column]
        tried = _values_of(given, columns[main.column])
        if budget.remaining_s <= len(rows) * len(tried) * row_s:
            break
        if len(tried) > 1:
            found.append(_look(program, sample, given, tried))
    return tuple(found)


def _look(program: Program, sample: Columns, given: Input, tried: NDArray[Any]) -> Dependence:
    rows = len(sample[given.name])
    stacked = {name: np.tile(values, len(tried)) for name, values in sample.items()}
    stacked[given.name] = np.repeat(tried, rows)
    answers = program.run(stacked).reshape(len(tried), rows, -1)
    output, of = _told(program, answers)
    told = answers[:, :, output]
    low, high = np.quantile(told, _MIDDLE, axis=1)
    return Dependence(
        column=given.name,
        of=of,
        values=tuple(_value(given, each) for each in tried),
        answers=tuple(told.mean(axis=1).tolist()),
        low=tuple(low.tolist()),
        high=tuple(high.tolist()),
        rows=rows,
    )


def _told(program: Program, answers: Floats) -> tuple[int, Label | None]:
    """Return which output is told: of several classes the one that the column moves most."""
    classes = program.task.classes
    if not classes:
        return 0, None
    if len(classes) == 2:
        return 1, classes[1]
    output = int(np.ptp(answers.mean(axis=1), axis=0).argmax())
    return output, classes[output]


def _values_of(given: Input, values: NDArray[Any]) -> NDArray[Any]:
    if given.type == "string":
        levels, counts = np.unique(
            [each for each in values if each is not None], return_counts=True
        )
        common = np.argsort(-counts, kind="stable")[:_LEVELS]
        kept = [levels[at] for at in common if counts[at] >= _FEWEST_OF_LEVEL]
        return np.array(kept, dtype=object)
    is_known = np.isfinite(values) if given.type == "number" else values != MISSING_DATETIME
    known = values[is_known]
    if not len(known):
        return np.empty(0)
    ends = np.linspace(*_ENDS, _POINTS)
    tried: NDArray[Any] = np.unique(np.quantile(known, ends, method="nearest"))
    return tried


def _value(given: Input, value: Any) -> float | str:
    if given.type == "number":
        return float(value)
    if given.type == "string":
        return str(value)
    return str(np.datetime64(int(value), "us").astype("datetime64[s]"))
