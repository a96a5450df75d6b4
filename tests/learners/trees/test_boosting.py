from dataclasses import replace

import numpy as np
import pytest

from modelwright.compute.budget import Budget
from modelwright.data.schema import Schema
from modelwright.errors import BudgetError
from modelwright.learners.base import Rows
from modelwright.learners.loss import Loss
from modelwright.learners.memo import Memo
from modelwright.learners.trees.boosting import MAX_LEAVES, Size, prepare
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


def _lesson(rows: Rows, check_rows: Rows | None = None):
    return prepare(rows, check_rows, None, most_leaves=9, budget=Budget.start(60), seed=0)


@pytest.mark.parametrize(("rate", "patience"), [(0.05, 60), (0.0125, 240), (0.001, 300), (0.9, 10)])
def test_a_low_rate_needs_more_patience(rate, patience):
    rows = example_rows("binary", count=60, seed=0)
    watch = _lesson(rows, rows).watch(Budget.start(60), rate=rate)
    assert watch.patience == patience


def test_many_numbers_held_back_are_looked_at_after_some_rounds_only():
    rows = example_rows("multiclass", count=60, seed=0)
    lesson = _lesson(rows, example_rows("multiclass", count=40_000, seed=1))
    assert lesson.rounds_per_look == 3
    assert _lesson(rows, rows).rounds_per_look == _lesson(rows).rounds_per_look == 1


def test_a_count_is_learned_as_it_is_but_for_its_scale():
    rows = example_rows("regression", count=60, seed=0)
    counts = replace(rows, loss=Loss("poisson"))
    assert (_lesson(counts).unit.center, _lesson(counts).scale) == (0.0, 1.0)
    assert _lesson(counts).train.target.mean() == pytest.approx(1.0)
    np.testing.assert_allclose(_lesson(counts).base, np.log(rows.target.mean()))


@pytest.mark.parametrize("target", [np.zeros(60), np.arange(60.0) - 1])
def test_what_is_no_count_is_learned_by_squares(target):
    rows = example_rows("regression", count=60, seed=0)
    lesson = _lesson(replace(rows, target=target, loss=Loss("poisson")))
    assert lesson.loss.kind == "squared"
    assert lesson.scale == lesson.unit.scale


def test_rows_with_another_target_share_nothing_that_depends_on_it():
    rows = example_rows("regression", count=200, seed=0)
    other = replace(rows, target=np.log(rows.target))
    first, second = _lesson(rows, rows), _lesson(other, other)
    assert first.train.key != second.train.key
    assert first.check.key != second.check.key
    alone = _lesson(replace(other, memo=Memo()))
    np.testing.assert_array_equal(second.train.matrix, alone.train.matrix)
