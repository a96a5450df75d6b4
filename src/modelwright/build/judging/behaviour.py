"""What drives a program's answers, how, and what disturbs them, inside a budget."""

from collections.abc import Collection
from dataclasses import dataclass

from modelwright.build.judging.dependence import measure_dependences
from modelwright.build.judging.importance import measure_importances
from modelwright.build.judging.movements import measure_movements
from modelwright.build.judging.robustness import measure_robustness
from modelwright.compute.budget import Budget
from modelwright.documents import Dependence, Disturbance, Importance, Movements
from modelwright.learners.base import Rows
from modelwright.predictor.program import Program
from modelwright.tasks.metrics import Metric

_IMPORTANCE_SHARE, _MOVEMENT_SHARE, _DEPENDENCE_SHARE = 0.5, 0.3, 0.3
"""Of the time, each of what those before it left; what disturbs gets the rest."""
_FEW = 100
"""Rows that show how long an answer takes."""


@dataclass(frozen=True, kw_only=True)
class Behaviour:
    """What was seen; all of it names the main columns first."""

    importances: tuple[Importance, ...]
    movements: Movements | None
    dependences: tuple[Dependence, ...]
    robustness: tuple[Disturbance, ...]


def look_at(
    program: Program,
    metric: Metric,
    rows: Rows,
    *,
    budget: Budget,
    seed: int,
    names: Collection[str] | None = None,
) -> Behaviour:
    """Look at a program on rows that it has not learned from.

    Parameters
    ----------
    program, metric
        What answers, and how it is judged.
    rows
        The rows.
    budget
        Each look has its part of it, and leaves what it does not need to the next.
    seed
        For samples, shuffling and noise.
    names
        Columns whose importance a build measured before, for a replay; None for as many as there
        is time for.
    """
    row_s = _row_s(program, rows, budget)
    importances = measure_importances(
        program,
        metric,
        rows.columns,
        truth=rows.target,
        budget=budget.share(_IMPORTANCE_SHARE),
        seed=seed,
        row_s=row_s,
        names=names,
    )
    movements = measure_movements(
        program, rows.columns, budget=budget.share(_MOVEMENT_SHARE), seed=seed
    )
    dependences = measure_dependences(
        program,
        rows.columns,
        importances=importances,
        budget=budget.share(_DEPENDENCE_SHARE),
        seed=seed,
        row_s=row_s,
    )
    robustness = measure_robustness(
        program,
        metric,
        rows.columns,
        truth=rows.target,
        importances=importances,
        budget=budget,
        seed=seed,
        row_s=row_s,
    )
    return Behaviour(
        importances=importances,
        movements=movements,
        dependences=dependences,
        robustness=robustness,
    )


def _row_s(program: Program, rows: Rows, budget: Budget) -> float:
    """Return the seconds in which a program answers a row, here and now."""
    few = {name: values[:_FEW] for name, values in rows.columns.items()}
    began = budget.clock()
    program.run(few)
    return (budget.clock() - began) / max(1, min(_FEW, len(rows)))
