from dataclasses import replace

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="torch is missing")

from modelwright.compute.budget import Budget  # noqa: E402
from modelwright.data.schema import Column, Kind, Schema  # noqa: E402
from modelwright.errors import BudgetError, LearnerError  # noqa: E402
from modelwright.learners.base import Rows  # noqa: E402
from modelwright.learners.loss import Loss  # noqa: E402
from modelwright.learners.torch.network import TorchNetwork  # noqa: E402
from modelwright.predictor.storage.storage import write_program  # noqa: E402
from modelwright.tasks.task import Task  # noqa: E402
from modelwright.testing import check_learner, example_rows  # noqa: E402

SMALL = TorchNetwork(units=16, layers=2, epochs=20, rate=0.01, device="cpu")
SHAPES = {
    "alone": SMALL,
    "pieces": replace(SMALL, piece=3),
    "members": replace(SMALL, members=3),
    "members with pieces": replace(SMALL, members=3, piece=3),
}


def _fit(rows: Rows, learner: TorchNetwork = SMALL, **options: object) -> object:
    return learner.fit(rows, **{"budget": Budget.start(60), "seed": 0, **options})


def _ticking(seconds: float) -> Budget:
    """A budget by a clock that goes on by one each time it is asked."""
    ticks = iter(np.arange(1_000_000.0))
    return Budget.start(seconds, clock=lambda: float(next(ticks)))


@pytest.mark.parametrize("shape", ["members with pieces"])
def test_it_keeps_the_contract(shape):
    check_learner(replace(SHAPES[shape], units=8, epochs=5))


@pytest.mark.parametrize("shape", SHAPES)
def test_it_learns_a_bent_surface(shape):
    draw = np.random.default_rng(0)
    x, y = draw.uniform(-2, 2, size=(2, 2_000))
    schema = Schema(columns=tuple(Column(name=name, kind=Kind.NUMERIC) for name in "xy"))
    rows = Rows(schema, {"x": x, "y": y}, 50 + np.sin(3 * x) * y, Task(kind="regression"))
    program = _fit(rows.take(np.arange(1_500)), SHAPES[shape]).program
    test = rows.take(np.arange(1_500, 2_000))
    missed = program.run(test.columns)[:, 0] - test.target
    assert missed.var() < 0.1 * test.target.var()


def test_the_same_seed_gives_the_same_program_and_another_seed_another():
    rows = example_rows("binary", count=200, seed=1)
    first, again, other = (_fit(rows, rounds=2, seed=seed) for seed in (1, 1, 2))
    assert write_program(first.program) == write_program(again.program)
    assert write_program(first.program) != write_program(other.program)


def test_fixed_rounds_give_what_the_rows_held_back_chose():
    rows, check = (example_rows("multiclass", count=n, seed=n) for n in (300, 200))
    found = _fit(rows, check_rows=check)
    again = _fit(rows, rounds=found.rounds)
    assert 1 <= found.rounds <= SMALL.epochs
    assert write_program(found.program) == write_program(again.program)


def test_time_that_ends_leaves_what_a_fit_of_so_many_rounds_gives():
    rows = example_rows("regression", count=300, seed=1)
    found = SMALL.fit(rows, budget=_ticking(120.0), seed=0)
    assert found.cut_short
    again = _fit(rows, rounds=found.rounds)
    assert write_program(found.program) == write_program(again.program)


def test_time_that_ends_in_the_first_epoch_is_a_budget_error():
    rows = example_rows("regression", count=300, seed=1)
    with pytest.raises(BudgetError, match="too short"):
        SMALL.fit(rows, budget=_ticking(20.0), seed=0)


@pytest.mark.parametrize("learner", [SMALL, SHAPES["members"]], ids=["alone", "members"])
@pytest.mark.parametrize(
    ("loss", "answer"),
    [(Loss("absolute"), np.log(2)), (Loss("poisson"), 1.0)],
    ids=lambda each: getattr(each, "kind", ""),
)
def test_skewed_numbers_are_answered_as_the_loss_asks(learner, loss, answer):
    draw = np.random.default_rng(0)
    x = draw.uniform(0, 1, size=3_000)
    schema = Schema(columns=(Column(name="x", kind=Kind.NUMERIC),))
    target = (5 + 20 * x) * draw.exponential(size=3_000)
    rows = Rows(schema, {"x": x}, target, Task(kind="regression"), loss=loss)
    answers = _fit(rows, learner).program.run({"x": np.array([0.25, 0.75])})[:, 0]
    np.testing.assert_allclose(answers, answer * np.array([10.0, 20.0]), rtol=0.2)


def test_a_device_that_is_not_there_is_said():
    if torch.cuda.is_available():
        pytest.skip("there is a GPU")
    rows = example_rows("binary", count=100, seed=0)
    with pytest.raises(LearnerError, match="no 'cuda' here"):
        _fit(rows, replace(SMALL, device="cuda"))
