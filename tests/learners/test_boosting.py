import numpy as np
import pytest

from modelwright.compute.budget import Budget
from modelwright.data.schema import Schema
from modelwright.errors import BudgetError
from modelwright.learners.base import Rows
from modelwright.learners.boosting import MAX_LEAVES, Size, Watch, prepare
from modelwright.tasks.task import Task
from modelwright.testing import example_rows


class Clock:
    """Stands still until it is told to go on."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.mark.parametrize("count", [30, 1_000, 50_000, 1_000_000])
@pytest.mark.parametrize("classes", [2, 3, 26, 300])
def test_the_program_stays_small_whatever_the_table(count, classes):
    kind = "binary" if classes == 2 else "multiclass"
    task = Task(kind=kind, classes=tuple(range(classes)))
    size = Size.of(Rows(Schema(columns=()), {}, np.zeros(count), task), most_leaves=63)
    trees = classes if kind == "multiclass" else 1
    assert 6 <= size.leaves <= 63
    assert 1 <= size.leaves * size.rounds * trees <= MAX_LEAVES


def test_a_watch_without_rows_held_back_looks_only_at_the_clock():
    clock = Clock()
    watch = Watch(Budget.start(10.0, clock=clock), patience=None)
    stops = []
    for _ in range(3):
        clock.now += 2.0
        stops.append(watch.stops(None))
    assert stops == [False, False, True]
    assert watch.cut_short
    assert watch.best == 3


def test_a_slow_round_ends_it_while_there_is_time_for_three_more():
    clock = Clock()
    watch = Watch(Budget.start(10.0, clock=clock), patience=None)
    clock.now = 2.0
    assert not watch.stops(0.5)
    clock.now = 4.5
    assert watch.stops(0.4)
    assert watch.cut_short


def test_a_round_that_was_held_up_long_ago_is_forgotten():
    clock = Clock()
    watch = Watch(Budget.start(100.0, clock=clock), patience=None)
    clock.now = 20.0
    assert not watch.stops(None)
    for _ in range(20):
        clock.now += 1.0
        assert not watch.stops(None)
    assert watch.rounds == 21


def test_no_time_for_a_round_is_a_budget_error():
    clock = Clock()
    budget = Budget.start(5.0, clock=clock)
    lesson = prepare(
        example_rows("binary", count=50, seed=0), None, None, most_leaves=9, budget=budget, seed=0
    )
    clock.now = 6.0
    with pytest.raises(BudgetError, match="too short"):
        lesson.watch(budget)


def test_rows_held_back_are_of_no_account_when_the_rounds_are_known():
    rows = example_rows("binary", count=50, seed=0)
    lesson = prepare(rows, rows, 7, most_leaves=9, budget=Budget.start(60), seed=0)
    assert lesson.check is None
    assert lesson.rounds == 7
