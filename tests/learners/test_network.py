from dataclasses import replace

import numpy as np
import pytest

from modelwright.compute.budget import Budget
from modelwright.data.schema import Column, Kind, Schema
from modelwright.errors import BudgetError
from modelwright.learners.base import Rows
from modelwright.learners.loss import Loss
from modelwright.learners.network import Network
from modelwright.predictor.storage.storage import write_program
from modelwright.tasks.task import Task
from modelwright.testing import example_rows, hostile_columns

SMALL = Network(units=16, layers=2, epochs=20, rate=0.01)


def _fit(rows: Rows, **options: object) -> object:
    return SMALL.fit(rows, **{"budget": Budget.start(60), "seed": 0, **options})


def _ticking(seconds: float) -> Budget:
    """A budget by a clock that goes on by one each time it is asked."""
    ticks = iter(np.arange(1_000_000.0))
    return Budget.start(seconds, clock=lambda: float(next(ticks)))


def test_it_learns_a_bent_surface():
    draw = np.random.default_rng(0)
    x, y = draw.uniform(-2, 2, size=(2, 2_000))
    schema = Schema(columns=tuple(Column(name=name, kind=Kind.NUMERIC) for name in "xy"))
    rows = Rows(schema, {"x": x, "y": y}, 50 + np.sin(3 * x) * y, Task(kind="regression"))
    program = SMALL.fit(rows.take(np.arange(1_500)), budget=Budget.start(60), seed=0).program
    test = rows.take(np.arange(1_500, 2_000))
    missed = program.run(test.columns)[:, 0] - test.target
    assert missed.var() < 0.1 * test.target.var()


def test_classes_that_are_seldom_are_likely_seldom():
    schema = Schema(columns=(Column(name="x", kind=Kind.NUMERIC),))
    draw = np.random.default_rng(0)
    target = (draw.random(1_000) < 0.1).astype(np.int64)
    task = Task(kind="binary", classes=("no", "yes"))
    rows = Rows(schema, {"x": draw.normal(size=1_000)}, target, task)
    answers = _fit(rows).program.run(rows.columns)
    assert answers[:, 1].mean() == pytest.approx(0.1, abs=0.03)


@pytest.mark.parametrize("kind", ["binary", "multiclass", "regression"])
def test_a_row_alone_has_the_bits_of_the_batch(kind):
    program = _fit(example_rows(kind, count=200, seed=1), rounds=2).program
    for columns in (example_rows(kind, count=60, seed=2).columns, hostile_columns()):
        together = program.run(columns)
        for row in range(len(together)):
            alone = program.run({name: each[row : row + 1] for name, each in columns.items()})
            assert alone.tobytes() == together[row : row + 1].tobytes()


def test_another_seed_gives_another_program():
    rows = example_rows("binary", count=200, seed=1)
    first, again, other = (_fit(rows, rounds=2, seed=seed) for seed in (1, 1, 2))
    assert first.by_chance
    assert write_program(first.program) == write_program(again.program)
    assert write_program(first.program) != write_program(other.program)


def test_fixed_rounds_give_what_the_rows_held_back_chose():
    rows, check = (example_rows("multiclass", count=n, seed=n) for n in (300, 200))
    found = _fit(rows, check_rows=check)
    again = _fit(rows, rounds=found.rounds)
    assert 1 <= found.rounds <= SMALL.epochs
    assert not found.cut_short
    assert write_program(found.program) == write_program(again.program)


@pytest.mark.parametrize("held_back", [False, True])
def test_time_that_ends_leaves_what_a_fit_of_so_many_rounds_gives(held_back):
    rows = example_rows("regression", count=300, seed=1)
    check = example_rows("regression", count=100, seed=2) if held_back else None
    asked = {"check_rows": check}
    rounds = set()
    for seconds in (60.0, 80.0, 110.0):
        try:
            found = SMALL.fit(rows, budget=_ticking(seconds), seed=0, **asked)
        except BudgetError:
            continue
        assert found.cut_short
        rounds.add(found.rounds)
        again = _fit(rows, rounds=found.rounds)
        assert write_program(found.program) == write_program(again.program)
    assert rounds


def test_time_that_ends_in_the_first_epoch_is_a_budget_error():
    rows = example_rows("regression", count=300, seed=1)
    with pytest.raises(BudgetError, match="too short"):
        SMALL.fit(rows, budget=_ticking(20.0), seed=0)


def test_rounds_beyond_the_last_epoch_mean_it():
    rows = example_rows("regression", count=100, seed=0)
    assert _fit(rows, rounds=99).rounds == SMALL.epochs


def test_numbers_stay_in_the_range_of_the_target():
    rows = example_rows("regression", count=200, seed=0)
    answers = _fit(rows, rounds=3).program.run(hostile_columns())
    assert answers.min() >= rows.target.min()
    assert answers.max() <= rows.target.max()


@pytest.mark.parametrize(
    ("loss", "answer"),
    [
        (Loss("absolute"), np.log(2)),
        (Loss("quantile", 0.9), np.log(10)),
        (Loss("poisson"), 1.0),
        (Loss("squared"), 1.0),
    ],
    ids=lambda each: getattr(each, "kind", ""),
)
def test_skewed_numbers_are_answered_as_the_loss_asks(loss, answer):
    draw = np.random.default_rng(0)
    x = draw.uniform(0, 1, size=3_000)
    schema = Schema(columns=(Column(name="x", kind=Kind.NUMERIC),))
    target = (5 + 20 * x) * draw.exponential(size=3_000)
    rows = Rows(schema, {"x": x}, target, Task(kind="regression"), loss=loss)
    answers = _fit(rows).program.run({"x": np.array([0.25, 0.75])})[:, 0]
    np.testing.assert_allclose(answers, answer * np.array([10.0, 20.0]), rtol=0.15)


def test_rows_that_weigh_nothing_are_not_learned():
    rows = example_rows("binary", count=400, seed=1)
    wrong = np.arange(400) % 2 == 1
    turned = replace(
        rows,
        target=np.where(wrong, 1 - rows.target, rows.target),
        weight=np.where(wrong, 0.0, 1.0),
    )
    answers = _fit(turned).program.run(rows.columns)
    assert ((answers[:, 1] > 0.5) == rows.target).mean() > 0.7


def test_fewer_rows_than_a_batch_are_learned():
    rows = example_rows("regression", count=12, seed=0)
    assert _fit(rows, rounds=2).rounds == 2


def test_without_dropout_every_unit_takes_part():
    rows = example_rows("binary", count=100, seed=0)
    assert replace(SMALL, dropout=0.0).fit(rows, rounds=1, budget=Budget.start(60), seed=0).rounds
