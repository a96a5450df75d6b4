"""Answers come back to the scale of the target, inside a sane range, as a metric wants them."""

from dataclasses import replace

import numpy as np
import pytest

from modelwright.build.aims.aim import Aim
from modelwright.build.aims.aimed import Aimed
from modelwright.compute.budget import Budget
from modelwright.data.schema import Column, Kind, Schema
from modelwright.learners.base import Rows
from modelwright.learners.baseline import Constant
from modelwright.learners.loss import Loss
from modelwright.predictor.operations.linear import Linear
from modelwright.predictor.program import Input, Program, check_program, column_value
from modelwright.predictor.storage.storage import read_program, write_program
from modelwright.tasks.task import Task

SCHEMA = Schema(columns=(Column(name="x", kind=Kind.NUMERIC),))
NUMBER = Task(kind="regression")
LOG = Aim(scale="log1p", center="median")
EXTREME = np.array([-1e300, -50.0, -1.0, 0.0, 0.3, 2.0, 50.0, 1e300])


def rows_of(target, weight=None):
    target = np.asarray(target, dtype=np.float64)
    return Rows(SCHEMA, {"x": np.arange(len(target)) / 10}, target, NUMBER, weight)


def straight(slope=1.0):
    """Return a program that answers with x, or some multiple of it."""
    step = Linear(
        inputs=(column_value("x"),),
        output="line",
        weights=np.array([[slope]]),
        bias=np.array([0.0]),
    )
    return Program(
        task=NUMBER, inputs=(Input(name="x", type="number"),), steps=(step,), answer="line"
    )


def fit_constant(aim, target, weight=None):
    rows = rows_of(target, weight)
    fitted = Aimed(Constant(), aim).fit(rows, budget=Budget.start(60), seed=0)
    return float(fitted.program.run(rows.columns)[0, 0])


SKEWED = np.exp(np.random.default_rng(0).normal(2.0, 0.8, size=400))


@pytest.mark.parametrize(
    "aim",
    [
        Aim(),
        Aim(Loss("poisson")),
        LOG,
        Aim(scale="log1p", unit=0.001),
        Aim(scale="log1p", center="relative", favours_small=True),
        Aim(scale="log1p", above_zero=True),
    ],
)
def test_answers_to_anything_are_in_range_and_the_same_alone(aim):
    program = aim.restore(straight(), rows_of(SKEWED))
    check_program(program)
    answers = program.run({"x": EXTREME})
    assert np.isfinite(answers).all()
    assert answers.min() >= 0
    if aim != Aim():
        assert answers.max() <= np.e * (SKEWED.max() + 1.0)
    alone = [program.run({"x": EXTREME[row : row + 1]})[0, 0] for row in range(len(EXTREME))]
    assert answers[:, 0].tolist() == alone
    stored = read_program(*write_program(program))
    assert np.array_equal(stored.run({"x": EXTREME}), answers)


@pytest.mark.parametrize("unit", [1.0, 0.01])
def test_the_way_back_undoes_the_logarithm(unit):
    aim = Aim(scale="log1p", unit=unit, center="median")
    target = np.array([0.0, 0.5, 3.0, 20.0])
    seen = aim.apply(rows_of(target))
    back = aim.restore(straight(), rows_of(target))
    np.testing.assert_allclose(back.run({"x": seen.target})[:, 0], target, atol=1e-14)
    assert back.run({"x": np.array([-3.0])})[0, 0] == 0.0


def test_negative_targets_keep_negative_answers():
    target = np.array([-0.5, 1.0, 2.0])
    assert Aim().restore(straight(), rows_of(target)).run({"x": EXTREME}).min() == -1e300
    assert LOG.restore(straight(), rows_of(target)).run({"x": EXTREME}).min() == pytest.approx(-0.5)


def test_above_zero_is_a_share_of_the_mean():
    aim = Aim(above_zero=True)
    answers = aim.restore(straight(), rows_of([0.0, 4.0])).run({"x": EXTREME})
    assert answers.min() == pytest.approx(0.02)


