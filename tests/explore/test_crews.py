"""Whoever learns what explore measures, the findings are the same."""

from dataclasses import replace

import numpy as np
import polars as pl
import pytest

from modelwright.compute.budget import Budget
from modelwright.compute.crews.here import Here
from modelwright.compute.crews.processes import Processes
from modelwright.explore.outlook import outlook_of
from modelwright.explore.related.gains import Ground, without
from modelwright.tasks.metrics import METRICS

N = 400


@pytest.fixture(scope="module")
def crew():
    crew = Processes(workers=2)
    yield crew
    crew.close()


@pytest.fixture
def table(rng):
    x, y = rng.normal(size=(2, N))
    city = rng.choice(["Aa", "Bb", "Cc"], size=N)
    noise = rng.normal(size=N)
    return pl.DataFrame({"x": x, "y": y, "city": city, "late": np.where(x + noise > 0, "y", "n")})


def test_processes_foresee_what_threads_do(subject_for, table, crew):
    subject = subject_for(table, "late")
    here, there = (outlook_of(replace(subject, crew=each)) for each in (Here(1), crew))
    assert here.measured
    assert here == there


def test_the_findings_are_learned_by_the_crew_that_is_given(explore, table):
    class Counting(Here):
        asked = 0

        def ask(self, *work, **how):
            Counting.asked += 1
            return super().ask(*work, **how)

    assert explore(table, "late", crew=Counting(1)).outlook is not None
    assert Counting.asked > 10


@pytest.mark.parametrize("metric", ["roc_auc", "accuracy"])
def test_gains_are_the_same_and_learned_once(subject_for, table, crew, metric):
    subject = subject_for(table, "late")
    ground = Ground(subject.rows, subject.plan, METRICS[metric], 2, Budget.start(300), Here(1))
    other = replace(ground, crew=crew, _known={})
    less = [without(subject.schema, [name]) for name in ("x", "y")]
    other.learn([subject.schema, *less])
    known = dict(other._known)
    gains = [[each.gain(subject.schema, one) for one in less] for each in (ground, other)]
    assert gains[0] == gains[1]
    assert gains[0][0].low > 0
    assert other._known == known


def test_nothing_is_measured_when_the_time_is_over(subject_for, table):
    subject = subject_for(table, "late")
    over = Budget(1.0, 0.0, lambda: 2.0)
    ground = Ground(subject.rows, subject.plan, METRICS["roc_auc"], 1, over)
    assert ground.gain(subject.schema, without(subject.schema, ["x"])) is None
