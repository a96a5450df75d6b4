"""How much of the score is lost when the main columns come otherwise than they did."""

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from modelwright.compute.budget import Budget
from modelwright.data.records import MISSING_DATETIME, Columns
from modelwright.documents import Disturbance, DisturbanceKind, Importance
from modelwright.predictor.program import Input, Program
from modelwright.tasks.answers import as_taken
from modelwright.tasks.intervals import paired_difference
from modelwright.tasks.metrics import Metric
from modelwright.tasks.price import scores_s

_ROWS = 2_000
_COLUMNS = 8
_RESAMPLES = 60
_FACTOR = 1_000.0
"""Of a unit change: from kilometres to metres, or from thousands to ones."""
_NOISE = 0.1
_UNSEEN = "(a level that no row had)"

_Disturbed = tuple[DisturbanceKind, float, NDArray[Any]]


def measure_robustness(
    program: Program,
    metric: Metric,
    columns: Columns,
    *,
    truth: NDArray[Any],
    importances: Sequence[Importance],
    budget: Budget,
    seed: int,
    row_s: float = 0.0,
) -> tuple[Disturbance, ...]:
    """Disturb the main columns one at a time, and score the program on the same rows.

    Parameters
    ----------
    program, metric
        What answers, and how it is judged.
    columns, truth
        Rows that the program has not learned from; at most 2,000 of them are read.
    importances
        The largest loss first: the first eight columns are disturbed.
    budget
        Nothing is begun that would not end in it.
    seed
        For the sample, the noise and the resampling.
    row_s
        Seconds in which the program answers a row.

    Returns
    -------
    tuple of Disturbance
        Column after column; those that the budget does not reach are left out.
    """
    chance = np.random.default_rng(seed)
    rows = np.sort(chance.permutation(len(truth))[:_ROWS])
    answers_s = len(rows) * row_s + scores_s(metric, times=2)
    if budget.remaining_s <= 2 * answers_s:
        return ()
    sample = {each.name: columns[each.name][rows] for each in program.inputs}
    inputs = {each.name: each for each in program.inputs}
    judge = _Judge(program, metric, sample, truth[rows], seed)
    found: list[Disturbance] = []
    for main in importances[:_COLUMNS]:
        for disturbed in _disturb(inputs[main.column], sample[main.column], chance):
            if budget.remaining_s <= answers_s:
                return tuple(found)
            found += judge.look(main.column, disturbed)
    return tuple(found)


class _Judge:
    def __init__(
        self, program: Program, metric: Metric, sample: Columns, truth: NDArray[Any], seed: int
    ) -> None:
        self._program, self._metric, self._sample = program, metric, sample
        self._truth, self._seed = truth, seed
        self._whole = self._answer(sample)

    def look(self, column: str, disturbed: _Disturbed) -> list[Disturbance]:
        """Return what is lost; nothing where that has no number, as of a score without bounds."""
        kind, amount, values = disturbed
        answers = self._answer({**self._sample, column: values})
        score = self._metric.score(self._truth, answers)
        if not np.isfinite(score):
            return []
        loss = paired_difference(
            self._metric,
            self._truth,
            self._whole,
            answers,
            resamples=_RESAMPLES,
            seed=self._seed,
        )
        if not np.isfinite([loss.low, loss.value, loss.high]).all():
            return []
        told = Disturbance(
            kind=kind, column=column, amount=amount, rows=len(values), score=score, loss=loss
        )
        return [told]

    def _answer(self, columns: Columns) -> NDArray[Any]:
        answers = self._program.run(columns)
        return as_taken(self._metric, answers, rule=self._program.rule)


def _disturb(
    given: Input, values: NDArray[Any], chance: np.random.Generator
) -> Iterator[_Disturbed]:
    yield "missing column", 1.0, _missing(given, values)
    if given.type == "string":
        yield "unseen category", 1.0, np.full(len(values), _UNSEEN, dtype=object)
        mixed = np.where(chance.random(len(values)) < _NOISE, chance.permutation(values), values)
        yield "noise", _NOISE, mixed
    elif given.type == "number":
        yield "unit change", _FACTOR, values * _FACTOR
        yield "noise", _NOISE, values + _NOISE * _spread(values) * chance.normal(size=len(values))


def _missing(given: Input, values: NDArray[Any]) -> NDArray[Any]:
    if given.type == "string":
        return np.full(len(values), None, dtype=object)
    return np.full_like(values, np.nan if given.type == "number" else MISSING_DATETIME)


def _spread(values: NDArray[np.float64]) -> float:
    """Return half of what the middle two thirds span, which a few wild values do not move."""
    known = values[np.isfinite(values)]
    if not len(known):
        return 0.0
    low, high = np.quantile(known, [1 / 6, 5 / 6])
    return float((high - low) / 2) or float(np.std(known))
