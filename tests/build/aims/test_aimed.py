"""A learner with an aim keeps the contract of a learner."""

from dataclasses import dataclass, replace

import numpy as np
import pytest

from modelwright.build.aims.aim import Aim
from modelwright.build.aims.aimed import Aimed
from modelwright.compute.budget import Budget
from modelwright.learners.base import Fitted
from modelwright.learners.baseline import Constant, Rule
from modelwright.learners.loss import Loss
from modelwright.learners.recipe import Recipe
from modelwright.tasks.task import Task
from modelwright.testing import check_learner, example_rows


@dataclass(frozen=True)
class Recorder:
    """Learns nothing and keeps what it was given."""

    seen: list

    name: str = "recorder"
    title: str = "A recorder"

    def suits(self, task):
        return task.kind == "regression"

    def fit(self, rows, *, check_rows=None, rounds=None, budget, seed):
        self.seen.append((rows, check_rows, rounds, seed))
        program = Constant().fit(rows, budget=budget, seed=seed).program
        recipe = Recipe("lightgbm", "train", {}, 7, "matrix")
        return Fitted(program, rounds=7, cut_short=True, recipe=recipe)


@pytest.mark.parametrize(
    "aim", [Aim(), Aim(Loss("absolute")), Aim(scale="log1p"), Aim(Loss("poisson"))]
)
def test_the_contract(aim):
    check_learner(Aimed(_NumbersOnly(Rule()), aim))


@dataclass(frozen=True)
class _NumbersOnly:
    learner: Rule

    @property
    def name(self):
        return self.learner.name

    def suits(self, task):
        return task.kind == "regression"

    def fit(self, rows, **how):
        return self.learner.fit(rows, **how)


def test_rows_to_check_are_transformed_and_all_else_passes():
    seen = []
    learner = Aimed(Recorder(seen), Aim(Loss("absolute"), scale="log1p", unit=0.1))
    rows = example_rows("regression", count=40, seed=0)
    check = example_rows("regression", count=20, seed=1)
    fitted = learner.fit(rows, check_rows=check, rounds=7, budget=Budget.start(9), seed=3)
    given, held, rounds, seed = seen[0]
    np.testing.assert_array_equal(given.target, np.log1p(rows.target / 0.1))
    np.testing.assert_array_equal(held.target, np.log1p(check.target / 0.1))
    assert (rounds, seed, given.loss.kind, held.loss.kind) == (7, 3, "absolute", "absolute")
    assert (fitted.rounds, fitted.cut_short) == (7, True)
    assert (fitted.recipe.transform, fitted.recipe.unit) == ("log1p", 0.1)
    learner.fit(rows, budget=Budget.start(9), seed=3)
    assert seen[1][1] is None


def test_the_recipe_of_a_plain_aim_is_plain():
    rows = example_rows("regression", count=40, seed=0)
    plain, small = (
        Aimed(Recorder([]), aim).fit(rows, budget=Budget.start(9), seed=0).recipe
        for aim in (Aim(), Aim(favours_small=True))
    )
    assert (plain.transform, plain.favours_small) == ("", False)
    assert small == replace(plain, favours_small=True)
    without = Aimed(Constant(), Aim()).fit(rows, budget=Budget.start(9), seed=0)
    assert without.recipe is None


def test_names_and_titles():
    learner = Recorder([])
    told = {
        Aim(): ("recorder", "A recorder"),
        Aim(Loss("poisson")): ("recorder-poisson", "A recorder with Poisson loss"),
        Aim(scale="log1p"): ("recorder-log", "A recorder on log scale"),
        Aim(Loss("quantile", 0.9), scale="log1p"): (
            "recorder-quantile0.9-log",
            "A recorder with 0.9 quantile, log scale",
        ),
    }
    for aim, words in told.items():
        assert (Aimed(learner, aim).name, Aimed(learner, aim).title) == words
    assert not Aimed(learner, Aim()).suits(Task(kind="binary", classes=("no", "yes")))
