from dataclasses import replace

import numpy as np
import pytest

from build_examples import SCHEMA, Known, make_rows
from learners_here import learners_here
from modelwright.compute.budget import Budget
from modelwright.learners.base import Rows
from modelwright.learners.classes import fit_on_known
from modelwright.learners.registry import LEARNERS
from modelwright.predictor.program import check_program
from modelwright.tasks.task import Task

TASK = Task(kind="multiclass", classes=("a", "b", "c", "d"))


def rows_with(classes, *, per_class=40):
    target = np.repeat(np.array(classes, dtype=np.int64), per_class)
    draw = np.random.default_rng(0)
    columns = dict(make_rows(count=len(target)).columns)
    columns["signal"] = target + 0.3 * draw.normal(size=len(target))
    return Rows(SCHEMA, columns, target, TASK)


def fit(learner, rows, **how):
    return fit_on_known(learner, rows, budget=Budget.start(60), seed=0, **how)


@pytest.mark.parametrize("name", learners_here())
@pytest.mark.parametrize("classes", [[0, 1, 3], [1, 3], [2]])
def test_every_learner_learns_the_classes_that_are_there(name, classes):
    rows = rows_with(classes)
    fitted = fit(LEARNERS[name], rows, check_rows=rows_with([0, 1, 2, 3], per_class=10))
    check_program(fitted.program)
    answers = fitted.program.run(rows.columns)
    assert answers.shape == (len(rows), 4)
    assert answers.sum(axis=1) == pytest.approx(np.ones(len(rows)))
    absent = sorted({0, 1, 2, 3} - set(classes))
    assert answers[:, absent] == pytest.approx(1 / (len(rows) + 4))
    if name in {"lightgbm", "linear", "xgboost", "extra_trees"}:
        assert (answers.argmax(axis=1) == rows.target).mean() > 0.8


def test_rows_of_all_classes_are_learned_as_they_are():
    rows = rows_with([0, 1, 2, 3])
    steps = fit(Known(), rows).program.steps
    assert [step.output for step in steps] == ["raw", "answer"]


def test_a_regression_has_no_classes_to_lack():
    rows = make_rows("regression", count=20)
    assert len(fit(Known(), rows).program.steps) == 1


def test_rows_held_back_may_have_none_of_the_classes():
    rows = rows_with([0, 1, 3])
    fitted = fit(LEARNERS["linear"], rows, check_rows=rows_with([2], per_class=5))
    assert np.isfinite(fitted.program.run(rows.columns)).all()


def test_of_two_classes_one_can_be_absent():
    rows = make_rows("binary", count=10)
    only = replace(rows, target=np.zeros(10, dtype=np.int64))
    answers = fit(LEARNERS["lightgbm"], only).program.run(rows.columns)
    assert answers[0] == pytest.approx([11 / 12, 1 / 12])


def test_weights_go_with_their_rows():
    rows = rows_with([0, 1, 3])
    weighed = replace(rows, weight=np.where(rows.target == 1, 50.0, 1.0))
    answers = fit(LEARNERS["constant"], weighed).program.run(rows.columns)
    assert answers[0, 1] > 0.9
