"""Models of scikit-learn, LightGBM, XGBoost and CatBoost as steps to the answer."""

from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

import numpy as np

from modelwright.learners.foreign.base import refuse
from modelwright.learners.foreign.boosters import (
    catboost_answer,
    lightgbm_answer,
    xgboost_answer,
)
from modelwright.learners.foreign.draft import Draft
from modelwright.learners.foreign.ensembles import ENSEMBLES, shared
from modelwright.learners.foreign.forests import (
    boosted_score,
    forest_answer,
    histogram_numbers,
    tree_answer,
)
from modelwright.learners.foreign.given import Given, matrix_of, steps_of
from modelwright.learners.foreign.histogram import histogram_score
from modelwright.learners.foreign.kernels import (
    complement_score,
    counted_score,
    curved_score,
    flagged_score,
    machine_score,
    normal_score,
)
from modelwright.learners.foreign.layers import bend, dense
from modelwright.learners.foreign.lines import LINES, line
from modelwright.learners.foreign.neighbours import neighbours_answer
from modelwright.learners.foreign.selection import choose
from modelwright.learners.foreign.transformers import transformed
from modelwright.learners.foreign.votes import largest
from modelwright.learners.trees.catboost import written as catboost_json
from modelwright.predictor.operations.linear import Linear


def written(draft: Draft, model: Any, given: Given) -> str:
    """Write a fitted model and return the value that is its answer.

    Parameters
    ----------
    draft
        Where it is written.
    model
        A pipeline, a search, or a model alone.
    given
        What it reads.

    Returns
    -------
    str
        Of probabilities, in the order of the model's classes, or of numbers.

    Raises
    ------
    LearnerError
        When it has no place in a program.
    """
    return _Written().answer(draft, model, given)


def title_of(model: Any) -> str:
    """Return the class of the model at the end of a pipeline."""
    return type(steps_of(_best(model))[-1]).__name__


class _Written:
    """Writes models, those too that others are made of; see `Models`."""

    def answer(self, draft: Draft, model: Any, given: Given) -> str:
        *before, last = steps_of(_best(model))
        if last is not model:
            return self.answer(draft, last, transformed(draft, before, given))
        name = type(model).__name__
        if name in ENSEMBLES:
            return ENSEMBLES[name](draft, model, given, self)
        if name in _ANSWERS:
            return _ANSWERS[name](draft, model, _read(draft, name, given))
        if name in _LIKELIHOODS:
            score = _LIKELIHOODS[name](draft, model, matrix_of(draft, given))
            return draft.link(score, "softmax")
        if name not in _SCORES:
            raise refuse(f"A {name}")
        if name not in _PROBABILITIES:
            remedy = "Fit it again inside a CalibratedClassifierCV, which makes its score one."
            raise refuse(f"The probability of a {name}", remedy)
        score = _SCORES[name](draft, model, _read(draft, name, given))
        return _PROBABILITIES[name](draft, model, score)

    def score(self, draft: Draft, model: Any, given: Given) -> str | None:
        *before, last = steps_of(_best(model))
        if last is not model:
            return self.score(draft, last, transformed(draft, before, given))
        name = type(model).__name__
        write = _SCORES.get(name)
        if write is None and hasattr(model, "decision_function"):
            raise refuse(f"The decision of a {name}")
        return write(draft, model, _read(draft, name, given)) if write else None

    def named(self, draft: Draft, model: Any, given: Given) -> str:
        *before, last = steps_of(_searched(model))
        if last is not model:
            return self.named(draft, last, transformed(draft, before, given))
        name = type(model).__name__
        if name in _OF_ONE:
            raise refuse(f"The class that a {name} names")
        write = _SCORES.get(name)
        if write is None:
            return largest(draft, self.answer(draft, model, given))
        return largest(draft, write(draft, model, _read(draft, name, given)))


def _read(draft: Draft, name: str, given: Given) -> Any:
    """Return what a model reads: its columns where it has categories of its own, else a matrix."""
    return given if name in _WITH_CATEGORIES else matrix_of(draft, given)


def _best(model: Any) -> Any:
    """Return the model that a search has found, or that one of one model holds; else it as it is.

    Where probabilities are cut is no part of a program that answers them.
    """
    found = _searched(model)
    return _best(found.estimator_) if type(found).__name__ in _OF_ONE else found


def _searched(model: Any) -> Any:
    """Return the model that a search has found, or that is frozen; else it as it is."""
    if hasattr(model, "best_estimator_"):
        return _searched(model.best_estimator_)
    return _searched(model.estimator) if type(model).__name__ == "FrozenEstimator" else model


def _latent(draft: Draft, model: Any, matrix: str) -> str:
    # scikit-learn says the mean that it takes away in no other place.
    weights = np.asarray(model.coef_, dtype=np.float64).T
    return dense(draft, matrix, weights, np.ravel(model.intercept_) - model._x_mean @ weights)


def _linked(draft: Draft, _: Any, score: str) -> str:
    return draft.link(score, "sigmoid" if draft.width(score) == 1 else "softmax")


