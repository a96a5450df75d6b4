"""X and y as scikit-learn gives them, checked as scikit-learn checks them."""

from typing import Any

import numpy as np
import polars as pl
from numpy.typing import ArrayLike, NDArray
from sklearn.base import BaseEstimator
from sklearn.utils.validation import (
    assert_all_finite,
    check_consistent_length,
    column_or_1d,
    validate_data,
)

from modelwright.data.sources.open import open_source
from modelwright.errors import TargetError
from modelwright.tasks.infer import MOST_CLASSES


def read_labelled(
    estimator: BaseEstimator, X: Any, y: ArrayLike | None
) -> tuple[pl.DataFrame, NDArray[Any]]:
    """Return X as a raw table, and y as labels of which none is missing."""
    if y is None:
        name = type(estimator).__name__
        raise ValueError(f"{name} requires y to be passed, but the target y is None.")
    table = read_table(estimator, X, reset=True)
    labels = column_or_1d(y, warn=True)
    check_consistent_length(table, labels)
    assert_all_finite(labels, input_name="y")
    if labels.dtype == object:
        _refuse_missing(labels)
    return table, labels


def _refuse_missing(labels: NDArray[Any]) -> None:
    """Refuse labels such as None: scikit-learn looks for NaN only among numbers."""
    missing = sum(label is None or label != label for label in labels.tolist())
    if missing:
        raise ValueError(
            f"Input y has no label in {missing:,} of {len(labels):,} rows. Leave those out."
        )


def refuse_classes(count: int) -> None:
    """Refuse a single class, and more than can be learned."""
    if count < 2:
        raise ValueError("Expected at least two classes in y, found one class.")
    if count > MOST_CLASSES:
        raise TargetError(
            f"y has {count:,} classes, expected at most {MOST_CLASSES:,}.",
            "Predict a group of them, or a number with TableRegressor.",
        )


def read_table(estimator: BaseEstimator, X: Any, *, reset: bool = False) -> pl.DataFrame:
    """Return X as a raw table, checked as scikit-learn checks it."""
    if is_frame(X):
        validate_data(estimator, X, reset=reset, skip_check_array=True)
        return open_source(X).read()
    array = validate_data(
        estimator,
        X,
        reset=reset,
        dtype=None,
        ensure_all_finite="allow-nan",
        ensure_min_samples=2 if reset else 1,
    )
    return open_source(_as_numbers(array)).read()


def _as_numbers(array: NDArray[Any]) -> NDArray[Any]:
    """Return an array of objects as numbers where all of them are."""
    if array.dtype != object:
        return array
    try:
        return array.astype(np.float64)
    except (ValueError, TypeError):
        return array


def is_frame(X: Any) -> bool:
    """Say whether X has names for its columns."""
    return hasattr(X, "columns")
