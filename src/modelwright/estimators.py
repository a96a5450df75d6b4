"""The engine alone, as scikit-learn estimators."""

import warnings
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Self

import msgspec
import numpy as np
import polars as pl
from numpy.typing import ArrayLike, NDArray
from sklearn.base import BaseEstimator, ClassifierMixin, RegressorMixin
from sklearn.utils.multiclass import check_classification_targets
from sklearn.utils.validation import (
    assert_all_finite,
    check_array,
    check_consistent_length,
    check_is_fitted,
    column_or_1d,
    validate_data,
)

from modelwright._version import __version__
from modelwright.build.draft import make_bundle, sample_records
from modelwright.build.engine import Built, build_program
from modelwright.build.question import Question
from modelwright.compute.budget import Budget, parse_duration
from modelwright.data.conform import columns_of, conform
from modelwright.data.contract_rules import contract_from
from modelwright.data.infer import infer_schema
from modelwright.data.odcs.writer import write_contract
from modelwright.data.schema import Column, Kind, Schema
from modelwright.data.sources.open import open_source
from modelwright.data.splits import Split, folds_of, usual_folds
from modelwright.errors import SchemaError, TargetError
from modelwright.learners.base import Rows
from modelwright.learners.portfolio import portfolio_of, usual_families
from modelwright.predictor.bundle import Facts
from modelwright.predictor.bundle_folder import write_bundle
from modelwright.predictor.coverage import USUAL_LEVEL
from modelwright.predictor.operations.base import Floats
from modelwright.tasks.infer import MOST_CLASSES
from modelwright.tasks.metric_check import refuse_undefined
from modelwright.tasks.metrics import Metric, default_metric, metric_named, metric_of
from modelwright.tasks.targets import decode
from modelwright.tasks.task import Label, Task

_LAST_SHARE, _LEAST_LAST_S = 0.01, 0.4
"""Of the time, for the bundle."""


class _TableEstimator(BaseEstimator):  # type: ignore[misc]  # scikit-learn has no types
    """What both estimators share."""

    def __init__(
        self,
        budget: str | float = "60s",
        metric: str | Callable[..., Any] | None = None,
        learners: Sequence[str] | None = None,
        random_state: int = 0,
    ) -> None:
        self.budget = budget
        self.metric = metric
        self.learners = learners
        self.random_state = random_state

    def save(self, folder: str | Path) -> Path:
        """Write the bundle that `modelwright serve` serves and `modelwright.load` loads.

        Parameters
        ----------
        folder
            New, empty, or a bundle that is replaced.
        """
        check_is_fitted(self)
        write_bundle(self.bundle_, Path(folder))
        return Path(folder)

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.input_tags.allow_nan = True
        tags.input_tags.string = True
        tags.input_tags.categorical = True
        return tags

    def _learn(self, table: pl.DataFrame, target: NDArray[Any], task: Task) -> Self:
        """Build a bundle from a raw table of features and its coded target."""
        budget = Budget.start(parse_duration(self.budget))
        _warn_of_constants(table)
        schema = _features_of(table)
        frame = conform(table, schema)
        rows = Rows(schema=schema, columns=columns_of(frame, schema), target=target, task=task)
        question = self._question(task, target)
        split = Split(
            kind="stratified" if task.is_classification else "random",
            folds=usual_folds(len(rows)),
            seed=question.seed,
        )
        folds = folds_of(frame, split, target)
        # Before the engine, which stretches itself to the time that is left.
        contract = write_contract(contract_from(frame, schema, title="features"))
        engine = budget.reserve(max(_LEAST_LAST_S, _LAST_SHARE * budget.seconds))
        built = build_program(question, rows, folds, budget=engine, report=_silent)
        if built.is_baseline:
            _warn_of_baseline(built)
        decided = _deciding(built, question.metric)
        self.bundle_ = make_bundle(
            decided,
            rows,
            facts=_facts(decided, question, rows),
            contract_text=contract,
            records=sample_records(frame),
            metric=question.metric,
        )
        return self

    def _question(self, task: Task, target: NDArray[Any]) -> Question:
        if self.metric is None:
            labels = decode(target, task) if task.is_classification else target
            metric, _ = default_metric(task, pl.Series("target", labels))
        else:
            metric = _named(self.metric, task)
            refuse_undefined(metric, target, task)
        return Question(
            metric=metric,
            learners=portfolio_of(self.learners or usual_families(), task),
            seed=int(self.random_state),
        )

    def _answers(self, X: Any) -> Floats:
        check_is_fitted(self)
        table = _read(self, X)
        schema = self.bundle_.schema
        if not (_is_frame(X) and hasattr(self, "feature_names_in_")):
            table.columns = self._names
        return self.bundle_.program.run(columns_of(conform(table, schema), schema))


