"""Gradient boosting by XGBoost."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import msgspec
import numpy as np
import xgboost
from xgboost.core import XGBoostError

from modelwright.compute.budget import Budget
from modelwright.compute.memory import large_for_a_moment
from modelwright.errors import InputError
from modelwright.learners.base import THREADS, Fitted, Rows
from modelwright.learners.memo import Memo
from modelwright.learners.trees.boosting import POISSON_STEP, Examples, Lesson, hasten, prepare
from modelwright.learners.trees.tables import in_float32, node_table
from modelwright.learners.trees.xgboost import base_score, list_trees
from modelwright.learners.watch import Watch
from modelwright.predictor.operations.numbers import RoundToFloat32
from modelwright.predictor.operations.trees import Trees
from modelwright.predictor.program import Step
from modelwright.tasks.task import Task

_OBJECTIVES = {
    "squared": ("reg:squarederror", "rmse"),
    "absolute": ("reg:absoluteerror", "mae"),
    "quantile": ("reg:quantileerror", "quantile"),
    "poisson": ("count:poisson", "poisson-nloglik"),
}
"""Of numbers: the objective and what is asked of the rows held back."""


_ABOVE_ALL = b"3.4e38"
"""Where XGBoost parts all numbers from missing ones, and one is as large as it may be, it cuts at
infinity, which JSON does not know. No number of `in_float32` is as large as this."""


@dataclass(frozen=True)
class XGBoost:
    """Trees grown on histograms; Chen and Guestrin, "XGBoost" (2016).

    Parameters
    ----------
    name, title
        Identifier, and what people read.
    rate
        What each tree counts for; more with many classes.
    leaves
        Of a tree on many rows; fewer on few rows and with many classes.
    depth
        Of a tree, at most.
    by_depth
        Whether trees grow level by level, not by the best leaf.
    feature_fraction, row_fraction
        Shares of columns at each depth, and of rows that each tree sees.
    least_weight
        Of a leaf, in second derivatives; None for what suits the loss.
    lambda_l1, lambda_l2
        Penalties on the leaves.
    crosses
        Whether pairs of categories are columns too; it refuses rows that have none worth it.
    """

    name: str = "xgboost"
    title: str = "XGBoost"
    rate: float = 0.06
    leaves: int = 63
    depth: int = 10
    by_depth: bool = False
    feature_fraction: float = 0.8
    row_fraction: float = 0.7
    least_weight: float | None = None
    lambda_l1: float = 0.0
    lambda_l2: float = 1.0
    crosses: bool = False

    def suits(self, task: Task) -> bool:
        """Say yes: there is an objective for each task."""
        return True

    def fit(
        self,
        rows: Rows,
        *,
        check_rows: Rows | None = None,
        rounds: int | None = None,
        budget: Budget,
        seed: int,
    ) -> Fitted:
        """Grow trees; see `Learner.fit`.

        Raises
        ------
        BudgetError
            When the time ends before the first round.
        InputError
            When XGBoost refuses the rows, or no two categories are worth crossing.
        """
        lesson = prepare(
            rows,
            check_rows,
            rounds,
            most_leaves=self.leaves,
            crosses=self.crosses,
            budget=budget,
            seed=seed,
        )
        settings = self.settings_for(lesson, seed)
        try:
            booster, watch = _boost(settings, lesson, rows.memo, budget)
        except XGBoostError as error:
            raise InputError(f"XGBoost could not learn from these rows: {error}.") from error
        steps = read_steps(bytes(booster[: watch.best].save_raw("json")), lesson)
        return lesson.fitted(
            steps, watch, library="xgboost", settings=settings, reads=steps[0].output
        )

    def settings_for(self, lesson: Lesson, seed: int) -> dict[str, Any]:
        """Return XGBoost's own parameters for a lesson."""
        usual = 2.0 if lesson.task.kind == "regression" else 0.1
        return {
            **_objective(lesson),
            "eta": hasten(self.rate, lesson.task),
            "tree_method": "hist",
            "grow_policy": "depthwise" if self.by_depth else "lossguide",
            "max_leaves": lesson.size.leaves,
            "max_depth": self.depth,
            "min_child_weight": usual if self.least_weight is None else self.least_weight,
            "colsample_bylevel": self.feature_fraction,
            "subsample": self.row_fraction,
            "alpha": self.lambda_l1,
            "lambda": self.lambda_l2,
            "seed": seed,
            "nthread": THREADS,
            "verbosity": 0,
        }


