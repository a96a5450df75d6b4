"""The engine alone, as scikit-learn estimators."""

from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray
from sklearn.base import ClassifierMixin, RegressorMixin
from sklearn.utils.multiclass import check_classification_targets
from sklearn.utils.validation import (
    check_array,
)

from modelwright.estimators.base import TableEstimator
from modelwright.estimators.reading import read_labelled, refuse_classes
from modelwright.predictor.coverage import USUAL_LEVEL
from modelwright.predictor.operations.base import Floats
from modelwright.tasks.task import Label, Task


class TableClassifier(ClassifierMixin, TableEstimator):  # type: ignore[misc]
    """Learn classes from a table inside a time budget.

    Parameters
    ----------
    budget
        Wall time of `fit`, such as ``"60s"`` or ``"5m"``, or seconds.
    metric
        What is improved, such as ``"roc_auc"``, or a function of your own from truth and
        prediction to a number (`OwnMetric`); None to choose by the classes.
    learners
        Names of what is tried, such as ``["linear", "lightgbm"]``; None for all.
    random_state
        The same seed and rows give the same model, if the budget cut nothing short.

    Attributes
    ----------
    classes_ : ndarray of shape (classes,)
        The labels, in the order of the columns of `predict_proba`.
    bundle_
        What `save` writes.

    Examples
    --------
    >>> import polars as pl
    >>> X = pl.DataFrame({"size": [float(i % 17) for i in range(120)]})
    >>> y = (X["size"] > 8).to_numpy()
    >>> model = TableClassifier(budget="20s", learners=["linear"]).fit(X, y)
    >>> model.predict(X[:3])
    array([False, False, False])
    """

    def fit(self, X: Any, y: ArrayLike | None) -> Self:
        """Learn.

        Parameters
        ----------
        X : data frame or array of shape (rows, columns)
            Numbers, texts, dates, booleans; missing values are welcome.
        y : of shape (rows,)
            Labels.
        """
        table, labels = read_labelled(self, X, y)
        check_classification_targets(labels)
        self.classes_, codes = np.unique(labels, return_inverse=True)
        refuse_classes(len(self.classes_))
        task = Task(
            kind="binary" if len(self.classes_) == 2 else "multiclass",
            classes=tuple(self.classes_.tolist()),
        )
        return self._learn(table, codes.astype(np.int64), task)

    def predict_proba(self, X: Any) -> Floats:
        """Return probabilities of shape (rows, classes)."""
        return self._answers(X)

    def predict(self, X: Any) -> NDArray[Any]:
        """Return labels of shape (rows,)."""
        answers = self._answers(X)
        return np.asarray(self.classes_[self.bundle_.program.choose(answers)])

    def predict_set(self, X: Any, level: float = USUAL_LEVEL) -> list[tuple[Label, ...]]:
        """Return for each row the labels among which the true one is as often as stated.

        Parameters
        ----------
        X
            As for `predict`.
        level
            How often the truth is among them: 0.8, 0.9 or 0.95.

        Raises
        ------
        BundleError
            When fewer than 50 rows had out-of-fold answers.
        InputError
            When the level is not offered.
        """
        return self.bundle_.program.sets(self._answers(X), level)


class TableRegressor(RegressorMixin, TableEstimator):  # type: ignore[misc]
    """Learn numbers from a table inside a time budget.

    Parameters
    ----------
    budget
        Wall time of `fit`, such as ``"60s"`` or ``"5m"``, or seconds.
    metric
        What is improved, such as ``"mae"``, or a function of your own from truth and prediction
        to a number (`OwnMetric`); None for the root mean squared error.
    learners
        Names of what is tried, such as ``["linear", "lightgbm"]``; None for all.
    random_state
        The same seed and rows give the same model, if the budget cut nothing short.

    Attributes
    ----------
    bundle_
        What `save` writes.

    Examples
    --------
    >>> import polars as pl
    >>> X = pl.DataFrame({"size": [float(i) for i in range(200)]})
    >>> model = TableRegressor(budget="20s", learners=["linear"]).fit(X, 3 * X["size"])
    >>> bool(abs(model.predict(X[100:101])[0] - 300) < 20)
    True
    """

    def fit(self, X: Any, y: ArrayLike | None) -> Self:
        """Learn.

        Parameters
        ----------
        X : data frame or array of shape (rows, columns)
            Numbers, texts, dates, booleans; missing values are welcome.
        y : of shape (rows,)
            Finite numbers.
        """
        table, numbers = read_labelled(self, X, y)
        target = check_array(numbers, ensure_2d=False, dtype=np.float64, input_name="y")
        return self._learn(table, target, Task(kind="regression"))

    def predict(self, X: Any) -> Floats:
        """Return numbers of shape (rows,)."""
        return np.asarray(self._answers(X)[:, 0])

    def predict_interval(self, X: Any, level: float = USUAL_LEVEL) -> Floats:
        """Return for each answer the range, (rows, 2), that holds the truth as often as stated.

        Parameters
        ----------
        X
            As for `predict`.
        level
            How often the truth is held: 0.8, 0.9 or 0.95.

        Raises
        ------
        BundleError
            When fewer than 50 rows had out-of-fold answers.
        InputError
            When the level is not offered.
        """
        return self.bundle_.program.ranges(self._answers(X), level)