class TableClassifier(ClassifierMixin, _TableEstimator):  # type: ignore[misc]
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
        table, labels = _read_labelled(self, X, y)
        check_classification_targets(labels)
        self.classes_, codes = np.unique(labels, return_inverse=True)
        _refuse_classes(len(self.classes_))
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


class TableRegressor(RegressorMixin, _TableEstimator):  # type: ignore[misc]
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
        table, numbers = _read_labelled(self, X, y)
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


def _warn_of_baseline(built: Built) -> None:
    failures = (each.failure for each in built.outcomes if each.failure)
    reason = next(failures, "There was none to try.")
    warnings.warn(
        f"The answers are those of a baseline ({built.baseline_title.lower()}), since no learner "
        f"ended well. {reason}",
        UserWarning,
        stacklevel=4,
    )


def _warn_of_constants(table: pl.DataFrame) -> None:
    if all(column.is_empty() or column.eq_missing(column[0]).all() for column in table):
        warnings.warn(
            "Every column of X has the same value in all rows, so all rows get the same answer. "
            "Give columns that differ.",
            UserWarning,
            stacklevel=4,
        )


def _named(metric: str | Callable[..., Any], task: Task) -> Metric:
    if isinstance(metric, str):
        return metric_named(metric, task, folder=Path())
    return metric_of(metric, task)


def _deciding(built: Built, metric: Metric) -> Built:
    """Return what was built with the cut that scikit-learn's users expect: the likelier class.

    A metric that judges classes keeps the threshold that is best for it.
    """
    if metric.takes == "classes":
        return built
    return replace(built, program=msgspec.structs.replace(built.program, threshold=0.5))


def _facts(built: Built, question: Question, rows: Rows) -> Facts:
    return Facts(
        question="Predict the target.",
        target="target",
        metric=question.metric.name,
        training_rows=len(rows),
        threshold=built.program.threshold if rows.task.kind == "binary" else None,
        seed=question.seed,
        version=__version__,
        made_at=datetime.now(UTC).isoformat(),
    )


def _read_labelled(
    estimator: _TableEstimator, X: Any, y: ArrayLike | None
) -> tuple[pl.DataFrame, NDArray[Any]]:
    if y is None:
        name = type(estimator).__name__
        raise ValueError(f"{name} requires y to be passed, but the target y is None.")
    table = _read(estimator, X, reset=True)
    labels = column_or_1d(y, warn=True)
    check_consistent_length(table, labels)
    assert_all_finite(labels, input_name="y")
    if labels.dtype == object:
        _refuse_missing(labels)
    estimator._names = table.columns
    return table, labels


def _refuse_missing(labels: NDArray[Any]) -> None:
    """Refuse labels such as None: scikit-learn looks for NaN only among numbers."""
    missing = sum(label is None or label != label for label in labels.tolist())
    if missing:
        raise ValueError(
            f"Input y has no label in {missing:,} of {len(labels):,} rows. Leave those out."
        )


def _refuse_classes(count: int) -> None:
    if count < 2:
        raise ValueError("Expected at least two classes in y, found one class.")
    if count > MOST_CLASSES:
        raise TargetError(
            f"y has {count:,} classes, expected at most {MOST_CLASSES:,}.",
            "Predict a group of them, or a number with TableRegressor.",
        )


def _read(estimator: _TableEstimator, X: Any, *, reset: bool = False) -> pl.DataFrame:
    """Return X as a raw table, checked as scikit-learn checks it."""
    if _is_frame(X):
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


def _is_frame(X: Any) -> bool:
    return hasattr(X, "columns")


def _features_of(table: pl.DataFrame) -> Schema:
    """Return the features of a table: in a table of numbers each column is one as it stands."""
    if all(dtype.is_numeric() for dtype in table.dtypes):
        return Schema(columns=tuple(Column(name=n, kind=Kind.NUMERIC) for n in table.columns))
    inferred = infer_schema(table)
    names = tuple(column.name for column in inferred.features)
    if not names:
        raise SchemaError("No column of X can be learned from: all are ids or constants.")
    return inferred.select(names)


def _silent(sentence: str) -> None:
    """Say nothing."""
