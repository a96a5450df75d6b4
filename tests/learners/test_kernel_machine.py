import numpy as np
import pytest

from modelwright.compute.budget import Budget
from modelwright.data.schema import Column, Kind, Schema
from modelwright.errors import BudgetError, InputError
from modelwright.learners.base import Rows
from modelwright.learners.kernel_machine import MAX_ROWS, PENALTIES, KernelMachine
from modelwright.learners.linear import Linear
from modelwright.tasks.task import Task
from modelwright.testing import example_rows

SMALL = KernelMachine(centres=80)


def _surface(count: int = 400, *, idle: int = 3) -> Rows:
    """A product of two columns, beside some that tell nothing."""
    names = ("x", "y", *(f"idle{place}" for place in range(idle)))
    schema = Schema(columns=tuple(Column(name=name, kind=Kind.NUMERIC) for name in names))
    columns = dict(
        zip(names, np.random.default_rng(0).uniform(-2, 2, (2 + idle, count)), strict=True)
    )
    target = 50 + columns["x"] * columns["y"]
    return Rows(schema, columns, target, Task(kind="regression"))


def _missed(learner, rows: Rows) -> float:
    """Return the share of the spread that is missed on rows that it has not seen."""
    learn, asked = rows.take(np.arange(300)), rows.take(np.arange(300, len(rows)))
    program = learner.fit(learn, check_rows=asked, budget=Budget.start(60), seed=0).program
    return float((program.run(asked.columns)[:, 0] - asked.target).var() / asked.target.var())


def test_it_learns_what_lines_cannot_and_which_columns_count():
    surface = _surface()
    assert _missed(Linear(), surface) > 0.9
    assert _missed(SMALL, surface) < 0.1
    assert _missed(SMALL, surface) < 0.5 * _missed(KernelMachine(centres=80, turns=0), surface)


@pytest.mark.parametrize("kind", ["binary", "multiclass", "regression"])
def test_the_same_rounds_give_the_same_program(kind):
    rows, check = example_rows(kind, count=200, seed=1), example_rows(kind, count=60, seed=2)
    found = SMALL.fit(rows, check_rows=check, budget=Budget.start(60), seed=3)
    again = SMALL.fit(rows, rounds=found.rounds, budget=Budget.start(60), seed=3)
    assert 1 <= found.rounds <= len(PENALTIES)
    assert (found.program.run(check.columns) == again.program.run(check.columns)).all()
    assert found.by_chance


def test_more_rows_are_sampled_and_very_many_refused():
    rows = _surface(MAX_ROWS + 1, idle=0)
    found = KernelMachine(centres=20, turns=0).fit(rows, rounds=2, budget=Budget.start(60), seed=0)
    assert found.recipe.drawn == MAX_ROWS
    with pytest.raises(InputError, match="300 rows or fewer"):
        KernelMachine(most_rows=300).fit(_surface(), budget=Budget.start(60), seed=0)


def test_columns_that_never_vary_or_lack_much_do_no_harm():
    rows = _surface()
    rows.columns["idle0"][:] = 3.0
    rows.columns["idle1"][::2] = np.nan
    assert _missed(SMALL, rows) < 0.15


def test_no_time_is_said_so():
    with pytest.raises(BudgetError, match="too short"):
        SMALL.fit(_surface(), budget=Budget.start(0.0), seed=0)
