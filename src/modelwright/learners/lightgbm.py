"""Gradient boosting by LightGBM."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import lightgbm
import numpy as np
from lightgbm.basic import LightGBMError

from modelwright.compute.budget import Budget
from modelwright.compute.memory import large_for_a_moment
from modelwright.errors import InputError
from modelwright.learners.base import THREADS, Fitted, Rows
from modelwright.learners.memo import Memo
from modelwright.learners.trees.boosting import POISSON_STEP, Examples, Lesson, hasten, prepare
from modelwright.learners.trees.lightgbm import read_trees
from modelwright.learners.watch import Watch
from modelwright.tasks.task import Task

_OBJECTIVES = {
    "squared": ("regression", "l2"),
    "absolute": ("regression_l1", "l1"),
    "quantile": ("quantile", "quantile"),
    "poisson": ("poisson", "poisson"),
}
"""Of numbers: the objective and what is asked of the rows held back."""
_BARREN_ROUNDS = 20
"""Rounds in a row that grow nothing, after which no other will: with few columns or rows drawn
for a tree, one alone says little."""
_FEW_COLUMNS = 5
"""A tree sees at least so many: fewer say too little."""


@dataclass(frozen=True)
class LightGBM:
    """Trees grown leaf by leaf; Ke et al., "LightGBM" (2017).

    Parameters
    ----------
    name, title
        Identifier, and what people read.
    rate
        What each tree counts for; more with many classes.
    leaves
        Of a tree on many rows; fewer on few rows and with many classes.
    feature_fraction, row_fraction
        Shares of columns and rows that each tree sees.
    extra_trees
        Whether a node tries one random threshold per column; Geurts et al. (2006).
    rows_per_leaf
        At least; None for 3 to 20 by the rows that there are.
    lambda_l1, lambda_l2
        Penalties on the leaves.
    path_smooth
        How much a leaf of few rows is drawn to its parent.
    bins
        Into which a column is cut.
    crosses
        Whether pairs of categories are columns too; it refuses rows that have none worth it.
    """

    name: str = "lightgbm"
    title: str = "LightGBM"
    rate: float = 0.05
    leaves: int = 63
    feature_fraction: float = 0.6
    row_fraction: float = 0.8
    extra_trees: bool = False
    rows_per_leaf: int | None = 5
    lambda_l1: float = 0.0
    lambda_l2: float = 1.0
    path_smooth: float = 0.0
    bins: int = 255
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
            When LightGBM refuses the rows, or no two categories are worth crossing.
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
        except LightGBMError as error:
            raise InputError(f"LightGBM could not learn from these rows: {error}.") from error
        trees = read_trees(booster.model_to_string(num_iteration=watch.best), lesson)
        return lesson.fitted(
            (trees,),
            watch,
            library="lightgbm",
            settings=settings,
            reads=lesson.encoding.output,
        )

    def settings_for(self, lesson: Lesson, seed: int) -> dict[str, Any]:
        """Return LightGBM's own parameters for a lesson."""
        usual = int(np.clip(len(lesson.train) // 200, 3, 20))
        few = min(1.0, _FEW_COLUMNS / lesson.encoding.width)
        return {
            **_objective(lesson),
            "learning_rate": hasten(self.rate, lesson.task),
            "num_leaves": lesson.size.leaves,
            "min_data_in_leaf": self.rows_per_leaf or usual,
            "feature_fraction": max(self.feature_fraction, few),
            "bagging_fraction": self.row_fraction,
            "bagging_freq": 1,
            "extra_trees": self.extra_trees,
            "lambda_l1": self.lambda_l1,
            "lambda_l2": self.lambda_l2,
            "path_smooth": self.path_smooth,
            "seed": seed,
            "deterministic": True,
            "force_col_wise": True,
            **binning_of(self.bins, seed),
        }


def _objective(lesson: Lesson) -> dict[str, Any]:
    if lesson.task.kind == "binary":
        return {"objective": "binary", "metric": "binary_logloss"}
    if lesson.task.kind == "multiclass":
        classes = lesson.task.n_outputs
        return {"objective": "multiclass", "metric": "multi_logloss", "num_class": classes}
    objective, metric = _OBJECTIVES[lesson.loss.kind]
    more: dict[str, dict[str, Any]] = {
        "quantile": {"alpha": lesson.loss.level},
        "poisson": {"poisson_max_delta_step": POISSON_STEP},
    }
    return {"objective": objective, "metric": metric, **more.get(lesson.loss.kind, {})}


def binning_of(bins: int, seed: int) -> dict[str, Any]:
    """Return the settings of a data set: every learner with the same ones shares it."""
    return {
        "max_bin": bins,
        "feature_pre_filter": False,  # what it drops would depend on the rows per leaf
        "data_random_seed": seed,
        "num_threads": THREADS,
        "verbosity": -1,
    }


def _boost(
    settings: Mapping[str, Any], lesson: Lesson, memo: Memo, budget: Budget
) -> tuple[lightgbm.Booster, Watch]:
    binning = binning_of(settings["max_bin"], settings["data_random_seed"])
    train = _dataset(lesson.train, binning, memo)
    booster = lightgbm.Booster(dict(settings), train)
    if lesson.check is not None:
        booster.add_valid(_dataset(lesson.check, binning, memo, reference=train), "check")
    # The watch measures rounds; binning, which is done by now, takes as long as many of them.
    watch = lesson.watch(budget, rate=settings["learning_rate"])
    barren = 0
    while watch.rounds < lesson.rounds and barren < _BARREN_ROUNDS:
        before = booster.num_trees()
        booster.update()
        barren = barren + 1 if booster.num_trees() == before else 0
        if not barren and watch.stops(_loss(booster, watch, lesson)):
            break
    return booster, watch


def _loss(booster: lightgbm.Booster, watch: Watch, lesson: Lesson) -> float | None:
    """Return the loss on the rows held back; None when it is not the time to look."""
    if lesson.check is None or (watch.rounds + 1) % lesson.rounds_per_look:
        return None
    return float(booster.eval_valid()[0][2])


def _dataset(
    examples: Examples,
    binning: Mapping[str, Any],
    memo: Memo,
    reference: lightgbm.Dataset | None = None,
) -> lightgbm.Dataset:
    """Return examples in bins; learners of the same rows share them."""

    def make() -> lightgbm.Dataset:
        with large_for_a_moment():
            return lightgbm.Dataset(
                examples.matrix,
                examples.target,
                weight=examples.weight,
                reference=reference,
                params=dict(binning),
            ).construct()

    return memo.of(("lightgbm", examples.key, binning["max_bin"]), make)
