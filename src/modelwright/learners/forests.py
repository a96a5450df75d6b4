"""What forests of scikit-learn share: size, growing inside a budget, the program at the end."""

from collections.abc import Mapping
from dataclasses import dataclass
from threading import Lock
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.ensemble import (
    ExtraTreesClassifier,
    ExtraTreesRegressor,
    RandomForestClassifier,
    RandomForestRegressor,
)

from modelwright.compute.budget import Budget
from modelwright.errors import InputError
from modelwright.learners.base import THREADS, Fitted, Rows
from modelwright.learners.encoding import Encoding, require_time
from modelwright.learners.forest_grain import choose_rows_per_leaf
from modelwright.learners.recipe import Recipe
from modelwright.learners.tree_encoding import encode_for_trees
from modelwright.learners.tree_rows import digest
from modelwright.learners.tree_tables import Tree, in_float32, node_table
from modelwright.predictor.operations.numbers import RoundToFloat32
from modelwright.predictor.operations.trees import Trees
from modelwright.predictor.program import Step
from modelwright.tasks.task import Task

USUAL_TREES = 64
MAX_BYTES = 10 << 20
"""Of the forest in a program."""
_NODES_BYTES = 42
"""A leaf comes with one inner node; each has 21 bytes beside what the leaf holds."""
_FIRST_TREES = 2
"""Trees that show how long one takes."""
_MOST_LEAVES = 4_000
_FEWEST_ROWS = 500
_ROWS_PER_CLASS = 4

_ONE_AT_A_TIME = Lock()
"""scikit-learn's forests change the list of warning filters, which threads share."""


@dataclass(frozen=True)
class Family:
    """A kind of forest.

    Parameters
    ----------
    classifier, regressor
        The classes of scikit-learn.
    resamples
        Whether each tree sees a bootstrap sample even of few rows.
    numbers_per_tree
        Rows times columns that a node may choose from: what a tree sees of a large table, so that
        a forest takes a few seconds.
    """

    classifier: type
    regressor: type
    resamples: bool
    numbers_per_tree: int

    def settings(
        self, task: Task, *, shape: tuple[int, int], feature_fraction: float
    ) -> dict[str, Any]:
        """Return what follows from the size of a matrix.

        Parameters
        ----------
        task
            What is learned.
        shape
            Rows and columns.
        feature_fraction
            Share of columns that each split chooses from.
        """
        rows, columns = shape
        asked = max(1, int(feature_fraction * columns))
        seen = max(_FEWEST_ROWS, self.numbers_per_tree // asked)
        return {
            "max_features": feature_fraction,
            "max_leaf_nodes": _most_leaves(task),
            "bootstrap": self.resamples or seen < rows,
            "max_samples": seen if seen < rows else None,
            "n_jobs": THREADS,
        }

    def unfitted(self, task: Task, settings: Mapping[str, Any]) -> Any:
        """Return the forest of scikit-learn that learns a task."""
        return (self.classifier if task.is_classification else self.regressor)(**settings)


EXTRA_TREES = Family(
    ExtraTreesClassifier, ExtraTreesRegressor, resamples=False, numbers_per_tree=300_000
)
RANDOM_FOREST = Family(
    RandomForestClassifier, RandomForestRegressor, resamples=True, numbers_per_tree=120_000
)
"""The best threshold of a column takes sorting it: three times as long as a random one."""


def fit_forest(
    family: Family,
    rows: Rows,
    *,
    settings: Mapping[str, Any],
    rows_per_leaf: int | None,
    rounds: int | None,
    budget: Budget,
    seed: int,
) -> Fitted:
    """Grow trees; see `Learner.fit`.

    Parameters
    ----------
    family, settings
        What forest, and how scikit-learn is to grow it; ``max_features`` is a share.
    rows_per_leaf
        At least; None to try what suits.
    rows, rounds, budget, seed
        As `Learner.fit` takes them.

    Raises
    ------
    BudgetError
        When the time ends before the first trees.
    InputError
        When there are too few rows for so many classes.
    """
    if _ROWS_PER_CLASS * rows.task.n_outputs > len(rows):
        raise InputError(f"{len(rows)} rows are too few for a forest of so many classes.")
    encoded = encode_for_trees(rows, budget=budget, seed=seed)
    matrix = in_float32(encoded.matrix)
    sized = family.settings(
        rows.task, shape=matrix.shape, feature_fraction=settings["max_features"]
    )
    every = {**settings, **sized, "random_state": seed}
    require_time(budget)
    wanted = rounds or USUAL_TREES
    with _ONE_AT_A_TIME:
        if rows_per_leaf is None:
            rows_per_leaf = rows.memo.of(
                ("rows per leaf", tuple(sorted(every.items())), family, digest(rows)),
                lambda: choose_rows_per_leaf(
                    family.unfitted(rows.task, every), matrix, rows, trees=USUAL_TREES
                ),
            )
        every["min_samples_leaf"] = rows_per_leaf
        forest = family.unfitted(rows.task, {**every, "n_estimators": 0, "warm_start": True})
        grown = _grow(forest, matrix, rows, wanted, budget)
    steps = read_steps(forest, encoded.encoding)
    return Fitted(
        program=encoded.encoding.program(rows.task, steps),
        rounds=grown,
        cut_short=grown < wanted,
        by_chance=True,
        recipe=Recipe(
            library="scikit-learn",
            estimator=type(forest).__name__,
            settings=every,
            rounds=grown,
            encoding=steps[0].output,
        ),
    )


def read_steps(forest: Any, encoding: Encoding) -> tuple[Step, ...]:
    """Return the steps to the answer of a forest of scikit-learn.

    Parameters
    ----------
    forest
        A fitted classifier or regressor.
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


def _most_leaves(task: Task) -> int:
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
    # A split into known and missing is written with an infinite threshold.
    largest = np.finfo(np.float64).max
    return Tree(
        feature=np.where(left < 0, -1, tree.feature),
        threshold=np.clip(tree.threshold, -largest, largest),
        left=left,
        right=np.asarray(tree.children_right, dtype=np.int64),
        missing_left=np.asarray(tree.missing_go_to_left, dtype=np.bool_),
        values=np.asarray(tree.value[:, 0, :], dtype=np.float64),
    )
