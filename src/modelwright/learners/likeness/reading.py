"""Rows as points: what trees read, scaled and bent, all columns from 0 on."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from modelwright.compute.budget import Budget
from modelwright.learners.base import Rows
from modelwright.learners.encoding import Encoding, inputs_of
from modelwright.learners.networks.circles import Circle, circles_of
from modelwright.learners.networks.numbers import LIMIT, plain_steps
from modelwright.learners.trees.encoding import encode_for_trees, encode_other_rows
from modelwright.learners.trees.rows import TreeRows
from modelwright.predictor.operations.base import Floats, Value
from modelwright.predictor.program import Step


@dataclass(frozen=True)
class Reading:
    """How rows become points.

    Parameters
    ----------
    rows
        The training rows.
    trees
        The same as boosters read them.
    steps
        Make the points of the boosters' matrix; no number passes `LIMIT` on either side.
    """

    rows: Rows
    trees: TreeRows
    steps: tuple[Step, ...]

    @classmethod
    def of(cls, rows: Rows, *, budget: Budget, seed: int) -> "Reading":
        """Learn it from training rows.

        Raises
        ------
        BudgetError
            When the time ends.
        """
        trees = encode_for_trees(rows, budget=budget, seed=seed)
        output, circles = trees.encoding.output, circles_of(trees.parts)
        return cls(rows, trees, plain_steps(output, trees.matrix, circles))

    @property
    def circles(self) -> tuple[Circle, ...]:
        """The columns of the boosters' matrix that come round."""
        return circles_of(self.trees.parts)

    @cached_property
    def points(self) -> Floats:
        """The training rows, of shape (n, columns)."""
        return self._run(self.trees.matrix)

    def points_of(self, rows: Rows) -> Floats:
        """Return rows held back."""
        return self._run(encode_other_rows(self.trees, self.rows, rows).matrix)

    @property
    def encoding(self) -> Encoding:
        """Raw columns in, points out."""
        steps = (*self.trees.encoding.steps, *self.steps)
        return Encoding(inputs_of(self.rows.schema, steps), steps, steps[-1].output, ())

    def _run(self, matrix: Floats) -> Floats:
        values: dict[str, Value] = {self.trees.encoding.output: matrix}
        for step in self.steps:
            values[step.output] = step.run(*[values[each] for each in step.inputs])
        # How numbers lie in memory decides how a product of matrices is rounded.
        return np.ascontiguousarray(values[self.steps[-1].output] + LIMIT)
