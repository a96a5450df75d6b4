"""Penalised linear forms: logistic, softmax, least squares, Poisson, quantile regression."""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from modelwright.compute.budget import Budget
from modelwright.compute.memory import large_for_a_moment
from modelwright.data.schema import Kind
from modelwright.errors import InputError
from modelwright.learners.base import Fitted, Rows
from modelwright.learners.encoding import require_time
from modelwright.learners.lines.descent import Problem, descend
from modelwright.learners.lines.dual import AS_THEY_ARE, axes_of
from modelwright.learners.lines.encoding import encode_for_lines
from modelwright.learners.lines.goal import Goal
from modelwright.learners.lines.penalty_path import Path
from modelwright.learners.lines.sparse_descent import begin, descend_sparsely
from modelwright.learners.recipe import Recipe
from modelwright.tasks.task import Task

PENALTIES = tuple(10.0 ** (3 - step / 2) for step in range(11))
"""The path from a strong penalty to a weak one: 1000, 316, 100, … 0.01."""
USUAL_ROUNDS = 7
MAX_ROWS = 200_000
"""More rows move a coefficient by less than its standard error is worth."""
MAX_VALUES = 700_000
"""Rows times columns; of more, the design matrix would be the largest thing in memory."""
MAX_CHARACTERS = 5_000_000
"""More text takes longer to cut than its tokens teach."""

Penalty = Literal["squares", "both"]
"""On the squares of coefficients; or on their absolute values too, the elastic net."""


@dataclass(frozen=True)
class Linear:
    """A penalised linear form.

    Its rounds are steps on a path of penalties from strong to weak; `check_rows` tell where to
    stop. Tables of more than `MAX_ROWS`, `MAX_VALUES` or `MAX_CHARACTERS` are sampled.

    Parameters
    ----------
    name, title
        Identifier, and what people read.
    penalty
        What is penalised.
    fewest_columns
        Tables of fewer are refused: they have none to leave out.
    """

    name: str = "linear"
    title: str = "Linear model"
    penalty: Penalty = "squares"
    fewest_columns: int = 0

    def suits(self, task: Task) -> bool:
        """Say yes: there is a loss for each task."""
        return True

    def fit(
        self,
        rows: Rows,
        *,
        check_rows: Rows | None = None,
        rounds: int | None = None,
        budget: Budget,
        seed: int,
    ) -> Fitted:
        """Learn the coefficients; see `Learner.fit`.

        Raises
        ------
        InputError
            When there are fewer columns than it is for.
        """
        if len(rows.schema) < self.fewest_columns:
            raise InputError(f"It is for tables of {self.fewest_columns} columns or more.")
        require_time(budget)
        sample = _sample(rows, seed)
        encoding = encode_for_lines(sample, budget=budget)
        goal = Goal.of(sample)
        with large_for_a_moment():
            design = encoding.design(sample, budget=budget)
        # What is few among columns is not few among axes.
        axes = AS_THEY_ARE if self.penalty == "both" else axes_of(design, goal.outputs)
        path = _path(self.penalty, goal.problem(axes.turn(design), sample))
        # The reserve pays for writing the program.
        left = budget.reserve(0.05 * budget.remaining_s)
        if rounds is not None or check_rows is None:
            found = path.walk_to(rounds or USUAL_ROUNDS, left)
        else:
            with large_for_a_moment():
                held = axes.turn(encoding.design(check_rows, budget=left))
            found = path.walk_while_better(goal.problem(held, check_rows), left)
        added = encoding.add_up(axes.back(found.coefficients))
        return Fitted(
            program=added.program(sample.task, goal.steps(added.output)),
            rounds=found.rounds,
            cut_short=found.cut_short,
            by_chance=sample is not rows,
            recipe=Recipe(
                library="scipy",
                estimator=goal.model,
                settings={"seed": seed, **goal.settings, **self._written},
                rounds=found.rounds,
                encoding=added.output,
                center=goal.unit.center,
                scale=goal.unit.scale,
                drawn=None if sample is rows else len(sample),
                solver="sparse descent" if self._written else path.problem.solver,
            ),
        )

    @property
    def _written(self) -> dict[str, str]:
        """Of the recipe, where it is not the usual penalty."""
        return {"penalty": self.penalty} if self.penalty == "both" else {}


def _sample(rows: Rows, seed: int) -> Rows:
    texts = [rows.columns[each.name] for each in rows.schema if each.kind == Kind.TEXT]
    characters = sum(len(text) for column in texts for text in column if text)
    share = min(
        1.0,
        MAX_ROWS / len(rows),
        MAX_VALUES / (len(rows) * max(1, len(rows.schema))),
        MAX_CHARACTERS / max(1, characters),
    )
    if share == 1.0:
        return rows
    drawn = np.random.default_rng(seed).permutation(len(rows))[: max(1, int(share * len(rows)))]
    return rows.take(np.sort(drawn))


def _path(penalty: Penalty, problem: Problem) -> Path:
    if penalty == "both":
        start, penalties = begin(problem)
        return Path(problem, penalties, descend_sparsely, start)
    start = np.zeros((problem.design.shape[1], problem.outputs))
    return Path(problem, PENALTIES, descend, start)
