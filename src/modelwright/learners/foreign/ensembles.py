"""Models of scikit-learn that are made of other models."""

from collections.abc import Callable, Mapping, Sequence
from types import SimpleNamespace
from typing import Any, Protocol

import numpy as np

from modelwright.learners.foreign.base import refuse
from modelwright.learners.foreign.draft import Draft
from modelwright.learners.foreign.given import Given, matrix_of
from modelwright.learners.foreign.layers import affine, weighted
from modelwright.learners.foreign.medians import weighted_median
from modelwright.learners.foreign.powers import power_reversed
from modelwright.learners.foreign.selection import choose
from modelwright.learners.foreign.votes import counts_votes
from modelwright.learners.trees.forests import tree_of
from modelwright.learners.trees.tables import Tree, node_table
from modelwright.predictor.operations.answers import ScaleLogits
from modelwright.predictor.operations.curves import Curves
from modelwright.predictor.operations.linear import Linear
from modelwright.predictor.operations.numbers import RoundToFloat32
from modelwright.predictor.operations.trees import Trees


class Models(Protocol):
    """Who writes the models that another one is made of."""

    def answer(self, draft: Draft, model: Any, given: Given) -> str:
        """Return probabilities of the model's classes, or numbers."""

    def score(self, draft: Draft, model: Any, given: Given) -> str | None:
        """Return what `decision_function` answers; None where the model has none."""

    def named(self, draft: Draft, model: Any, given: Given) -> str:
        """Return 1 for the class that `predict` names, and 0 for the others."""


def _vote(draft: Draft, model: Any, given: Given, models: Models) -> str:
    ask = models.named if counts_votes(model) else models.answer
    members = [ask(draft, each, given) for each in model.estimators_]
    weights = [
        weight
        for weight, (_, member) in zip(
            model.weights or [1.0] * len(model.estimators), model.estimators, strict=True
        )
        if member != "drop"
    ]
    return weighted(draft, members, np.asarray(weights, dtype=np.float64) / np.sum(weights))


def _bag(draft: Draft, model: Any, given: Given, models: Models) -> str:
    matrix = matrix_of(draft, given)
    members = [
        models.answer(draft, each, choose(draft, matrix, [int(place) for place in places]))
        for each, places in zip(model.estimators_, model.estimators_features_, strict=True)
    ]
    if len({draft.width(member) for member in members}) > 1:
        raise refuse(f"A {type(model).__name__} some of whose members know fewer classes")
    return weighted(draft, members, [1.0 / len(members)] * len(members))


def _stack(draft: Draft, model: Any, given: Given, models: Models) -> str:
    """Write the members, and the model that reads what they answer."""
    members = [each for each in model.estimators_ if each != "drop"]
    read = [
        _of_member(draft, member, method, given, models)
        for member, method in zip(members, model.stack_method_, strict=True)
    ]
    if model.passthrough:
        read.append(matrix_of(draft, given))
    return models.answer(draft, model.final_estimator_, draft.beside(read))


def _of_member(draft: Draft, member: Any, method: str, given: Given, models: Models) -> str:
    if method == "decision_function":
        return _score(draft, member, given, models)
    if method == "predict" and hasattr(member, "classes_"):
        raise refuse("A stack that reads the class which a member names")
    answer = models.answer(draft, member, given)
    return choose(draft, answer, [1]) if draft.width(answer) == 2 else answer


def _calibrate(draft: Draft, model: Any, given: Given, models: Models) -> str:
    each = [_calibrated(draft, one, given, models) for one in model.calibrated_classifiers_]
    return weighted(draft, each, [1.0 / len(each)] * len(each))


def _calibrated(draft: Draft, one: Any, given: Given, models: Models) -> str:
    if one.method not in _CALIBRATIONS:
        raise refuse(f"A CalibratedClassifierCV with the method {one.method!r}")
    score = models.score(draft, one.estimator, given)
    if score is None:
        score = models.answer(draft, one.estimator, given)
        score = choose(draft, score, [1]) if draft.width(score) == 2 else score
    if draft.width(score) != len(one.calibrators):
        raise refuse("A CalibratedClassifierCV some of whose members know fewer classes")
    raised = [
        _CALIBRATIONS[one.method](draft, calibrator, choose(draft, score, [place]))
        for place, calibrator in enumerate(one.calibrators)
    ]
    return both(draft, raised[0]) if len(raised) == 1 else shared(draft, raised)


def _platt(draft: Draft, calibrator: Any, score: str) -> str:
    slope, offset = -float(calibrator.a_), -float(calibrator.b_)
    both_classes = draft.link(affine(draft, score, slope, offset), "sigmoid")
    return choose(draft, both_classes, [1])


def _isotonic(draft: Draft, calibrator: Any, score: str) -> str:
    knots = np.asarray(calibrator.X_thresholds_, dtype=np.float64)
    heights = np.asarray(calibrator.y_thresholds_, dtype=np.float64)
    if len(knots) < 2:
        return draft.add(Linear, score, weights=np.zeros((1, 1)), bias=heights[:1])
    return draft.add(
        Curves,
        score,
        sizes=np.array([len(knots)], dtype=np.int32),
        knots=knots,
        heights=heights[:, None],
        missing=np.zeros((1, 1)),
    )


