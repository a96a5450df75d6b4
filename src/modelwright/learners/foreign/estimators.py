"""Models of scikit-learn, LightGBM and XGBoost on a matrix of numbers, as steps to the answer."""

from collections.abc import Callable, Mapping
from types import SimpleNamespace
from typing import Any

import numpy as np

from modelwright.learners.foreign.base import order_of, refuse
from modelwright.learners.foreign.boosters import lightgbm_answer, xgboost_answer
from modelwright.learners.foreign.draft import Draft
from modelwright.learners.forests import tree_of
from modelwright.learners.tree_tables import Tree, node_table
from modelwright.predictor.operations.activation import Activation
from modelwright.predictor.operations.linear import Linear
from modelwright.predictor.operations.numbers import RoundToFloat32
from modelwright.predictor.operations.trees import Trees
from modelwright.tasks.task import Task


def answer(draft: Draft, model: Any, matrix: str, task: Task) -> str:
    """Write a fitted model and return the value that is its answer, classes as the task has them.

    Raises
    ------
    LearnerError
        When it has no place in a program, or answers another task.
    """
    name = type(model).__name__
    if name not in _WRITERS:
        raise refuse(f"A {name}")
    if task.is_classification != hasattr(model, "classes_"):
        kind = "classes" if hasattr(model, "classes_") else "numbers"
        raise refuse(f"A {name}, which answers {kind}, for this target")
    written = _WRITERS[name](draft, model, matrix)
    if not task.is_classification:
        return written
    return draft.reordered(written, order_of(list(model.classes_), task))


def _linear(draft: Draft, model: Any, matrix: str) -> str:
    weights = np.atleast_2d(np.asarray(model.coef_, dtype=np.float64))
    bias = np.broadcast_to(np.atleast_1d(model.intercept_), len(weights)).astype(np.float64)
    return draft.add(Linear, matrix, weights=weights.T.copy(), bias=bias)


def _logistic(draft: Draft, model: Any, matrix: str) -> str:
    raw = _linear(draft, model, matrix)
    return draft.link(raw, "sigmoid" if draft.width(raw) == 1 else "softmax")


def _perceptron(draft: Draft, model: Any, matrix: str) -> str:
    if model.activation != "relu":
        raise refuse(f"A network with the activation {model.activation!r}")
    value = matrix
    layers = [*zip(model.coefs_, model.intercepts_, strict=True)]
    for place, (weights, bias) in enumerate(layers):
        value = draft.add(Linear, value, weights=np.asarray(weights), bias=np.asarray(bias))
        if place < len(layers) - 1:
            value = draft.add(Activation, value, kind="relu")
    if not hasattr(model, "classes_"):
        return value
    return draft.link(value, "sigmoid" if draft.width(value) == 1 else "softmax")


def _tree(draft: Draft, model: Any, matrix: str) -> str:
    # A forest's trees number their classes; a tree alone has their labels, all of them.
    return _forest_of(draft, [SimpleNamespace(tree_=model.tree_)], matrix, model)


def _forest(draft: Draft, model: Any, matrix: str) -> str:
    return _forest_of(draft, model.estimators_, matrix, model)


def _forest_of(draft: Draft, trees: Any, matrix: str, model: Any) -> str:
    columns = len(model.classes_) if hasattr(model, "classes_") else 1
    read = [tree_of(each, columns) for each in trees]
    if columns > 1:
        # Leaves hold shares since scikit-learn 1.3, and counts before.
        read = [_with_shares(each) for each in read]
    return _sum_of(draft, read, matrix, base=np.zeros(columns), scale=1.0 / len(read))


def _boosted(draft: Draft, model: Any, matrix: str) -> str:
    start = _start(model)
    columns = len(start)
    trees = [tree_of(each, 1) for each in model.estimators_.ravel()]
    outputs = np.resize(np.arange(columns, dtype=np.int32), len(trees))
    raw = _sum_of(draft, trees, matrix, base=start, scale=model.learning_rate, outputs=outputs)
    if not hasattr(model, "classes_"):
        return raw
    return draft.link(raw, "sigmoid" if columns == 1 else "softmax")


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
    # As scikit-learn begins: logarithms of the shares.
    return np.log(shares)


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


def _lightgbm(draft: Draft, model: Any, matrix: str) -> str:
    return lightgbm_answer(draft, model.booster_.model_to_string(), matrix)


def _xgboost(draft: Draft, model: Any, matrix: str) -> str:
    return xgboost_answer(draft, bytes(model.get_booster().save_raw("json")), matrix)


_WRITERS: Mapping[str, Callable[[Draft, Any, str], str]] = {
    "LinearRegression": _linear,
    "Ridge": _linear,
    "RidgeCV": _linear,
    "Lasso": _linear,
    "LassoCV": _linear,
    "ElasticNet": _linear,
    "ElasticNetCV": _linear,
    "HuberRegressor": _linear,
    "LogisticRegression": _logistic,
    "LogisticRegressionCV": _logistic,
    "MLPClassifier": _perceptron,
    "MLPRegressor": _perceptron,
    "DecisionTreeClassifier": _tree,
    "DecisionTreeRegressor": _tree,
    "RandomForestClassifier": _forest,
    "RandomForestRegressor": _forest,
    "ExtraTreesClassifier": _forest,
    "ExtraTreesRegressor": _forest,
    "GradientBoostingClassifier": _boosted,
    "GradientBoostingRegressor": _boosted,
    "LGBMClassifier": _lightgbm,
    "LGBMRegressor": _lightgbm,
    "XGBClassifier": _xgboost,
    "XGBRegressor": _xgboost,
}
"""Models by the name of their class."""
