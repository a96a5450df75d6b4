from dataclasses import replace

import numpy as np

from build_examples import make_rows
from modelwright.build.blending import repeats
from modelwright.build.blending.refits import learn_from_all
from modelwright.build.blending.repeats import REPEATS, repeat_members
from modelwright.build.racing.fits import Ground
from modelwright.build.racing.outcomes import Outcome
from modelwright.build.site import Site
from modelwright.compute.budget import Budget
from modelwright.learners.lightgbm import LightGBM
from modelwright.learners.linear import Linear
from modelwright.learners.network import Network
from modelwright.predictor.storage.storage import write_program

SITE = Site.open(Ground(make_rows(), (), 0))


def learned(learner, rounds, seed=0):
    outcome = Outcome(learner, None, 0.0, rounds=rounds)
    return outcome, learn_from_all(outcome, SITE, budget=Budget.start(60), seed=seed)[0]


def repeat(*members, budget=None):
    outcomes, refits = zip(*members, strict=True)
    return repeat_members(
        outcomes,
        dict(enumerate(refits)),
        SITE,
        weights=np.full(len(members), 1 / len(members)),
        budget=budget or Budget.start(60),
        seed=0,
        report=lambda _: None,
    )


def test_each_repeat_is_what_the_next_seed_gives():
    (found,) = repeat(learned(LightGBM(), 5)).values()
    again = [learned(LightGBM(), 5, seed=seed)[1] for seed in range(1 + REPEATS)]
    assert [write_program(each.program) for each in found] == [
        write_program(each.program) for each in again
    ]


def test_what_owes_nothing_to_chance_is_not_repeated():
    found = repeat(learned(Linear(), 2), learned(LightGBM(), 5))
    assert [len(each) for each in found.values()] == [1, 1 + REPEATS]


def test_what_would_make_the_program_heavy_is_not_repeated(monkeypatch):
    monkeypatch.setattr(repeats, "_MOST_TREES", 9)
    found = repeat(learned(LightGBM(), 5), learned(Network(units=4, layers=1), 1))
    assert [len(each) for each in found.values()] == [1, 1 + REPEATS]


def test_without_time_nothing_is_repeated():
    outcome, refit = learned(LightGBM(), 5)
    slow = replace(refit, seconds=1e9)
    assert [len(each) for each in repeat((outcome, slow)).values()] == [1]
