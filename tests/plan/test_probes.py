"""What probes measure."""

from dataclasses import dataclass, field

import numpy as np
import polars as pl
import pytest

from modelwright.compute.budget import Budget
from modelwright.data.schema import Column, Kind, Role, Schema
from modelwright.data.splitting.splits import Split
from modelwright.errors import BudgetError, InputError
from modelwright.learners.base import Fitted
from modelwright.learners.baseline import Constant
from modelwright.plan.probes import Ground, Measure, Probe, probe_learners
from modelwright.tasks.metrics import METRICS
from modelwright.tasks.task import Task

SCHEMA = Schema(
    columns=(
        Column(name="x", kind=Kind.NUMERIC),
        Column(name="when", kind=Kind.NUMERIC, role=Role.TIME),
        Column(name="target", kind=Kind.CATEGORICAL, role=Role.TARGET),
    )
)
TASK = Task(kind="multiclass", classes=("a", "b", "rare"))


@dataclass
class Spy:
    """A constant that remembers what it was given."""

    name: str = "spy"
    title: str = "Spy"
    fault: Exception | None = None
    seen: list = field(default_factory=list)

    def suits(self, task):
        return True

    def fit(self, rows, *, check_rows=None, rounds=None, budget, seed) -> Fitted:
        self.seen.append((rows, check_rows))
        if self.fault:
            raise self.fault
        return Constant().fit(rows, budget=budget, seed=seed)


def ground(rows=9_000, kind="stratified"):
    rng = np.random.default_rng(0)
    target = [*rng.choice(["a", "b"], rows - 1), "rare"]
    frame = pl.DataFrame(
        {"x": rng.normal(size=rows), "when": np.arange(rows) * 1.0, "target": target}
    )
    split = Split(kind=kind, column="when" if kind == "time" else "")
    return Ground(frame, SCHEMA, split, "target", TASK, METRICS["log_loss"])


def test_two_samples_are_learned_from_and_others_scored():
    spy = Spy()
    (probe,) = probe_learners([spy], ground(), budget=Budget.start(30), seed=0)
    assert [measure.rows for measure in probe.measures] == pytest.approx([750, 3_000], abs=5)
    assert probe.score is not None
    for learn, check in spy.seen:
        assert set(learn.columns) == {"x"}
        assert not set(learn.columns["x"]) & set(check.columns["x"])


def test_every_class_is_learned_from():
    spy = Spy()
    probe_learners([spy], ground(), budget=Budget.start(30), seed=0)
    assert all(set(learn.target) == {0, 1, 2} for learn, _ in spy.seen)


def test_the_time_too_short_leaves_nothing_measured():
    (probe,) = probe_learners(
        [Spy(fault=BudgetError("too late"))], ground(), budget=Budget.start(1), seed=0
    )
    assert (probe.measures, probe.failure) == ((), "")
    assert probe.expected_s(10_000) is None


def test_when_the_time_is_over_nothing_is_drawn():
    spy = Spy()
    over = Budget(1.0, started=0.0, clock=lambda: 2.0)
    assert probe_learners([spy], ground(), budget=over, seed=0) == (Probe(spy),)
    assert not spy.seen


def test_a_fault_is_kept_as_the_reason():
    (probe,) = probe_learners(
        [Spy(fault=InputError("Strange."))], ground(), budget=Budget.start(1), seed=0
    )
    assert probe.failure == "Strange."


@pytest.mark.parametrize("kind", ["time", "random"])
@pytest.mark.parametrize("rows", [3, 40, 700])
def test_small_tables(rows, kind):
    (probe,) = probe_learners([Spy()], ground(rows, kind), budget=Budget.start(5), seed=0)
    assert not probe.failure
    assert bool(probe.measures) == (rows >= 40)


def test_seconds_follow_the_line_through_two_measures():
    probe = Probe(Constant(), (Measure(1_000, 1.0), Measure(4_000, 2.5)))
    assert probe.expected_s(10_000) == pytest.approx(5.5)


def test_seconds_grow_with_rows_even_when_the_larger_sample_was_as_quick():
    probe = Probe(Constant(), (Measure(1_000, 1.0), Measure(4_000, 1.0)))
    assert probe.expected_s(40_000) > 3.0
    assert probe.expected_s(400) > 0
