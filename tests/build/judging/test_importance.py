import numpy as np
import pytest

from build_examples import Known, make_rows
from modelwright.build.judging.importance import measure_importances
from modelwright.compute.budget import Budget
from modelwright.learners.registry import LEARNERS
from modelwright.tasks.metrics import METRICS


def measure(program, rows, metric, *, seconds=60.0, seed=0, **asked):
    return measure_importances(
        program,
        METRICS[metric],
        rows.columns,
        truth=rows.target,
        budget=Budget.start(seconds),
        seed=seed,
        **asked,
    )


@pytest.mark.parametrize(
    ("kind", "metric"),
    [("binary", "roc_auc"), ("binary", "f1"), ("multiclass", "log_loss"), ("regression", "r2")],
)
def test_the_signal_stands_above_the_noise(kind, metric):
    rows = make_rows(kind)
    program = LEARNERS["linear"].fit(rows, budget=Budget.start(60), seed=0).program
    found = measure(program, make_rows(kind, seed=1), metric)
    assert found[0].column == "signal"
    assert {each.column for each in found} == {"signal", "noise", "colour"}
    assert found[0].low > 5 * max(each.high for each in found[1:])
    assert all(each.low <= each.loss <= each.high for each in found)


def test_the_same_seed_measures_the_same():
    rows = make_rows(count=5_000)
    program = Known().program(rows.task)
    assert measure(program, rows, "roc_auc", seed=3) == measure(program, rows, "roc_auc", seed=3)


def test_columns_beyond_the_budget_are_left_out():
    rows = make_rows()
    assert measure(Known().program(rows.task), rows, "roc_auc", seconds=1e-9) == ()


def test_a_column_that_would_not_end_in_the_budget_is_not_begun():
    rows = make_rows()
    assert measure(Known().program(rows.task), rows, "roc_auc", row_s=1.0) == ()


def test_a_replay_looks_at_the_same_columns_whatever_time_there_is():
    rows = make_rows()
    program = Known().program(rows.task)
    every = measure(program, rows, "roc_auc")
    first = [each.name for each in program.inputs][:2]
    again = measure(program, rows, "roc_auc", seconds=1e-9, names=first)
    assert set(again) == {each for each in every if each.column in first}
    assert measure(program, rows, "roc_auc", names=()) == ()


def test_where_the_score_is_undefined_nothing_is_measured():
    rows = make_rows()
    negative = rows.take(np.flatnonzero(rows.target == 0))
    assert measure(Known().program(rows.task), negative, "roc_auc") == ()