def _each_alone(draft: Draft, model: Any, score: str) -> str:
    """Return probabilities of scores that say of each class alone how likely it is."""
    if model.loss != "log_loss":
        raise refuse(f"A {type(model).__name__} with the loss {model.loss!r}")
    if draft.width(score) == 1:
        return draft.link(score, "sigmoid")
    each = [choose(draft, score, [place]) for place in range(draft.width(score))]
    return shared(draft, [choose(draft, draft.link(one, "sigmoid"), [1]) for one in each])


def _exponential(draft: Draft, model: Any, matrix: str) -> str:
    """Write a linear model of the logarithm, as those of counts and of positive numbers are."""
    link = getattr(model, "link", "log")
    written = line(draft, model, matrix)
    if link == "identity" or (link == "auto" and model.power <= 0):
        return written
    return draft.link(written, "exponential")


def _perceptron(draft: Draft, model: Any, matrix: str) -> str:
    value = matrix
    layers = [*zip(model.coefs_, model.intercepts_, strict=True)]
    for place, (weights, bias) in enumerate(layers):
        value = draft.add(Linear, value, weights=np.asarray(weights), bias=np.asarray(bias))
        if place < len(layers) - 1:
            value = bend(draft, value, _ACTIVATIONS.get(model.activation, model.activation))
    if hasattr(model, "classes_"):
        return _linked(draft, model, value)
    return draft.link(value, "exponential") if model.loss == "poisson" else value


def _lightgbm(draft: Draft, model: Any, given: Given) -> str:
    return lightgbm_answer(draft, model.booster_.model_to_string(), given)


def _catboost(draft: Draft, model: Any, given: Given) -> str:
    return catboost_answer(draft, catboost_json(model), given)


def _xgboost(draft: Draft, model: Any, given: Given) -> str:
    if model.missing is not None and model.missing == model.missing:
        raise refuse(f"A {type(model).__name__} with another missing value than NaN")
    return xgboost_answer(draft, bytes(model.get_booster().save_raw("json")), given)


_Writer: TypeAlias = Callable[[Draft, Any, Any], str]
_OF_ONE = frozenset({"FixedThresholdClassifier", "TunedThresholdClassifierCV", "RANSACRegressor"})
_WITH_CATEGORIES = frozenset(
    f"{name}{kind}"
    for name in ("HistGradientBoosting", "LGBM", "XGB", "XGBRF", "CatBoost")
    for kind in ("Classifier", "Regressor")
)
_ANSWERS: Mapping[str, _Writer] = {
    **dict.fromkeys(LINES, line),
    **dict.fromkeys(("PoissonRegressor", "GammaRegressor", "TweedieRegressor"), _exponential),
    "PLSRegression": _latent,
    "MLPClassifier": _perceptron,
    "MLPRegressor": _perceptron,
    "DecisionTreeClassifier": tree_answer,
    "DecisionTreeRegressor": tree_answer,
    "ExtraTreeClassifier": tree_answer,
    "ExtraTreeRegressor": tree_answer,
    "RandomForestClassifier": forest_answer,
    "BalancedRandomForestClassifier": forest_answer,
    "RandomForestRegressor": forest_answer,
    "ExtraTreesClassifier": forest_answer,
    "ExtraTreesRegressor": forest_answer,
    "GradientBoostingRegressor": boosted_score,
    "HistGradientBoostingRegressor": histogram_numbers,
    "LGBMClassifier": _lightgbm,
    "LGBMRegressor": _lightgbm,
    "XGBClassifier": _xgboost,
    "XGBRegressor": _xgboost,
    "XGBRFClassifier": _xgboost,
    "XGBRFRegressor": _xgboost,
    "CatBoostClassifier": _catboost,
    "CatBoostRegressor": _catboost,
    "SVR": machine_score,
    "KNeighborsClassifier": neighbours_answer,
    "KNeighborsRegressor": neighbours_answer,
}
"""By the name of the class: what writes numbers, or probabilities."""
_LIKELIHOODS: Mapping[str, _Writer] = {
    "GaussianNB": normal_score,
    "MultinomialNB": counted_score,
    "ComplementNB": complement_score,
    "BernoulliNB": flagged_score,
    "QuadraticDiscriminantAnalysis": curved_score,
}
"""What writes scores that no `decision_function` tells."""
_SCORES: Mapping[str, _Writer] = {
    "LogisticRegression": line,
    "LogisticRegressionCV": line,
    "LinearDiscriminantAnalysis": line,
    "SGDClassifier": line,
    "LinearSVC": line,
    "RidgeClassifier": line,
    "RidgeClassifierCV": line,
    "Perceptron": line,
    "PassiveAggressiveClassifier": line,
    "GradientBoostingClassifier": boosted_score,
    "HistGradientBoostingClassifier": histogram_score,
    "SVC": machine_score,
}
"""What writes what `decision_function` answers."""
_PROBABILITIES: Mapping[str, _Writer] = {
    "LogisticRegression": _linked,
    "LogisticRegressionCV": _linked,
    "LinearDiscriminantAnalysis": _linked,
    "SGDClassifier": _each_alone,
    "GradientBoostingClassifier": _linked,
    "HistGradientBoostingClassifier": _linked,
}
"""What makes probabilities of such scores."""
_ACTIVATIONS = {"logistic": "sigmoid"}
"""Those of scikit-learn that others call otherwise."""
