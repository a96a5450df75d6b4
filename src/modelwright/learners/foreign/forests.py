"""Trees of scikit-learn: one, many whose answers are averaged, and such as are added up."""

from types import SimpleNamespace
from typing import Any

import numpy as np

from modelwright.learners.foreign.base import refuse
from modelwright.learners.foreign.draft import Draft
from modelwright.learners.foreign.given import Given
from modelwright.learners.foreign.histogram import histogram_score
from modelwright.learners.trees.forests import tree_of
from modelwright.learners.trees.tables import Tree, node_table
from modelwright.predictor.operations.numbers import RoundToFloat32
from modelwright.predictor.operations.trees import Trees


def tree_answer(draft: Draft, model: Any, matrix: str) -> str:
    """Write a decision tree."""
    # A forest's trees number their classes; a tree alone has their labels, all of them.
    return _forest_of(draft, [SimpleNamespace(tree_=model.tree_)], matrix, model)


def forest_answer(draft: Draft, model: Any, matrix: str) -> str:
    """Write a forest, whose trees answer their mean."""
    return _forest_of(draft, model.estimators_, matrix, model)


def _forest_of(draft: Draft, trees: Any, matrix: str, model: Any) -> str:
    columns = len(model.classes_) if hasattr(model, "classes_") else 1
    read = [tree_of(each, columns) for each in trees]
    if columns > 1:
        # Leaves hold shares since scikit-learn 1.3, and counts before.
        read = [_with_shares(each) for each in read]
    return _sum_of(draft, read, matrix, base=np.zeros(columns), scale=1.0 / len(read))


def boosted_score(draft: Draft, model: Any, matrix: str) -> str:
    """Write the score of gradient boosting.

    Raises
    ------
    LearnerError
        When it begins from another model, or has another loss.
    """
    start = _start(model)
    columns = len(start)
    trees = [tree_of(each, 1) for each in model.estimators_.ravel()]
    outputs = np.resize(np.arange(columns, dtype=np.int32), len(trees))
    return _sum_of(draft, trees, matrix, base=start, scale=model.learning_rate, outputs=outputs)


def histogram_numbers(draft: Draft, model: Any, given: Given) -> str:
    """Write the answers of gradient boosting by histograms, which may be exponents."""
    score = histogram_score(draft, model, given)
    return draft.link(score, "exponential") if model.loss in ("poisson", "gamma") else score


def _start(model: Any) -> Any:
    """Return the raw score before the first tree."""
    if model.init == "zero":
        return np.zeros(model.estimators_.shape[1])
    if model.init is not None:
        raise refuse("A gradient boosting that begins from another model")
    if not hasattr(model, "classes_"):
        return np.array([float(np.ravel(model.init_.constant_)[0])])
    if getattr(model, "loss", "log_loss") != "log_loss":
        raise refuse(f"A gradient boosting with the loss {model.loss!r}")
    tiny = np.finfo(np.float32).eps
    shares = np.clip(model.init_.class_prior_, tiny, 1 - tiny)
    if len(shares) == 2:
        return np.log(shares[1:] / (1.0 - shares[1:]))
    # As scikit-learn begins: logarithms of the shares, about their mean.
    return np.log(shares) - np.log(shares).mean()


def _sum_of(
    draft: Draft, trees: list[Tree], matrix: str, *, base: Any, scale: float, outputs: Any = None
) -> str:
    rounded = draft.add(RoundToFloat32, matrix)
    wide = trees[0].values.shape[1] > 1
    usual = np.full(len(trees), -1 if wide else 0, dtype=np.int32)
    return draft.add(
        Trees,
        rounded,
        comparison="<=",
        outputs=usual if outputs is None else outputs,
        base=np.asarray(base, dtype=np.float64),
        scale=float(scale),
        **node_table(trees),
    )


def _with_shares(tree: Tree) -> Tree:
    totals = tree.values.sum(axis=1, keepdims=True)
    return Tree(
        feature=tree.feature,
        threshold=tree.threshold,
        left=tree.left,
        right=tree.right,
        missing_left=tree.missing_left,
        values=tree.values / np.where(totals > 0, totals, 1.0),
    )
