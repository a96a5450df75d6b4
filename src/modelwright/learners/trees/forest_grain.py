"""How many rows a leaf of a forest should hold: by trial, since it depends on the noise.

On public tables, leaves of one row were best where the target follows from the inputs (a letter
from its picture: log-loss 0.32 against 0.62 with ten rows) and ten were best where chance has most
of it (who defaults: area under the curve 0.779 against 0.747). No rule by kind of task fits both.
"""

from collections.abc import Sequence
from dataclasses import replace
from itertools import islice
from typing import Any

import numpy as np
from numpy.typing import NDArray

from modelwright.compute.budget import Budget
from modelwright.learners.base import Rows
from modelwright.learners.encoding import require_time
from modelwright.learners.trees.forest import Forest
from modelwright.predictor.operations.base import Floats

CHOICES = (1, 4, 12)
_TRIAL_TREES = 8
_TRIAL_ROWS = 8_000


def choose_rows_per_leaf(
    forest: Forest, matrix: NDArray[np.float32], rows: Rows, *, trees: int, budget: Budget
) -> int:
    """Return which of `CHOICES` suits: the largest that is hardly worse than the best.

    Half of some training rows are learned, the others show the squared error; one that is worse by
    less than its standard error counts as equal (the rule of Breiman et al., "Classification and
    regression trees", 1984). No clock may change the choice, since a replayed build makes the same
    one; it can only end the fit.

    Parameters
    ----------
    forest
        Of any number of rows per leaf.
    matrix : ndarray of shape (n, width)
        Training rows.
    rows
        The same rows, for their target and weight.
    trees
        How many the whole forest will have.
    budget
        The time there is.

    Raises
    ------
    BudgetError
        When it ends before the choice is made.
    """
    if len(rows) < 2:
        return CHOICES[0]
    count = min(_TRIAL_ROWS, 2 * (forest.sample_rows or len(rows)))
    drawn = np.random.default_rng(forest.seed).permutation(len(rows))[:count]
    check, train = np.array_split(drawn, 2)
    truth = _columns(rows, check)
    learned = rows.take(train)
    losses = []
    for rows_per_leaf in CHOICES:
        require_time(budget)
        settings = {**forest.settings, "min_samples_leaf": rows_per_leaf}
        trial = replace(forest, settings=settings, sample_rows=None)
        grown = islice(trial.grow(matrix[train], learned.target, learned.weight), _TRIAL_TREES)
        losses.append(_losses(_answers(tuple(grown), matrix[check], truth.shape[1]), truth, trees))
    best = min(losses, key=np.mean)
    return max(
        choice
        for choice, each in zip(CHOICES, losses, strict=True)
        if _is_hardly_above_zero(each - best)
    )


def _columns(rows: Rows, taken: NDArray[np.intp]) -> Floats:
    """Return the target of some rows as one column per class, or as the number itself."""
    target = rows.target[taken]
    if rows.task.is_classification:
        return np.eye(rows.task.n_outputs)[target.astype(np.intp)]
    return target.astype(np.float64)[:, None]


def _answers(trees: Sequence[Any], matrix: NDArray[np.float32], columns: int) -> Floats:
    """Return what each tree answers, of shape (trees, rows, columns)."""
    answers = np.zeros((len(trees), len(matrix), columns))
    for number, tree in enumerate(trees):
        if hasattr(tree, "classes_"):
            seen = tree.classes_.astype(np.intp)
            answers[number][:, seen] = tree.predict_proba(matrix, check_input=False)
        else:
            answers[number, :, 0] = tree.predict(matrix, check_input=False)
    return answers


def _losses(answers: Floats, truth: Floats, trees: int) -> Floats:
    """Return the squared error of each row that a whole forest would have.

    That of few trees is too large by the spread of trees over their number, and the more so the
    smaller their leaves.
    """
    errors = (answers.mean(axis=0) - truth) ** 2
    spread = answers.var(axis=0, ddof=1) * (1 / len(answers) - 1 / trees)
    return np.asarray((errors - spread).sum(axis=1))


def _is_hardly_above_zero(differences: Floats) -> bool:
    """Say whether the mean is no larger than its standard error."""
    return bool(differences.mean() <= differences.std() / len(differences) ** 0.5)
