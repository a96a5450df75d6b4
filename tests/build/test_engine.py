import time
from dataclasses import dataclass, replace
from itertools import count

import numpy as np
import pytest

from build_examples import Known, ignore, make_folds, make_rows
from modelwright.build.engine import _shares, build_program
from modelwright.build.question import Question
from modelwright.compute.budget import Budget
from modelwright.compute.limits import Limits
from modelwright.data.schema import Column, Kind, Schema
from modelwright.documents.candidate import BASELINES
from modelwright.errors import BudgetError
from modelwright.learners.registry import LEARNERS
from modelwright.predictor.program import check_program
from modelwright.predictor.storage.storage import write_program
from modelwright.tasks.answers import score_answers
from modelwright.tasks.costs import Costs
from modelwright.tasks.metrics import METRICS
from modelwright.tasks.task import Task

METRIC = {"binary": "roc_auc", "multiclass": "log_loss", "regression": "rmse"}


def build(
    rows,
    learners,
    *,
    seconds=60.0,
    clock=time.monotonic,
    metric=None,
    report=ignore,
    folds=5,
    schedule=None,
    **more,
):
    question = Question(
        metric=METRICS[metric or METRIC[rows.task.kind]], learners=tuple(learners), **more
    )
    return build_program(
        question,
        rows,
        make_folds(rows, folds),
        budget=Budget.start(seconds, clock),
        report=report,
        schedule=schedule,
    )


@dataclass(frozen=True)
class OnlyFolds(Known):
    """Ends on folds, and has no time for all rows."""

    all_rows: int = 400

    def fit(self, rows, **how):
        if len(rows) == self.all_rows:
            raise BudgetError("All rows are too many.")
        return super().fit(rows, **how)


LEFT, RIGHT = Known(name="left", slope=1.0), Known(name="right", column="noise", slope=0.4)


@pytest.mark.parametrize("kind", METRIC)
def test_the_program_answers_as_the_blend_of_its_members(kind):
    rows = make_rows(kind)
    # The answer follows both columns, so that both members are needed.
    rows = replace(rows, target=_of_both(rows))
    built = build(rows, [LEFT, RIGHT])
    shares = built.weights[len(BASELINES) :]
    assert min(shares) > 0
    assert sum(built.weights) == pytest.approx(1.0)
    parts = [each.program(rows.task).run(rows.columns) for each in (LEFT, RIGHT)]
    blended = built.calibration.apply(parts[0] * shares[0] + parts[1] * shares[1])
    assert built.program.run(rows.columns) == pytest.approx(blended, abs=1e-12)
    assert built.answers == pytest.approx(blended, abs=1e-12)
    check_program(built.program)


def _of_both(rows):
    answer = rows.columns["signal"] + rows.columns["noise"]
    if rows.task.kind == "regression":
        return answer
    classes = rows.task.n_outputs
    return np.searchsorted(np.quantile(answer, np.arange(1, classes) / classes), answer)


@pytest.mark.parametrize("kind", METRIC)
def test_a_learner_beats_the_baseline_on_rows_with_a_signal(kind):
    rows, new = make_rows(kind), make_rows(kind, seed=1)
    built = build(rows, [LEARNERS["linear"]])
    metric = METRICS[METRIC[kind]]
    learned, simple = (
        score_answers(metric, new.target, program.run(new.columns))
        for program in (built.program, built.baseline)
    )
    assert metric.better(learned, simple)
    assert built.baseline_title == f"Rule on one column, {built.baseline.inputs[0].name!r}"
    assert built.scored.tolist() == list(range(400))


@pytest.mark.parametrize("kind", METRIC)
def test_when_no_learner_ends_the_baseline_is_built(kind):
    rows = make_rows(kind)
    built = build(rows, [Known(least_s=1e9)])
    assert sum(built.weights[: len(BASELINES)]) == pytest.approx(1.0)
    assert built.outcomes[-1].answers is None
    new = make_rows(kind, seed=1)
    assert np.isfinite(built.program.run(new.columns)).all()


def test_without_any_learner_the_baseline_is_built():
    assert build(make_rows(), []).weights[: len(BASELINES)] != (0.0, 0.0)


def test_a_member_without_time_for_all_rows_ships_what_it_learned_on_a_fold():
    rows = replace(make_rows("regression"), target=_of_both(make_rows("regression")))
    told = []
    tired = OnlyFolds(name="left", title="Tired", slope=1.0)
    built = build(rows, [tired, RIGHT], report=told.append)
    assert min(built.weights[2:]) > 0
    assert built.refits[2][0].rounds is None
    assert built.refits[3][0].rounds is not None
    assert any(
        "Tired: what it learned on a fold is used. The time was too short for all" in each
        for each in told
    )


@pytest.mark.parametrize("kind", METRIC)
def test_the_same_seed_and_the_schedule_give_the_same_program(kind):
    rows = make_rows(kind)
    learners = [LEARNERS[name] for name in ("lightgbm", "linear", "extra_trees")]
    first, second = (build(rows, learners, seed=5, folds=3) for _ in range(2))
    again = build(rows, [], seed=5, folds=3, schedule=first.schedule)
    for other in (second, again):
        assert write_program(other.program) == write_program(first.program)
        assert other.weights == first.weights
        assert np.array_equal(other.answers, first.answers)


