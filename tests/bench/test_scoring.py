from pathlib import Path

import numpy as np
import polars as pl
import pytest

from bench.scoring import Answers, read_answers, score
from bench.suite import Rows
from modelwright.errors import InputError
from modelwright.tasks.metrics import METRICS
from modelwright.tasks.task import Task

TASK = Task(kind="multiclass", classes=("a", "b", "c"))


def rows_of(metric: str) -> Rows:
    empty = pl.DataFrame()
    truth = np.array([0, 1, 2])
    return Rows(train=empty, test=empty, truth=truth, task=TASK, metric=METRICS[metric])


def test_columns_are_aligned_by_class() -> None:
    straight = np.array([[0.8, 0.1, 0.1], [0.2, 0.7, 0.1], [0.3, 0.3, 0.4]])
    order = np.array([2, 0, 1])
    rows = rows_of("log_loss")
    mixed = Answers(answers=straight[:, order], classes=order)
    assert score(mixed, rows) == score(Answers(answers=straight, classes=np.arange(3)), rows)


def test_a_class_that_it_never_met_has_no_probability() -> None:
    answers = Answers(answers=np.array([[1.0, 0.0]] * 3), classes=np.array([0, 1]))
    assert score(answers, rows_of("brier")) == pytest.approx((0 + 2 + 2) / 3)


def test_decisions_are_judged_where_the_metric_judges_classes() -> None:
    answers = Answers(
        answers=np.full((3, 3), 1 / 3), classes=np.arange(3), decisions=np.array([0, 1, 1])
    )
    assert score(answers, rows_of("accuracy")) == pytest.approx(2 / 3)


@pytest.mark.parametrize(
    ("answers", "message"),
    [
        (Answers(answers=np.ones((2, 3)), classes=np.arange(3)), "2 of 3 rows"),
        (Answers(answers=np.full((3, 3), np.nan), classes=np.arange(3)), "not finite"),
        (Answers(answers=np.ones((3, 2)), classes=np.arange(3)), "columns"),
        (Answers(answers=np.ones((3, 3)), classes=np.array([0, 1, 3])), "columns"),
        (Answers(answers=np.ones((3, 2)), classes=np.array([1, 1])), "columns"),
        (Answers(answers=np.ones((3, 3))), "columns"),
    ],
)
def test_bad_answers_are_refused(answers: Answers, message: str) -> None:
    with pytest.raises(InputError, match=message):
        score(answers, rows_of("log_loss"))


def test_no_decisions_are_refused() -> None:
    with pytest.raises(InputError, match="decided for no classes"):
        score(Answers(answers=np.ones((3, 3)), classes=np.arange(3)), rows_of("accuracy"))


def test_objects_are_not_read(tmp_path: Path) -> None:
    np.savez(tmp_path / "answers.npz", answers=np.array([{}], dtype=object))
    with pytest.raises(ValueError, match="pickle"):
        read_answers(tmp_path / "answers.npz")
