"""What drives the answers: how much worse they get when a column is shuffled."""

from collections.abc import Collection
from typing import Any

import numpy as np
from numpy.typing import NDArray

from modelwright.compute.budget import Budget
from modelwright.data.records import Columns
from modelwright.documents import Importance
from modelwright.predictor.program import Program
from modelwright.tasks.answers import score_answers
from modelwright.tasks.metrics import Metric

_ROWS = 4_000
_REPEATS = 3


def measure_importances(
    program: Program,
    metric: Metric,
    columns: Columns,
    *,
    truth: NDArray[Any],
    budget: Budget,
    seed: int,
    row_s: float = 0.0,
    names: Collection[str] | None = None,
) -> tuple[Importance, ...]:
    """Measure permutation importance, the largest loss first.

    Breiman, "Random forests" (2001), section 10. At most 4,000 rows are read, each column is
    shuffled three times; columns that the budget does not reach are left out, and all of them
    where the score is not defined, as when a class does not occur.

    Parameters
    ----------
    program, metric
        What answers, and how it is judged.
    columns, truth
        Rows that the program has not learned from.
    budget
        No column is begun that would not end in it.
    seed
        For the sample and the shuffling.
    row_s
        Seconds in which the program answers a row.
    names
        What a build looked at before, to look at the same again however long it takes; None for
        as many columns as there is time for.
    """
    if names is not None and not names:
        return ()
    chance = np.random.default_rng(seed)
    rows = chance.permutation(len(truth))[:_ROWS]
    column_s = _REPEATS * len(rows) * row_s
    if names is None and budget.remaining_s <= column_s:
        return ()
    sample = {each.name: columns[each.name][rows] for each in program.inputs}
    whole = score_answers(metric, truth[rows], program.run(sample), rule=program.rule)
    if not np.isfinite(whole):
        return ()
    found = []
    for name, values in sample.items():
        if name not in names if names is not None else budget.remaining_s <= column_s:
            break
        losses = [
            metric.gain(
                whole,
                score_answers(
                    metric,
                    truth[rows],
                    program.run({**sample, name: chance.permutation(values)}),
                    rule=program.rule,
                ),
            )
            for _ in range(_REPEATS)
        ]
        found.append(
            Importance(
                column=name,
                loss=float(np.mean(losses)),
                low=float(min(losses)),
                high=float(max(losses)),
            )
        )
    return tuple(sorted(found, key=lambda each: -each.loss))
