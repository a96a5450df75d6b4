"""Extremely randomised trees by scikit-learn."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.ensemble import ExtraTreesClassifier, ExtraTreesRegressor

from modelwright.compute.budget import Budget
from modelwright.learners.base import THREADS, Fitted, Rows
from modelwright.learners.encoding import Encoding, require_time
from modelwright.learners.tree_encoding import encode_for_trees
from modelwright.learners.tree_tables import Tree, in_float32, node_table
from modelwright.predictor.operations.numbers import RoundToFloat32
from modelwright.predictor.operations.trees import Trees
from modelwright.predictor.program import Step
from modelwright.tasks.task import Task

USUAL_TREES = 100
MAX_BYTES = 10 << 20
"""Of the forest in a program."""
_NODES_BYTES = 42
"""A leaf comes with one inner node; each has 21 bytes beside what the leaf holds."""
_FIRST_TREES = 2
"""Trees that show how long one takes."""
_MOST_LEAVES = 2_000
_ROWS_PER_LEAF = {"binary": 10, "multiclass": 2, "regression": 1}
"""Measured on public tables: frequencies of two classes need rows to be worth something."""


@dataclass(frozen=True)
class ExtraTrees:
    """Trees that split at random thresholds; Geurts, Ernst and Wehenkel (2006).

    Its rounds are trees. More of them never harm, so `check_rows` are not asked.

    Parameters
    ----------
    name, title
        Identifier, and what people read.
    feature_fraction
        Share of columns that each split chooses from.
    """

    name: str = "extra_trees"
    title: str = "Extra trees"
    feature_fraction: float = 0.7

    def suits(self, task: Task) -> bool:
        """Say yes: trees hold frequencies of classes or means."""
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
        """Grow trees; see `Learner.fit`.

        Raises
        ------
        BudgetError
            When the time ends before the first trees.
        """
        encoded = encode_for_trees(rows, budget=budget, seed=seed)
        forest = self._forest(rows, seed)
        wanted = rounds or USUAL_TREES
        grown = _grow(forest, in_float32(encoded.matrix), rows, wanted, budget)
        program = encoded.encoding.program(rows.task, read_steps(forest, encoded.encoding))
        return Fitted(program, grown, cut_short=grown < wanted)

    def _forest(self, rows: Rows, seed: int) -> Any:
        kind = ExtraTreesClassifier if rows.task.is_classification else ExtraTreesRegressor
        return kind(
            n_estimators=0,
            max_features=self.feature_fraction,
            max_leaf_nodes=_leaves(rows.task),
            min_samples_leaf=_ROWS_PER_LEAF[rows.task.kind],
            warm_start=True,
            n_jobs=THREADS,
            random_state=seed,
        )


def read_steps(forest: Any, encoding: Encoding) -> tuple[Step, ...]:
    """Return the steps to the answer of a forest of scikit-learn.

    Parameters
    ----------
    forest
        A fitted ``ExtraTreesClassifier`` or ``ExtraTreesRegressor``.
    encoding
        Makes the matrix that it learned from.
    """
    trees = [_tree(each.tree_) for each in forest.estimators_]
    columns = trees[0].values.shape[1]
    rounded = RoundToFloat32(inputs=(encoding.output,), output="rounded")
    table = Trees(
        inputs=(rounded.output,),
        output="answer",
        comparison="<=",
        outputs=np.full(len(trees), 0 if columns == 1 else -1, dtype=np.int32),
        base=np.zeros(columns),
        scale=1.0 / len(trees),
        **node_table(trees),
    )
    return (rounded, table)


def _leaves(task: Task) -> int:
    """Return how many leaves a tree may have, so that the program stays small."""
    per_leaf = _NODES_BYTES + 8 * task.n_outputs
    return min(_MOST_LEAVES, max(2, MAX_BYTES // (USUAL_TREES * per_leaf)))


def _grow(forest: Any, matrix: NDArray[np.float32], rows: Rows, wanted: int, budget: Budget) -> int:
    """Add trees while there is time; return how many there are.

    The first few show how long one takes; then as many at once as fit into half of the time left.
    A tree's seed depends on its number alone, so that it is of no account how they are dealt.
    """
    require_time(budget)
    left = budget.reserve(0.1 * budget.remaining_s)
    began, grown, more = left.elapsed_s, 0, _FIRST_TREES
    while grown < wanted and more > 0:
        grown = min(wanted, grown + more)
        forest.set_params(n_estimators=grown)
        forest.fit(matrix, rows.target, sample_weight=rows.weight)
        seconds_per_tree = max(1e-6, (left.elapsed_s - began) / grown)
        more = int(0.5 * left.remaining_s / seconds_per_tree)
    return grown


def _tree(tree: Any) -> Tree:
    """Return a tree; its leaves hold the frequencies of classes, or a mean."""
    left = np.asarray(tree.children_left, dtype=np.int64)
    return Tree(
        feature=np.where(left < 0, -1, tree.feature),
        threshold=np.asarray(tree.threshold, dtype=np.float64),
        left=left,
        right=np.asarray(tree.children_right, dtype=np.int64),
        missing_left=np.asarray(tree.missing_go_to_left, dtype=np.bool_),
        values=np.asarray(tree.value[:, 0, :], dtype=np.float64),
    )
