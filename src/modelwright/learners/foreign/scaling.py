"""Transformers of numbers of scikit-learn as steps on a matrix."""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from modelwright.learners.foreign.base import refuse
from modelwright.learners.foreign.draft import Draft
from modelwright.learners.foreign.imputing import (
    flags,
    imputed,
    imputed_by_neighbours,
    imputed_in_turn,
)
from modelwright.learners.foreign.layers import dense
from modelwright.learners.foreign.powers import (
    normalized,
    of_function,
    polynomial,
    power_transformed,
)
from modelwright.learners.foreign.quantiles import quantiles
from modelwright.learners.foreign.selection import choose
from modelwright.learners.foreign.splines import splined
from modelwright.learners.foreign.thresholds import binarized, bins
from modelwright.predictor.operations.answers import Clip
from modelwright.predictor.operations.linear import Linear
from modelwright.predictor.operations.numbers import Scale

_NO_LIMIT = float(np.finfo(np.float64).max)


def scaled(draft: Draft, transformer: Any, matrix: str) -> str:
    """Write a fitted transformer and return the value that it makes of a matrix of numbers.

    Raises
    ------
    LearnerError
        When it has no place in a program.
    """
    name = type(transformer).__name__
    if name not in _WRITERS:
        raise refuse(f"{name}, which transforms numbers,")
    return _WRITERS[name](draft, transformer, matrix)


def is_sparse(transformer: Any, *, given: bool) -> bool:
    """Say whether a transformer answers a sparse matrix.

    Parameters
    ----------
    transformer
        A fitted one.
    given
        Whether it is given one.
    """
    if hasattr(transformer, "sparse_output"):
        return bool(transformer.sparse_output)
    if type(transformer).__name__ == "KBinsDiscretizer":
        return bool(transformer.encode == "onehot")
    return given and not hasattr(transformer, "components_")


def _standard(draft: Draft, scaler: Any, matrix: str) -> str:
    width = draft.width(matrix)
    center = scaler.mean_ if scaler.with_mean else np.zeros(width)
    return _scaled(draft, matrix, center, scaler.scale_ if scaler.with_std else None)


def _robust(draft: Draft, scaler: Any, matrix: str) -> str:
    center = scaler.center_ if scaler.with_centering else np.zeros(draft.width(matrix))
    return _scaled(draft, matrix, center, scaler.scale_ if scaler.with_scaling else None)


def _min_max(draft: Draft, scaler: Any, matrix: str) -> str:
    # x * scale + min, written as (x - center) / scale.
    moved = _scaled(draft, matrix, -scaler.min_ / scaler.scale_, 1.0 / scaler.scale_)
    if not scaler.clip:
        return moved
    low, high = scaler.feature_range
    return draft.add(Clip, moved, low=float(low), high=float(high))


def _max_abs(draft: Draft, scaler: Any, matrix: str) -> str:
    return _scaled(draft, matrix, np.zeros(draft.width(matrix)), scaler.scale_)


def _scaled(draft: Draft, matrix: str, center: Any, scale: Any) -> str:
    unit = np.ones(draft.width(matrix)) if scale is None else scale
    return draft.add(
        Scale,
        matrix,
        center=np.asarray(center, dtype=np.float64),
        scale=np.asarray(unit, dtype=np.float64),
        limit=_NO_LIMIT,
    )


def _components(draft: Draft, reduction: Any, matrix: str) -> str:
    weights = reduction.components_.T
    if getattr(reduction, "whiten", False):
        weights = weights / np.sqrt(reduction.explained_variance_)
    mean = getattr(reduction, "mean_", np.zeros(len(weights)))
    return draft.add(Linear, matrix, weights=weights, bias=-mean @ weights)


def _independent(draft: Draft, reduction: Any, matrix: str) -> str:
    weights = reduction.components_.T
    mean = reduction.mean_ if reduction.whiten else np.zeros(len(weights))
    return dense(draft, matrix, weights, -mean @ weights)


def _selected(draft: Draft, selector: Any, matrix: str) -> str:
    return choose(draft, matrix, [int(place) for place in selector.get_support(indices=True)])


_WRITERS: Mapping[str, Callable[[Draft, Any, str], str]] = {
    "SimpleImputer": imputed,
    "IterativeImputer": imputed_in_turn,
    "KNNImputer": imputed_by_neighbours,
    "KBinsDiscretizer": bins,
    "Binarizer": binarized,
    "FunctionTransformer": of_function,
    "PolynomialFeatures": polynomial,
    "PowerTransformer": power_transformed,
    "SplineTransformer": splined,
    "QuantileTransformer": quantiles,
    "StandardScaler": _standard,
    "RobustScaler": _robust,
    "MinMaxScaler": _min_max,
    "MaxAbsScaler": _max_abs,
    "PCA": _components,
    "TruncatedSVD": _components,
    "FastICA": _independent,
    "MissingIndicator": flags,
    "Normalizer": normalized,
    **dict.fromkeys(
        (
            "SelectKBest",
            "SelectPercentile",
            "SelectFpr",
            "SelectFdr",
            "SelectFwe",
            "SelectFromModel",
            "SequentialFeatureSelector",
            "VarianceThreshold",
            "RFE",
            "RFECV",
        ),
        _selected,
    ),
}
"""Transformers by the name of their class."""
