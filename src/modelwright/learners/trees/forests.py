"""What forests share: size, growing inside a budget, the program at the end."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.tree import (
    DecisionTreeClassifier,
    DecisionTreeRegressor,
    ExtraTreeClassifier,
    ExtraTreeRegressor,
)

from modelwright.compute.budget import Budget
from modelwright.errors import InputError
from modelwright.learners.base import THREADS, Fitted, Rows
from modelwright.learners.encoding import Encoding, require_time
from modelwright.learners.recipe import Recipe
from modelwright.learners.trees.encoding import encode_for_forests
from modelwright.learners.trees.forest import Forest
from modelwright.learners.trees.forest_grain import choose_rows_per_leaf
from modelwright.learners.trees.rows import digest
from modelwright.learners.trees.tables import Tree, in_float32, node_table
from modelwright.predictor.operations.numbers import RoundToFloat32
from modelwright.predictor.operations.trees import Trees
from modelwright.predictor.program import Step
from modelwright.tasks.task import Task

USUAL_TREES = 64
MAX_BYTES = 10 << 20
"""Of the forest in a program."""
_NODES_BYTES = 42
"""A leaf comes with one inner node; each has 21 bytes beside what the leaf holds."""
_OF_THE_FOREST = ("n_jobs", "bootstrap", "max_samples", "random_state")
"""Settings that a single tree does not have."""
_MOST_LEAVES = 4_000
_FEWEST_ROWS = 500
_ROWS_PER_CLASS = 4


@dataclass(frozen=True)
class Family:
    """A kind of forest.

    Parameters
    ----------
    name
        Of scikit-learn's forests, but for its end.
    classifier, regressor
        Their trees.
    resamples
        Whether each tree sees a bootstrap sample even of few rows.
    numbers_per_tree
        Rows times columns that a node may choose from: what a tree sees of a large table, so that
        a forest takes a few seconds.
    """

    name: str
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

    def forest(self, task: Task, settings: Mapping[str, Any]) -> Forest:
        """Return the forest that learns a task with these settings of scikit-learn's."""
        return Forest(
            self.classifier if task.is_classification else self.regressor,
            {key: value for key, value in settings.items() if key not in _OF_THE_FOREST},
            seed=settings["random_state"],
            resamples=settings["bootstrap"],
            sample_rows=settings["max_samples"],
        )

    def estimator(self, task: Task) -> str:
        """Return the name of scikit-learn's class."""
        return self.name + ("Classifier" if task.is_classification else "Regressor")


EXTRA_TREES = Family(
    "ExtraTrees",
    ExtraTreeClassifier,
    ExtraTreeRegressor,
    resamples=False,
    numbers_per_tree=300_000,
)
RANDOM_FOREST = Family(
    "RandomForest",
    DecisionTreeClassifier,
    DecisionTreeRegressor,
    resamples=True,
    numbers_per_tree=120_000,
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
    encoded = encode_for_forests(rows, budget=budget, seed=seed)
    matrix = in_float32(encoded.matrix)
    sized = family.settings(
        rows.task, shape=matrix.shape, feature_fraction=settings["max_features"]
    )
    every = {**settings, **sized, "random_state": seed}
    require_time(budget)
    wanted = rounds or USUAL_TREES
    forest = family.forest(rows.task, every)
    if rows_per_leaf is None:
        rows_per_leaf = rows.memo.of(
            ("rows per leaf", tuple(sorted(every.items())), family, digest(rows)),
            lambda: choose_rows_per_leaf(forest, matrix, rows, trees=USUAL_TREES, budget=budget),
        )
    every["min_samples_leaf"] = rows_per_leaf
    trees = _grow(family.forest(rows.task, every), matrix, rows, wanted, budget)
    steps = read_steps(trees, encoded.encoding, rows.task)
    return Fitted(
        program=encoded.encoding.program(rows.task, steps),
        rounds=len(trees),
        cut_short=len(trees) < wanted,
        by_chance=True,
        recipe=Recipe(
            library="scikit-learn",
            estimator=family.estimator(rows.task),
            settings=every,
            rounds=len(trees),
            encoding=steps[0].output,
        ),
    )


def read_steps(fitted: Sequence[Any], encoding: Encoding, task: Task) -> tuple[Step, ...]:
    """Return the steps to the answer of a forest.

    Parameters
    ----------
    fitted
        Trees of scikit-learn; those of classes learned their numbers.
    encoding
        Makes the matrix that they learned from.
    task
        What they learned.
    """
    columns = task.n_outputs if task.is_classification else 1
    trees = [tree_of(each, columns) for each in fitted]
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


def _grow(
    forest: Forest, matrix: NDArray[np.float32], rows: Rows, wanted: int, budget: Budget
) -> list[Any]:
    """Grow trees while there is time for another one."""
    require_time(budget)
    left = budget.reserve(0.1 * budget.remaining_s)
    began, trees = left.elapsed_s, []
    for tree in islice(forest.grow(matrix, rows.target, rows.weight), wanted):
        trees.append(tree)
        if left.remaining_s < (left.elapsed_s - began) / len(trees):
            break
    return trees


def tree_of(fitted: Any, columns: int) -> Tree:
    """Return a fitted tree of scikit-learn; its leaves hold the frequencies of classes, or a mean.

    Parameters
    ----------
    fitted
        That learned the numbers of classes, or numbers.
    columns
        How many classes there are; 1 for numbers.
    """
    tree = fitted.tree_
    left = np.asarray(tree.children_left, dtype=np.int64)
    values = np.zeros((len(left), columns))
    seen = fitted.classes_.astype(np.intp) if hasattr(fitted, "classes_") else slice(None)
    values[:, seen] = tree.value[:, 0, :]
    # A split into known and missing is written with an infinite threshold.
    largest = np.finfo(np.float64).max
    return Tree(
        feature=np.where(left < 0, -1, tree.feature),
        threshold=np.clip(tree.threshold, -largest, largest),
        left=left,
        right=np.asarray(tree.children_right, dtype=np.int64),
        missing_left=np.asarray(tree.missing_go_to_left, dtype=np.bool_),
        values=values,
    )
