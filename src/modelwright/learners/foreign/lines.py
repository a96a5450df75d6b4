"""Linear models of scikit-learn: all that a line answers, whatever it learned it by."""

from typing import Any

import numpy as np

from modelwright.learners.foreign.draft import Draft
from modelwright.predictor.operations.linear import Linear

LINES = frozenset({
    "LinearRegression", "Ridge", "RidgeCV", "Lasso", "LassoCV", "ElasticNet", "ElasticNetCV",
    "HuberRegressor", "Lars", "LarsCV", "LassoLars", "LassoLarsCV", "LassoLarsIC", "BayesianRidge",
    "ARDRegression", "OrthogonalMatchingPursuit", "OrthogonalMatchingPursuitCV", "SGDRegressor",
    "LinearSVR", "QuantileRegressor", "TheilSenRegressor", "PassiveAggressiveRegressor",
})  # fmt: skip
"""The classes that answer numbers."""


def line(draft: Draft, model: Any, matrix: str) -> str:
    """Write a linear model: its numbers, or a score for each class."""
    weights = np.atleast_2d(np.asarray(model.coef_, dtype=np.float64))
    bias = np.broadcast_to(np.atleast_1d(model.intercept_), len(weights)).astype(np.float64)
    return draft.add(Linear, matrix, weights=weights.T.copy(), bias=bias)
