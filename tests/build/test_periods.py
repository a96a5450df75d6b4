import numpy as np
import pytest

from build_examples import Known, ignore, make_rows
from modelwright.build.engine import Question, build_program
from modelwright.build.periods import score_periods
from modelwright.compute.budget import Budget
from modelwright.data.partitions import chain_forward
from modelwright.tasks.metrics import METRICS


def periods(rows, metric, ranks):
    question = Question(metric=METRICS[metric], learners=(Known(),))
    folds = chain_forward(ranks, 3)
    built = build_program(question, rows, folds, budget=Budget.start(60), report=ignore)
    return built, score_periods(built, METRICS[metric], rows.target)


def test_each_period_has_the_score_of_its_own_rows():
    rows = make_rows("regression", count=400)
    # Rows lie in any order in time.
    ranks = np.random.default_rng(0).permutation(400)
    built, scores = periods(rows, "rmse", ranks)
    expected = [
        METRICS["rmse"].score(rows.target[check], 2.0 * rows.columns["signal"][check])
        for _, check in built.folds
    ]
    assert len(scores) == len(built.folds) > 1
    assert [score for score, _ in scores] == pytest.approx(expected)
    assert [rows for _, rows in scores] == [len(check) for _, check in built.folds]


def test_a_period_of_one_class_is_left_out():
    rows = make_rows("binary", count=400)
    # In the order of the answer, the first and the last period have one class each.
    _, scores = periods(rows, "roc_auc", np.argsort(np.argsort(rows.target, kind="stable")))
    assert all(np.isfinite(score) for score, _ in scores)
    assert len(scores) < 3
