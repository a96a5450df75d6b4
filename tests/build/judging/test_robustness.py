from dataclasses import replace

import numpy as np
import pytest

from build_examples import Known, make_rows
from modelwright.build.judging.robustness import measure_robustness
from modelwright.compute.budget import Budget
from modelwright.documents import Importance
from modelwright.learners.registry import LEARNERS
from modelwright.tasks.metrics import METRICS

MAIN = tuple(Importance(column=name, loss=1.0, low=1.0, high=1.0) for name in ("signal", "colour"))


def measure(program, rows, metric, *, seconds=60.0, importances=MAIN):
    return measure_robustness(
        program,
        METRICS[metric],
        rows.columns,
        truth=rows.target,
        importances=importances,
        budget=Budget.start(seconds),
        seed=0,
    )


@pytest.mark.parametrize(
    ("kind", "metric"), [("binary", "roc_auc"), ("multiclass", "log_loss"), ("regression", "rmse")]
)
def test_each_main_column_is_disturbed_in_each_way_that_it_can_be(kind, metric):
    rows = make_rows(kind)
    program = LEARNERS["linear"].fit(rows, budget=Budget.start(60), seed=0).program
    found = measure(program, make_rows(kind, seed=1), metric)
    assert [(each.column, each.kind) for each in found] == [
        ("signal", "missing column"),
        ("signal", "unit change"),
        ("signal", "noise"),
        ("colour", "missing column"),
        ("colour", "unseen category"),
        ("colour", "noise"),
    ]
    missing, units, noise, *colour = found
    assert missing.loss.low > 0
    assert noise.loss.value < missing.loss.value
    assert (units.amount, noise.amount, noise.rows) == (1_000.0, 0.1, 400)
    assert all(abs(each.loss.value) < missing.loss.low / 5 for each in colour)


def test_the_loss_is_that_of_the_score():
    rows = make_rows(count=3_000)
    program = Known().program(rows.task)
    found = measure(program, rows, "roc_auc", importances=MAIN[:1])
    assert found[0].score == pytest.approx(0.5, abs=0.05)
    assert found[0].rows == 2_000
    assert found == measure(program, rows, "roc_auc", importances=MAIN[:1])


def test_what_the_budget_does_not_reach_is_left_out():
    rows = make_rows()
    assert measure(Known().program(rows.task), rows, "roc_auc", seconds=1e-9) == ()
    assert measure(Known().program(rows.task), rows, "roc_auc", importances=()) == ()


def test_a_column_that_is_always_missing_breaks_nothing():
    rows = make_rows()
    empty = {**rows.columns, "signal": np.full(len(rows), np.nan)}
    program = Known().program(rows.task)
    emptied = replace(rows, columns=empty)
    found = measure(program, emptied, "roc_auc", importances=MAIN[:1])
    assert len(found) == 3
    assert all(each.loss.value == 0 for each in found)