def _objective(lesson: Lesson) -> dict[str, Any]:
    if lesson.task.kind == "binary":
        return {"objective": "binary:logistic", "eval_metric": "logloss"}
    if lesson.task.kind == "multiclass":
        classes = lesson.task.n_outputs
        return {"objective": "multi:softprob", "eval_metric": "mlogloss", "num_class": classes}
    objective, metric = _OBJECTIVES[lesson.loss.kind]
    more: dict[str, dict[str, Any]] = {
        "quantile": {"quantile_alpha": lesson.loss.level},
        "poisson": {"max_delta_step": POISSON_STEP},
    }
    return {"objective": objective, "eval_metric": metric, **more.get(lesson.loss.kind, {})}


def read_steps(model: bytes, lesson: Lesson) -> tuple[Step, ...]:
    """Return the steps to the raw score of a model in XGBoost's JSON format.

    Parameters
    ----------
    model
        What `Booster.save_raw("json")` returns.
    lesson
        What it learned from.

    Raises
    ------
    ValueError
        When a tree cannot be expressed: categorical splits, vectors as leaves.
    """
    learner = msgspec.json.decode(model.replace(b"Infinity", _ABOVE_ALL))["learner"]
    forest = learner["gradient_booster"]["model"]
    rounded = RoundToFloat32(inputs=(lesson.encoding.output,), output="rounded")
    start = base_score(learner, lesson.trees_per_round)
    trees = Trees(
        inputs=(rounded.output,),
        output="raw",
        comparison="<",
        outputs=np.array(forest["tree_info"], dtype=np.int32),
        base=lesson.base + lesson.scale * start,
        scale=lesson.scale,
        **node_table(list_trees(forest)),
    )
    return (rounded, trees)


def _boost(
    settings: Mapping[str, Any], lesson: Lesson, memo: Memo, budget: Budget
) -> tuple[xgboost.Booster, Watch]:
    train = _matrix(lesson.train, memo)
    check = _matrix(lesson.check, memo, reference=train) if lesson.check is not None else None
    # With the rows held back in its cache, it adds the new trees to what it knows of them.
    booster = xgboost.Booster(dict(settings), [train] if check is None else [train, check])
    # The watch measures rounds; binning, which is done by now, takes as long as many of them.
    watch = lesson.watch(budget, rate=settings["eta"])
    while watch.rounds < lesson.rounds:
        booster.update(train, watch.rounds)
        looks = check is not None and (watch.rounds + 1) % lesson.rounds_per_look == 0
        if watch.stops(missed(booster, check) if looks else None):
            break
    return booster, watch


def missed(booster: xgboost.Booster, check: xgboost.QuantileDMatrix) -> float:
    """Return the loss on the rows held back, which XGBoost writes after the name of the metric."""
    return float(booster.eval_set([(check, "check")]).rpartition(":")[2])


def _matrix(
    examples: Examples, memo: Memo, reference: xgboost.QuantileDMatrix | None = None
) -> xgboost.QuantileDMatrix:
    """Return examples in bins; learners of the same rows share them."""

    def make() -> xgboost.QuantileDMatrix:
        with large_for_a_moment():
            return xgboost.QuantileDMatrix(
                in_float32(examples.matrix),
                examples.target,
                weight=examples.weight,
                ref=reference,
                nthread=THREADS,
            )

    return memo.of(("xgboost", examples.key), make)
