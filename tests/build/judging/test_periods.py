"""Scores of successive periods of the training time."""

from dataclasses import replace

import numpy as np

from modelwright.build.engine import build_program
from modelwright.build.judging.periods import score_periods
from modelwright.build.question import Question
from modelwright.compute.budget import Budget
from modelwright.data.schema import Column, Kind, Schema
from modelwright.learners.base import Rows
from modelwright.learners.registry import learner_named
from modelwright.tasks.metrics import METRICS
from modelwright.tasks.task import Task


def _built(count=1200):
    size = np.arange(count, dtype=np.float64)
    rows = Rows(
        schema=Schema(columns=(Column(name="size", kind=Kind.NUMERIC),)),
        columns={"size": size},
        target=size % 7,
        task=Task(kind="regression"),
    )
    half = np.arange(count // 2)
    question = Question(metric=METRICS["rmse"], learners=(learner_named("linear"),))
    folds = [(half, half + count // 2)]
    built = build_program(
        question, rows, folds, budget=Budget.start(60), report=lambda sentence: None
    )
    return built, rows


def test_each_scored_row_is_in_one_period():
    built, rows = _built()
    periods = score_periods(built, METRICS["rmse"], rows.target, moments=np.arange(len(rows)))
    assert sum(count for _, count in periods) == len(built.scored)
    assert len(periods) == 6


def test_periods_follow_the_moments_not_the_order_of_rows():
    built, rows = _built()
    # Answers that are wrong in every second row: in the order of rows each period has both kinds.
    wrong = np.where(built.scored % 2, 10.0, 0.0)
    spoilt = replace(built, answers=(rows.target[built.scored] + wrong)[:, None])
    by_parity = np.arange(len(rows)) % 2
    periods = score_periods(spoilt, METRICS["rmse"], rows.target, moments=by_parity)
    assert [round(score) for score, _ in periods] == [0, 0, 0, 10, 10, 10]


def test_an_undefined_score_is_left_out():
    built, rows = _built()
    flat = np.zeros(len(rows))
    assert score_periods(built, METRICS["r2"], flat, moments=np.arange(len(rows))) == ()