def test_the_smearing_factor_gives_the_mean_back():
    """A constant on the logarithmic scale is the geometric mean; smeared, the mean (Duan 1983)."""
    geometric = np.exp(np.log1p(SKEWED).mean()) - 1
    assert fit_constant(LOG, SKEWED) == pytest.approx(geometric)
    assert fit_constant(Aim(scale="log1p"), SKEWED) == pytest.approx(SKEWED.mean())
    weight = np.random.default_rng(1).uniform(size=400)
    weighted = float(np.average(SKEWED, weights=weight))
    assert fit_constant(Aim(scale="log1p"), SKEWED, weight) == pytest.approx(weighted)


def test_the_relative_factor_makes_the_relative_error_least():
    def loss(answer):
        return np.abs(answer / SKEWED - 1).mean()

    found = fit_constant(Aim(scale="log1p", center="relative"), SKEWED)
    least = min(loss(answer) for answer in np.quantile(SKEWED, np.linspace(0, 1, 401)))
    assert loss(found) == pytest.approx(least, rel=1e-3)
    assert found < np.median(SKEWED)
    with_zeros = fit_constant(
        Aim(scale="log1p", center="relative"), np.concatenate([SKEWED, np.zeros(50)])
    )
    assert with_zeros == pytest.approx(found, rel=0.2)


@pytest.mark.parametrize("center", ["mean", "relative"])
def test_an_absurd_residual_does_not_rule(center):
    target = np.append(np.full(50, 2.0), 1e12)
    aim = Aim(scale="log1p", center=center)
    program = aim.restore(straight(0.0), rows_of(target))
    assert 0 <= program.run({"x": np.zeros(1)})[0, 0] < 10


@pytest.mark.parametrize("target", [[0.0, 0.0, 0.0], [5.0, 5.0], [1e-300, 1e300]])
def test_targets_at_the_edge(target):
    for aim in (
        Aim(),
        Aim(Loss("poisson")),
        Aim(scale="log1p"),
        Aim(scale="log1p", center="relative", favours_small=True),
        Aim(scale="log1p", above_zero=True),
    ):
        rows = rows_of(target)
        seen = aim.apply(rows)
        assert np.isfinite(seen.target).all()
        assert seen.weight is None or np.isfinite(seen.weight).all()
        program = aim.restore(straight(), rows)
        check_program(program)
        assert np.isfinite(program.run({"x": EXTREME})).all()


def test_small_targets_weigh_more_and_zeros_nothing():
    seen = Aim(favours_small=True).apply(rows_of([0.0, 1.0, 4.0]))
    assert seen.weight[0] == 0
    assert seen.weight[1] == pytest.approx(2 * seen.weight[2], rel=0.02)
    weighted = Aim(favours_small=True).apply(rows_of([1.0, 4.0], np.array([1.0, 6.0])))
    assert weighted.weight[1] == pytest.approx(3 * weighted.weight[0], rel=0.02)


def test_what_learners_made_is_shared_where_the_target_is_the_same():
    rows = rows_of(SKEWED)
    poisson, absolute = Aim(Loss("poisson")).apply(rows), Aim(Loss("absolute")).apply(rows)
    assert poisson.memo is absolute.memo is rows.memo
    assert (poisson.loss.kind, absolute.loss.kind) == ("poisson", "absolute")
    first, again = LOG.apply(rows), replace(LOG, loss=Loss("absolute")).apply(rows)
    assert first.memo is again.memo
    assert first.memo is not rows.memo
    assert again.loss.kind == "absolute"
    assert Aim(scale="log1p", unit=0.1).apply(rows).memo is not first.memo


def test_classes_pass():
    task = Task(kind="binary", classes=("no", "yes"))
    rows = replace(rows_of([0.0, 1.0]), target=np.array([0, 1]), task=task)
    aim = Aim(Loss("proper"))
    assert aim.apply(rows).target is rows.target
    program = straight()
    assert aim.restore(program, rows) is program