def _one_against_others(draft: Draft, model: Any, given: Given, models: Models) -> str:
    each = [models.answer(draft, one, given) for one in model.estimators_]
    positive = [choose(draft, one, [1]) for one in each]
    return both(draft, positive[0]) if len(positive) == 1 else shared(draft, positive)


def _adaptive(draft: Draft, model: Any, given: Given, _: Models) -> str:
    """Write an AdaBoostClassifier: each tree votes for one class, and against the others."""
    classes = len(model.classes_)
    weights = model.estimator_weights_[: len(model.estimators_)]
    if any(not hasattr(each, "tree_") for each in model.estimators_):
        raise refuse("An AdaBoostClassifier of other members than trees")
    shares = weights / weights.sum() / (classes - 1 if classes > 2 else 1)
    places = [np.searchsorted(model.classes_, each.classes_) for each in model.estimators_]
    numbered = [
        SimpleNamespace(tree_=each.tree_, classes_=known)
        for each, known in zip(model.estimators_, places, strict=True)
    ]
    trees = [
        _votes(tree_of(each, classes), share, classes)
        for each, share in zip(numbered, shares, strict=True)
    ]
    votes = draft.add(
        Trees,
        draft.add(RoundToFloat32, matrix_of(draft, given)),
        comparison="<=",
        outputs=np.full(len(trees), -1, dtype=np.int32),
        base=np.zeros(classes),
        **node_table(trees),
    )
    return draft.link(votes, "softmax")


def _votes(tree: Tree, share: float, classes: int) -> Tree:
    against = np.full(tree.values.shape, -share / (classes - 1))
    against[np.arange(len(against)), tree.values.argmax(axis=1)] = share
    return Tree(tree.feature, tree.threshold, tree.left, tree.right, tree.missing_left, against)


def _middle(draft: Draft, model: Any, given: Given, models: Models) -> str:
    """Write an AdaBoostRegressor: the weighted median of what its members answer."""
    members = [models.answer(draft, each, given) for each in model.estimators_]
    return weighted_median(draft, draft.beside(members), model.estimator_weights_[: len(members)])


def _of_transformed_target(draft: Draft, model: Any, given: Given, models: Models) -> str:
    answer, inner = models.answer(draft, model.regressor_, given), model.transformer_
    match type(inner).__name__:
        case "FunctionTransformer":
            return _inverse(draft, inner.inverse_func, answer)
        case "StandardScaler":
            scale = inner.scale_ if inner.with_std else 1.0
            return affine(draft, answer, scale, inner.mean_ if inner.with_mean else 0.0)
        case "MinMaxScaler":
            return affine(draft, answer, 1.0 / inner.scale_, -inner.min_ / inner.scale_)
        case "PowerTransformer":
            return power_reversed(draft, inner, answer)
    raise refuse(f"A target that {type(inner).__name__} has transformed")


def _inverse(draft: Draft, function: Any, answer: str) -> str:
    name = getattr(function, "__name__", "a function")
    if function is None or name == "identity":
        return answer
    if function not in (np.exp, np.expm1):
        raise refuse(f"A target that {name} has transformed back", "np.exp and np.expm1 have.")
    power = draft.link(answer, "exponential")
    return affine(draft, power, 1.0, -1.0) if function is np.expm1 else power


def both(draft: Draft, positive: str) -> str:
    """Return the probabilities of two classes from that of the second."""
    return draft.add(Linear, positive, weights=np.array([[-1.0, 1.0]]), bias=np.array([1.0, 0.0]))


def shared(draft: Draft, each: Sequence[str]) -> str:
    """Return probabilities that add up to 1 from those that each class has by itself."""
    # The softmax of logarithms: each divided by the sum of all.
    return draft.add(ScaleLogits, draft.beside(each), slope=1.0, bias=np.zeros(len(each)))


def _score(draft: Draft, member: Any, given: Given, models: Models) -> str:
    score = models.score(draft, member, given)
    if score is None:
        raise refuse(f"The decision of a {type(member).__name__}")
    return score


_CALIBRATIONS: Mapping[str, Callable[[Draft, Any, str], str]] = {
    "sigmoid": _platt,
    "isotonic": _isotonic,
}
ENSEMBLES: Mapping[str, Callable[[Draft, Any, Given, Models], str]] = {
    "VotingClassifier": _vote,
    "VotingRegressor": _vote,
    "BaggingClassifier": _bag,
    "BaggingRegressor": _bag,
    "BalancedBaggingClassifier": _bag,
    "EasyEnsembleClassifier": _bag,
    "StackingClassifier": _stack,
    "StackingRegressor": _stack,
    "CalibratedClassifierCV": _calibrate,
    "OneVsRestClassifier": _one_against_others,
    "AdaBoostClassifier": _adaptive,
    "AdaBoostRegressor": _middle,
    "RUSBoostClassifier": _adaptive,
    "TransformedTargetRegressor": _of_transformed_target,
}
"""Models by the name of their class."""
