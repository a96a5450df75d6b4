"""Gradient boosting by CatBoost, an optional library.

It reads the same matrix as the other boosters, with categories encoded: what it learned can then
leave its runtime, which it cannot with categories of its own.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory
from types import ModuleType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from modelwright._plugins import require
from modelwright.compute.budget import Budget
from modelwright.errors import InputError
from modelwright.learners.base import THREADS, Fitted, Rows
from modelwright.learners.memo import Memo
from modelwright.learners.trees.boosting import (
    MAX_LEAVES,
    MAX_ROUNDS,
    Examples,
    Lesson,
    Size,
    hasten,
    prepare,
)
from modelwright.learners.trees.catboost import read_steps, written
from modelwright.learners.trees.tables import in_float32
from modelwright.learners.watch import Watch
from modelwright.tasks.task import Task

MAX_CLASSES = 30
"""Rounds of more classes take too long: each leaf's step solves equations in all of them."""
USUAL_ROUNDS = 500
"""When no rows tell where to stop: symmetric trees are weak, so it takes many."""
_FEWEST_ROUNDS = 300
"""Trees are kept small enough for this many rounds."""
_ROWS_PER_LEAF = 8
_NODE_BYTES, _NUMBER_BYTES = 42, 8
"""In a program: a leaf with an inner node, and each number that the leaf holds."""
_ROUNDS_PER_LOOK = 5
"""CatBoost hands over every earlier loss with each new one; all 2,000 took a second in Python."""
_OBJECTIVES = {
    "binary": ("Logloss", "Newton", 3),
    "multiclass": ("MultiClass", "Newton", 1),
    "squared": ("RMSE", "Newton", 1),
    "absolute": ("MAE", "Exact", 1),
    "quantile": ("Quantile:alpha={level}", "Exact", 1),
    "poisson": ("Poisson", "Newton", 3),
}
"""Of classes and of numbers: the loss, and how and in how many steps it sets the leaves. For two
classes one step is as good, but takes three times as many trees."""


