"""A kernel machine: what a row gets depends on which rows it is like.

It follows smooth surfaces that trees cut into steps, from few rows. Which columns count in a
comparison it finds itself, see `likeness.relevance`.
"""

from dataclasses import dataclass

import numpy as np

from modelwright.compute.budget import Budget
from modelwright.compute.memory import large_for_a_moment
from modelwright.errors import InputError
from modelwright.learners.base import Fitted, Rows
from modelwright.learners.encoding import require_time
from modelwright.learners.likeness.centres import Centres
from modelwright.learners.likeness.reading import Reading
from modelwright.learners.likeness.relevance import stretch_by_slopes
from modelwright.learners.lines.descent import descend
from modelwright.learners.lines.goal import Goal
from modelwright.learners.lines.penalty_path import Path
from modelwright.learners.recipe import Recipe
from modelwright.tasks.task import Task

PENALTIES = tuple(10.0 ** (2 - step / 2) for step in range(13))
"""The path from a strong penalty to a weak one: 100, 32, 10, … 0.0001."""
USUAL_ROUNDS = 7
MAX_ROWS = 4_000
"""Likeness of more to the centres would take more than 19 MB."""
MAX_SCORES = 60_000
"""Rows times raw scores: with many classes fewer rows must do."""
MAX_NUMBERS = 60_000
"""Of all centres: half a megabyte of a program."""
_FEWEST_CENTRES = 100


@dataclass(frozen=True)
class KernelMachine:
    """A weighted sum of likeness to some rows.

    Its rounds are steps on a path of penalties from strong to weak; `check_rows` tell where to
    stop. Tables of more than `MAX_ROWS` are sampled.

    Parameters
    ----------
    name, title
        Identifier, and what people read.
    width
        How far likeness reaches, see `Centres.at`.
    turns
        How often columns are stretched by what they tell.
    centres
        Rows that others are compared with, at most.
    most_rows
        Larger tables are refused: trees learn from them what this cannot hold.
    """

    name: str = "kernel_machine"
    title: str = "Kernel machine"
    width: float = 4.0
    turns: int = 2
    centres: int = 600
    most_rows: int = 20_000

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
        """Learn what each centre says; see `Learner.fit`.

        Raises
        ------
        InputError
            When there are more rows than it is for.
        BudgetError
            When the time ends before the first step does.
        """
        if len(rows) > self.most_rows:
            raise InputError(f"It is for tables of {self.most_rows:,} rows or fewer.")
        require_time(budget)
        sample = _sample(rows, seed)
        goal = Goal.of(sample)
        reading = Reading.of(sample, budget=budget, seed=seed)
        centres = self._centres(reading, goal, budget=budget, seed=seed)
        # The reserve pays for writing the program.
        left = budget.reserve(0.05 * budget.remaining_s)
        with large_for_a_moment():
            design = centres.design(reading.points)
        problem = goal.problem(design, sample)
        path = Path(problem, PENALTIES, descend, np.zeros((design.shape[1], goal.outputs)))
        if rounds is not None or check_rows is None:
            found = path.walk_to(rounds or USUAL_ROUNDS, left)
        else:
            held = centres.design(reading.points_of(check_rows))
            found = path.walk_while_better(goal.problem(held, check_rows), left)
        bias, turned = found.coefficients[0], found.coefficients[1:]
        encoding = reading.encoding
        raw = centres.steps(encoding.output, centres.back(turned), bias)
        return Fitted(
            program=encoding.program(sample.task, (*raw, *goal.steps(raw[-1].output))),
            rounds=found.rounds,
            cut_short=found.cut_short,
            by_chance=len(centres.places) < len(rows),
            recipe=self._recipe(goal, reading, found.rounds, seed, sample is not rows),
        )

    def _centres(self, reading: Reading, goal: Goal, *, budget: Budget, seed: int) -> Centres:
        points, rows = reading.points, reading.rows
        most = max(_FEWEST_CENTRES, MAX_NUMBERS // points.shape[1])
        drawn = np.random.default_rng([seed, 2]).permutation(len(points))
        picked = np.sort(drawn[: min(self.centres, most)])
        wanted, weight = goal.wanted(rows), goal.weight(rows)
        centres = Centres.at(points[picked], np.ones(points.shape[1]), width=self.width)
        for _ in range(self.turns):
            require_time(budget)
            with large_for_a_moment():
                stretch = stretch_by_slopes(centres, points, wanted, weight)
            centres = Centres.at(points[picked], stretch, width=self.width)
        require_time(budget)
        return centres

    def _recipe(
        self, goal: Goal, reading: Reading, rounds: int, seed: int, sampled: bool
    ) -> Recipe:
        settings = {name: getattr(self, name) for name in ("width", "turns", "centres")}
        if reading.circles:
            settings["circles"] = [
                [each.column, each.first, each.period] for each in reading.circles
            ]
        return Recipe(
            library="scipy",
            estimator=f"kernel_{goal.model}",
            settings={**settings, "seed": seed, **goal.settings},
            rounds=rounds,
            encoding=reading.trees.encoding.output,
            center=goal.unit.center,
            scale=goal.unit.scale,
            drawn=len(reading.rows) if sampled else None,
        )


def _sample(rows: Rows, seed: int) -> Rows:
    most = min(MAX_ROWS, MAX_SCORES // rows.task.n_outputs)
    if len(rows) <= most:
        return rows
    return rows.take(np.sort(np.random.default_rng(seed).permutation(len(rows))[:most]))