def test_a_schedule_gives_the_program_of_the_same_fold_again(monkeypatch):
    rows = make_rows()
    lightgbm = LEARNERS["lightgbm"]
    learn = type(lightgbm).fit

    def only_folds(learner, given, **how):
        if len(given) == len(rows):
            raise BudgetError("All rows are too many.")
        return learn(learner, given, **how)

    monkeypatch.setattr(type(lightgbm), "fit", only_folds)
    first = build(rows, [lightgbm], folds=3)
    assert {refit.fold for made in first.refits.values() for refit in made} == {2}
    again = build(rows, [], folds=3, schedule=first.schedule)
    assert write_program(again.program) == write_program(first.program)


@pytest.mark.parametrize("step_s", [0.0, 1e3], ids=["in time", "cut short"])
def test_a_schedule_of_the_baseline_alone_gives_it_again(step_s):
    rows = make_rows()
    # A rule that is cut short does not get as far as to the column that knows.
    rows = replace(rows, schema=Schema(columns=rows.schema.columns[::-1]))
    ticks = count(step=step_s)
    first = build(rows, [Known(least_s=1e9)], clock=lambda: float(next(ticks)))
    rule = [fit for fit in first.schedule.baselines if fit.name == "rule" and fit.fold is not None]
    assert [fit.rounds for fit in rule] == [1 if step_s else 3] * 5
    again = build(rows, [], schedule=first.schedule)
    assert write_program(again.program) == write_program(first.program)
    assert write_program(again.baseline) == write_program(first.baseline)


def test_recorded_weights_stay_as_they_are():
    sixths = (0.0, 0.0, 1 / 6, 4 / 6, 1 / 6)  # they do not add up to 1 in floats
    assert _shares(sixths, {2, 3, 4}, 5) == sixths
    assert _shares(sixths, {2, 3}, 5) == pytest.approx((0.0, 0.0, 0.2, 0.8, 0.0))


def test_the_frontier_has_the_blend_that_is_built():
    built = build(make_rows(), [LEFT, RIGHT])
    (chosen,) = (point for point in built.frontier if point.chosen)
    assert chosen.weights == built.weights[len(BASELINES) :]


def test_a_limit_that_only_one_member_keeps_leaves_it_alone():
    rows = replace(make_rows("regression"), target=_of_both(make_rows("regression")))
    both = build(rows, [LEFT, RIGHT])
    least = min(point.cost.size_bytes for point in both.frontier)
    small = build(rows, [LEFT, RIGHT], limits=Limits(size_bytes=least))
    assert sum(weight > 0 for weight in small.weights) == 1


def test_a_learner_that_suits_other_tasks_is_not_tried():
    @dataclass(frozen=True)
    class OnlyNumbers(Known):
        def suits(self, task: Task):
            return not task.is_classification

    assert len(build(make_rows(), [OnlyNumbers()]).outcomes) == len(BASELINES)
    assert len(build(make_rows("regression"), [OnlyNumbers()]).outcomes) == len(BASELINES) + 1


def test_costs_set_the_threshold_of_the_program():
    dear = build(make_rows(), [Known()], costs=Costs(false_negative=20.0))
    cheap = build(make_rows(), [Known()], costs=Costs(false_positive=20.0))
    assert dear.program.threshold < 0.3 < 0.7 < cheap.program.threshold
    assert dear.program.threshold == dear.decision.threshold


def test_a_metric_of_classes_is_blended_by_probabilities():
    built = build(make_rows(), [Known(), RIGHT], metric="f1")
    assert built.weights[2] > 0.5
    assert "F1" in built.decision.reason


def test_a_hopeless_budget_still_has_the_baseline():
    built = build(make_rows(), [LEARNERS["lightgbm"], LEARNERS["linear"]], seconds=1e-3)
    assert built.is_baseline
    assert np.isfinite(built.program.run(make_rows(seed=1).columns)).all()


def test_weights_of_rows_are_learned_with():
    heavy = make_rows("regression", weight=np.where(np.arange(400) < 10, 1e6, 1e-6))
    built = build(heavy, [LEARNERS["linear"]])
    plain = build(make_rows("regression"), [LEARNERS["linear"]])
    columns = heavy.columns
    assert not np.allclose(built.program.run(columns), plain.program.run(columns))


HARD = {
    "constant columns": lambda draw: np.ones((30, 3)),
    "one column": lambda draw: draw.normal(size=(30, 1)),
    "a column of nothing": lambda draw: np.full((30, 2), [1.0, np.nan]),
    "more columns than rows": lambda draw: draw.normal(size=(30, 100)),
}


@pytest.mark.parametrize("make", HARD.values(), ids=HARD.keys())
@pytest.mark.parametrize("kind", METRIC)
def test_thirty_rows_of_anything_have_a_model(make, kind):
    matrix = make(np.random.default_rng(0))
    names = [f"x{place}" for place in range(matrix.shape[1])]
    given = make_rows(kind, count=30, seed=1, weight=np.linspace(0.0, 2.0, 30))
    rows = replace(
        given,
        schema=Schema(columns=tuple(Column(name=name, kind=Kind.NUMERIC) for name in names)),
        columns=dict(zip(names, matrix.T, strict=True)),
    )
    learners = [LEARNERS[name] for name in ("lightgbm", "linear", "xgboost", "extra_trees")]
    built = build(rows, learners, folds=2, seconds=600.0)
    assert [outcome.failure for outcome in built.outcomes] == [""] * 6
    assert np.isfinite(built.program.run(rows.columns)).all()


def test_many_classes_of_few_rows_have_a_model():
    given = make_rows("binary", count=300)
    task = Task(kind="multiclass", classes=tuple(range(60)))
    rows = replace(given, target=np.arange(300) % 60, task=task)
    built = build(rows, [LEARNERS["linear"], LEARNERS["extra_trees"]], folds=2)
    assert built.program.run(rows.columns).sum(axis=1) == pytest.approx(1.0)
