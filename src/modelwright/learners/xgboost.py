"""Gradient boosting by XGBoost."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import msgspec
import numpy as np
import xgboost
from xgboost.core import XGBoostError

from modelwright.compute.budget import Budget
from modelwright.errors import InputError
from modelwright.learners.base import THREADS, Fitted, Rows
from modelwright.learners.boosting import Examples, Lesson, Watch, hasten, prepare
from modelwright.learners.tree_tables import Tree, in_float32, node_table
from modelwright.predictor.operations.base import Floats
from modelwright.predictor.operations.numbers import RoundToFloat32
from modelwright.predictor.operations.trees import Trees
from modelwright.predictor.program import Step
from modelwright.tasks.task import Task

_OBJECTIVES = {
    "binary": ("binary:logistic", "logloss"),
    "multiclass": ("multi:softprob", "mlogloss"),
    "regression": ("reg:squarederror", "rmse"),
}


@dataclass(frozen=True)
class XGBoost:
    """Trees grown by the best leaf on histograms; Chen and Guestrin, "XGBoost" (2016).

    Parameters
    ----------
    name, title
        Identifier, and what people read.
    rate
        What each tree counts for; more with many classes.
    feature_fraction, row_fraction
        Shares of columns at each depth, and of rows that each tree sees.
    most_leaves
        Leaves of a tree on many rows.
    """

    name: str = "xgboost"
    title: str = "XGBoost"
    rate: float = 0.06
    feature_fraction: float = 0.8
    row_fraction: float = 0.7
    most_leaves: int = 63

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
            When XGBoost refuses the rows.
        """
        lesson = prepare(
            rows, check_rows, rounds, most_leaves=self.most_leaves, budget=budget, seed=seed
        )
        try:
            booster, watch = _boost(self._settings(lesson, seed), lesson, budget)
        except XGBoostError as error:
            raise InputError(f"XGBoost could not learn from these rows: {error}.") from error
        model = bytes(booster[: watch.best].save_raw("json"))
        return Fitted(lesson.program(read_steps(model, lesson)), watch.best, watch.cut_short)

    def _settings(self, lesson: Lesson, seed: int) -> dict[str, Any]:
        objective, metric = _OBJECTIVES[lesson.task.kind]
        classes = {"num_class": lesson.task.n_outputs} if lesson.task.kind == "multiclass" else {}
        return {
            **classes,
            "objective": objective,
            "eval_metric": metric,
            "eta": hasten(self.rate, lesson.task),
            "tree_method": "hist",
            "grow_policy": "lossguide",
            "max_leaves": lesson.size.leaves,
            "max_depth": 10,
            "min_child_weight": 2.0 if lesson.task.kind == "regression" else 0.1,
            "colsample_bylevel": self.feature_fraction,
            "subsample": self.row_fraction,
            "lambda": 1.0,
            "seed": seed,
            "nthread": THREADS,
            "verbosity": 0,
        }


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
    learner = msgspec.json.decode(model)["learner"]
    forest = learner["gradient_booster"]["model"]
    rounded = RoundToFloat32(inputs=(lesson.encoding.output,), output="rounded")
    start = _base_score(learner, lesson.trees_per_round)
    trees = Trees(
        inputs=(rounded.output,),
        output="raw",
        comparison="<",
        outputs=np.array(forest["tree_info"], dtype=np.int32),
        base=lesson.base + lesson.unit.scale * start,
        scale=lesson.unit.scale,
        **node_table([_tree(tree) for tree in forest["trees"]]),
    )
    return (rounded, trees)


class _Clock(xgboost.callback.TrainingCallback):  # type: ignore[misc, unused-ignore]
    """Asks the watch after each round."""

    def __init__(self, watch: Watch) -> None:
        self._watch = watch

    def after_iteration(self, model: Any, epoch: int, evals_log: Mapping[str, Any]) -> bool:
        """Say whether to stop."""
        losses = [loss for metric in evals_log.get("check", {}).values() for loss in metric]
        return self._watch.stops(losses[-1] if losses else None)


def _boost(
    settings: Mapping[str, Any], lesson: Lesson, budget: Budget
) -> tuple[xgboost.Booster, Watch]:
    train = _matrix(lesson.train)
    checks = [(_matrix(lesson.check, reference=train), "check")] if lesson.check else []
    # The watch measures rounds; binning, which is done by now, takes as long as many of them.
    watch = lesson.watch(budget)
    booster = xgboost.train(
        dict(settings),
        train,
        num_boost_round=lesson.rounds,
        evals=checks,
        callbacks=[_Clock(watch)],
        verbose_eval=False,
    )
    return booster, watch


def _matrix(
    examples: Examples, reference: xgboost.QuantileDMatrix | None = None
) -> xgboost.QuantileDMatrix:
    return xgboost.QuantileDMatrix(
        in_float32(examples.matrix),
        examples.target,
        weight=examples.weight,
        ref=reference,
        nthread=THREADS,
    )


def _base_score(learner: Mapping[str, Any], columns: int) -> Floats:
    """Return the raw score before the first tree: one number, or since 3.1 one per class."""
    written = learner["learner_model_param"]["base_score"].strip("[]").split(",")
    start = np.array(written, dtype=np.float32).astype(np.float64)
    if learner["objective"]["name"] == "binary:logistic":
        start = np.log(start / (1.0 - start))
    return np.resize(start, columns)


def _tree(fields: Mapping[str, Any]) -> Tree:
    left = np.array(fields["left_children"], dtype=np.int64)
    if any(fields["split_type"]) or fields["tree_param"]["size_leaf_vector"] not in ("0", "1"):
        raise ValueError("A tree with categorical splits or vectors as leaves has no place here.")
    # At a leaf, XGBoost keeps what it adds where inner nodes keep their threshold.
    numbers = np.array(fields["split_conditions"], dtype=np.float32).astype(np.float64)
    return Tree(
        feature=np.where(left < 0, -1, np.array(fields["split_indices"], dtype=np.int64)),
        threshold=numbers,
        left=left,
        right=np.array(fields["right_children"], dtype=np.int64),
        missing_left=np.array(fields["default_left"], dtype=np.bool_),
        values=numbers[:, None],
    )
