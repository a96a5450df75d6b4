"""What both estimators share: rows go into the engine, and a bundle comes out."""

import warnings
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Self

import msgspec
import polars as pl
from numpy.typing import NDArray
from sklearn.base import BaseEstimator
from sklearn.utils.validation import (
    check_is_fitted,
)

from modelwright._version import __version__
from modelwright.build.draft import make_bundle, sample_records
from modelwright.build.engine import Built, build_program
from modelwright.build.question import Question
from modelwright.compute.budget import Budget, parse_duration
from modelwright.data.conform import columns_of, conform
from modelwright.data.contracts.rules import contract_from
from modelwright.data.inference.infer import infer_schema
from modelwright.data.odcs.writer import write_contract
from modelwright.data.schema import Column, Kind, Schema
from modelwright.data.splitting.splits import Split, folds_of, usual_folds
from modelwright.errors import SchemaError
from modelwright.estimators.reading import is_frame, read_table
from modelwright.learners.base import Rows
from modelwright.learners.portfolio import portfolio_of, usual_families
from modelwright.predictor.bundle import Facts
from modelwright.predictor.bundle_folder import write_bundle
from modelwright.predictor.operations.base import Floats
from modelwright.tasks.metric_check import refuse_undefined
from modelwright.tasks.metrics import Metric, default_metric, metric_named, metric_of
from modelwright.tasks.price import priced
from modelwright.tasks.targets import decode
from modelwright.tasks.task import Task

_LAST_SHARE, _LEAST_LAST_S = 0.01, 0.4
"""Of the time, for the bundle."""


class TableEstimator(BaseEstimator):  # type: ignore[misc]  # scikit-learn has no types
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
        self._names = table.columns
        _warn_of_constants(table)
        schema = _features_of(table)
        frame = conform(table, schema)
        rows = Rows(schema=schema, columns=columns_of(frame, schema), target=target, task=task)
        question = self._question(task, target, budget)
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

    def _question(self, task: Task, target: NDArray[Any], budget: Budget) -> Question:
        if self.metric is None:
            labels = decode(target, task) if task.is_classification else target
            metric, _ = default_metric(task, pl.Series("target", labels))
        else:
            metric = _named(self.metric, task)
            refuse_undefined(metric, target, task)
            metric = priced(metric, target, task, budget_s=budget.seconds)
        return Question(
            metric=metric,
            learners=portfolio_of(self.learners or usual_families(), task),
            seed=int(self.random_state),
        )

    def _answers(self, X: Any) -> Floats:
        check_is_fitted(self)
        table = read_table(self, X)
        schema = self.bundle_.schema
        if not (is_frame(X) and hasattr(self, "feature_names_in_")):
            table.columns = self._names
        return self.bundle_.program.run(columns_of(conform(table, schema), schema))


def _warn_of_baseline(built: Built) -> None:
    failures = (each.failure for each in built.outcomes if each.failure)
    reason = next(failures, "There was none to try.")
    simple = built.baseline_title
    warnings.warn(
        f"The answers are those of a baseline ({simple[0].lower()}{simple[1:]}), since no learner "
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