@dataclass(frozen=True)
class CatBoost:
    """Symmetric trees; Prokhorenkova et al., "CatBoost" (2018).

    Parameters
    ----------
    name, title
        Identifier, and what people read.
    rate
        What each tree counts for; more with many classes.
    depth
        Questions of a tree; fewer with many classes.
    lambda_l2
        Penalty on the leaves.
    row_fraction
        Share of rows that each tree sees.
    feature_fraction
        Share of columns at each level of a tree.
    noise
        How much the choice of a question is left to chance, above all in the first trees.
    bins
        Into which a column is cut.
    """

    name: str = "catboost"
    title: str = "CatBoost"
    rate: float = 0.1
    depth: int = 6
    lambda_l2: float = 3.0
    row_fraction: float = 0.8
    feature_fraction: float = 1.0
    noise: float = 1.0
    bins: int = 128

    def suits(self, task: Task) -> bool:
        """Say yes to all but many classes; whether it is installed is asked by `fit`."""
        return task.kind != "multiclass" or task.n_outputs <= MAX_CLASSES

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
            When CatBoost refuses the rows, such as a target that is the same everywhere.
        MissingDependencyError
            When CatBoost is not installed.
        """
        library = require("catboost", extra="catboost")
        lesson = _prepare(rows, check_rows, rounds, depth=self.depth, budget=budget, seed=seed)
        settings = self._settings(lesson, seed)
        try:
            booster, watch = _Booster(library, settings, rows.memo).boost(lesson, budget)
            model = written(booster)
        except library.CatBoostError as error:
            raise InputError(f"CatBoost could not learn from these rows: {error}.") from error
        steps = read_steps(model, lesson)
        return lesson.fitted(
            steps,
            watch,
            library="catboost",
            estimator="CatBoost",
            settings=settings,
            reads=steps[0].output,
        )

    def _settings(self, lesson: Lesson, seed: int) -> dict[str, Any]:
        """Return every setting that CatBoost would else choose by the number of rounds."""
        return {
            **_objective(lesson),
            **_binning(self.bins),
            "learning_rate": hasten(self.rate, lesson.task),
            "depth": lesson.size.leaves.bit_length() - 1,
            "l2_leaf_reg": self.lambda_l2,
            "bootstrap_type": "Bernoulli",
            "subsample": self.row_fraction,
            "sampling_frequency": "PerTree",
            "rsm": self.feature_fraction,
            "random_strength": self.noise,
            "grow_policy": "SymmetricTree",
            "boosting_type": "Plain",
            "score_function": "Cosine",
            "model_shrink_rate": 0.0,
            "random_seed": seed,
            "thread_count": THREADS,
            "use_best_model": False,
            "allow_writing_files": False,
            "logging_level": "Silent",
        }


def installed() -> bool:
    """Say whether CatBoost is there, without importing it."""
    return find_spec("catboost") is not None


def read_cbm(path: Path) -> bytes:
    """Return a model of CatBoost's own format, `.cbm`, in its JSON format.

    Raises
    ------
    MissingDependencyError
        When CatBoost is not installed, which alone can read it.
    InputError
        When it is no such file.
    """
    catboost = require("catboost", extra="catboost")
    model = catboost.CatBoost()
    try:
        model.load_model(str(path))
    except catboost.CatBoostError as error:
        reason = str(error).strip().splitlines()[-1]
        raise InputError(f"CatBoost cannot read {path.name}: {reason}", "Save it again.") from error
    return written(model)


def _objective(lesson: Lesson) -> dict[str, Any]:
    regression = lesson.task.kind == "regression"
    wanted = lesson.loss.kind if regression else lesson.task.kind
    named, method, steps = _OBJECTIVES[wanted]
    loss = named.format(level=lesson.loss.level)
    return {
        "loss_function": loss,
        "eval_metric": f"{loss}{';' if ':' in loss else ':'}hints=skip_train~true",
        "boost_from_average": wanted not in ("multiclass", "poisson"),
        "leaf_estimation_method": method,
        "leaf_estimation_iterations": steps,
        "leaf_estimation_backtracking": "AnyImprovement",
    }


def _binning(bins: int) -> dict[str, Any]:
    """Return the settings of a pool: every learner with the same ones shares it."""
    return {"border_count": bins, "feature_border_type": "GreedyLogSum", "nan_mode": "Min"}


def _prepare(
    rows: Rows,
    check_rows: Rows | None,
    rounds: int | None,
    *,
    depth: int,
    budget: Budget,
    seed: int,
) -> Lesson:
    """Prepare as other boosters do, for trees of another size."""
    size = _size(rows, depth)
    lesson = prepare(rows, check_rows, rounds, most_leaves=size.leaves, budget=budget, seed=seed)
    wanted = size.rounds if lesson.check is not None else min(size.rounds, USUAL_ROUNDS)
    return replace(lesson, size=size, rounds=rounds or wanted)


def _size(rows: Rows, depth: int) -> Size:
    """Return a size whose program is no larger than those of other boosters.

    Leaves hold a number per class: with many classes there are fewer. A symmetric tree is weak, so
    few rows need no small one, but a leaf for every few rows would only take time.
    """
    columns = rows.task.n_outputs if rows.task.kind == "multiclass" else 1
    one, all_columns = (_NODE_BYTES + _NUMBER_BYTES * numbers for numbers in (1, columns))
    leaves = MAX_LEAVES * one // all_columns
    fitting = min(leaves // _FEWEST_ROUNDS, len(rows) // _ROWS_PER_LEAF)
    of_one = 1 << min(depth, max(1, fitting.bit_length() - 1))
    return Size(of_one, max(1, min(MAX_ROUNDS, leaves // of_one)))


@dataclass(frozen=True)
class _Booster:
    """CatBoost with its settings.

    Parameters
    ----------
    library
        The module.
    settings
        As it takes them.
    memo
        Where pools are kept.
    """

    library: ModuleType
    settings: Mapping[str, Any]
    memo: Memo

    def boost(self, lesson: Lesson, budget: Budget) -> tuple[Any, Watch]:
        """Return a model of the best rounds, and the watch that knows how many these are."""
        train = self._pool(lesson.train)
        check = None if lesson.check is None else self._pool(lesson.check, learned=train)
        # The watch measures rounds; binning, which is done by now, takes as long as many of them.
        watch = lesson.watch(budget, rate=self.settings["learning_rate"])
        rounds = {"iterations": lesson.rounds, "metric_period": _ROUNDS_PER_LOOK}
        model = self.library.CatBoost({**self.settings, **rounds})
        model.fit(train, eval_set=check, callbacks=[_Clock(watch)])
        watch.best = min(watch.best, model.tree_count_)
        model.shrink(ntree_end=watch.best)
        return model, watch

    def _pool(self, examples: Examples, *, learned: Any = None) -> Any:
        """Return examples in bins, their own or those of a pool to learn from.

        Learners of the same rows share them.
        """
        bins = self.settings["border_count"]

        def make() -> Any:
            matrix = in_float32(examples.matrix)
            if learned is None:
                pool = self._raw_pool(matrix, examples)
                pool.quantize(**_binning(bins), random_seed=self.settings["random_seed"])
                return pool
            # Where no number was missing in training, only the program knows that it goes left.
            pool = self._raw_pool(np.nan_to_num(matrix, nan=-np.inf), examples)
            with TemporaryDirectory() as folder:
                path = str(Path(folder) / "borders.tsv")
                learned.save_quantization_borders(path)
                pool.quantize(input_borders=path)
            return pool

        return self.memo.of(("catboost", examples.key, bins), make)

    def _raw_pool(self, matrix: NDArray[np.float32], examples: Examples) -> Any:
        return self.library.Pool(
            matrix, examples.target, weight=examples.weight, thread_count=THREADS
        )


class _Clock:
    """Asks the watch after each round."""

    def __init__(self, watch: Watch) -> None:
        self._watch = watch
        self._seen = 0

    def after_iteration(self, info: Any) -> bool:
        """Say whether to go on."""
        losses = [loss for metric in info.metrics.get("validation", {}).values() for loss in metric]
        looked = len(losses) > self._seen
        self._seen = len(losses)
        return not self._watch.stops(losses[-1] if looked else None)
