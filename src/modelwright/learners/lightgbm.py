"""Gradient boosting by LightGBM."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import lightgbm
import numpy as np
from lightgbm.basic import LightGBMError

from modelwright.compute.budget import Budget
from modelwright.errors import InputError
from modelwright.learners.base import THREADS, Fitted, Rows
from modelwright.learners.boosting import Examples, Lesson, Watch, hasten, prepare
from modelwright.learners.tree_tables import Tree, node_table
from modelwright.predictor.operations.trees import Trees
from modelwright.tasks.task import Task

_LEFT_BIT = 2
_NO_MISSING, _NAN_MISSING = 0, 2


@dataclass(frozen=True)
class LightGBM:
    """Trees grown leaf by leaf; Ke et al., "LightGBM" (2017).

    Parameters
    ----------
    name, title
        Identifier, and what people read.
    rate
        What each tree counts for; more with many classes.
    feature_fraction, row_fraction
        Shares of columns and rows that each tree sees.
    most_leaves
        Leaves of a tree on many rows.
    """

    name: str = "lightgbm"
    title: str = "LightGBM"
    rate: float = 0.05
    feature_fraction: float = 0.6
    row_fraction: float = 0.8
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
            When LightGBM refuses the rows.
        """
        lesson = prepare(
            rows, check_rows, rounds, most_leaves=self.most_leaves, budget=budget, seed=seed
        )
        try:
            booster, watch = _boost(self._settings(lesson, seed), lesson, budget)
        except LightGBMError as error:
            raise InputError(f"LightGBM could not learn from these rows: {error}.") from error
        trees = read_trees(booster.model_to_string(num_iteration=watch.best), lesson)
        return Fitted(lesson.program((trees,)), watch.best, watch.cut_short)

    def _settings(self, lesson: Lesson, seed: int) -> dict[str, Any]:
        classes = lesson.task.n_outputs if lesson.task.kind == "multiclass" else 1
        return {
            "objective": lesson.task.kind,
            "num_class": classes,
            "learning_rate": hasten(self.rate, lesson.task),
            "num_leaves": lesson.size.leaves,
            "min_data_in_leaf": int(np.clip(len(lesson.train.matrix) // 200, 3, 20)),
            "feature_fraction": self.feature_fraction,
            "bagging_fraction": self.row_fraction,
            "bagging_freq": 1,
            "lambda_l2": 1.0,
            "seed": seed,
            "num_threads": THREADS,
            "deterministic": True,
            "force_row_wise": True,
            "verbosity": -1,
        }


def read_trees(model: str, lesson: Lesson) -> Trees:
    """Return the trees of a model in LightGBM's text format.

    Parameters
    ----------
    model
        What `Booster.model_to_string` returns.
    lesson
        What it learned from.

    Raises
    ------
    ValueError
        When a tree cannot be expressed: categorical splits, linear leaves, zero as missing.
    """
    trees = [_tree(fields) for fields in _sections(model)]
    per_round = lesson.trees_per_round
    return Trees(
        inputs=(lesson.encoding.output,),
        output="raw",
        comparison="<=",
        outputs=np.resize(np.arange(per_round, dtype=np.int32), len(trees)),
        base=lesson.base,
        scale=lesson.unit.scale,
        **node_table(trees),
    )


def _boost(
    settings: dict[str, Any], lesson: Lesson, budget: Budget
) -> tuple[lightgbm.Booster, Watch]:
    train = _dataset(lesson.train, settings)
    checks = [_dataset(lesson.check, settings, reference=train)] if lesson.check else []
    # The watch measures rounds; binning, which is done by now, takes as long as many of them.
    watch = lesson.watch(budget)

    def after_round(env: Any) -> None:
        results = env.evaluation_result_list
        if watch.stops(results[0][2] if results else None):
            raise lightgbm.EarlyStopException(watch.best - 1, results)

    booster = lightgbm.train(
        settings,
        train,
        num_boost_round=lesson.rounds,
        valid_sets=checks,
        callbacks=[after_round],
    )
    return booster, watch


def _dataset(
    examples: Examples, settings: dict[str, Any], reference: lightgbm.Dataset | None = None
) -> lightgbm.Dataset:
    return lightgbm.Dataset(
        examples.matrix,
        examples.target,
        weight=examples.weight,
        reference=reference,
        params=settings,
    ).construct()


def _sections(model: str) -> Iterator[dict[str, str]]:
    """Yield the fields of each tree."""
    body = model.split("\nend of trees", 1)[0]
    for section in body.split("\nTree=")[1:]:
        yield dict(line.split("=", 1) for line in section.splitlines() if "=" in line)


def _tree(fields: Mapping[str, str]) -> Tree:
    """Return a tree: LightGBM numbers inner nodes and leaves apart; here leaves come after."""
    if fields["num_cat"] != "0" or fields.get("is_linear", "0") != "0":
        raise ValueError("A tree with categorical splits or linear leaves has no place here.")
    decisions = _numbers(fields, "decision_type", np.int64)
    # A split into known and missing is written with an infinite threshold.
    largest = np.finfo(np.float64).max
    thresholds = np.clip(_numbers(fields, "threshold", np.float64), -largest, largest)
    leaves = _numbers(fields, "leaf_value", np.float64)
    inner, none = len(thresholds), np.zeros(len(leaves))
    left, right = (
        np.where(child < 0, inner + ~child, child)
        for child in (_numbers(fields, side, np.int64) for side in ("left_child", "right_child"))
    )
    return Tree(
        feature=np.concatenate([_numbers(fields, "split_feature", np.int64), none - 1]).astype(int),
        threshold=np.concatenate([thresholds, none]),
        left=np.concatenate([left, none]).astype(np.int64),
        right=np.concatenate([right, none]).astype(np.int64),
        missing_left=np.concatenate([_missing_left(decisions, thresholds), none > 0]),
        values=np.concatenate([np.zeros(inner), leaves])[:, None],
    )


def _missing_left(decisions: Any, thresholds: Any) -> Any:
    """Say where a missing number goes: by the bits of the decision, or where zero would go."""
    kinds = decisions >> 2
    if not np.isin(kinds, (_NO_MISSING, _NAN_MISSING)).all():
        raise ValueError("A tree that takes zero for missing has no place here.")
    return np.where(kinds == _NAN_MISSING, decisions & _LEFT_BIT > 0, thresholds >= 0)


def _numbers(fields: Mapping[str, str], name: str, dtype: Any) -> Any:
    return np.array(fields.get(name, "").split(), dtype=dtype)
