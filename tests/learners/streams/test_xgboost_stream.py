"""What XGBoost learns from a stream is what it learns from the same bins in memory."""

import numpy as np
import pytest
import xgboost

from modelwright.compute.budget import Budget
from modelwright.learners.lightgbm import LightGBM
from modelwright.learners.streams.growing import Recorded
from modelwright.learners.streams.labels import Labels
from modelwright.learners.streams.reading import bytes_of_row, lesson_for, stream_into_bins
from modelwright.learners.streams.xgboost import BINS, Codes, known_bins
from modelwright.learners.trees.tables import in_float32
from modelwright.learners.xgboost import XGBoost, read_steps
from modelwright.testing import example_rows

ROUNDS = 5
LEARNER = XGBoost(leaves=8, row_fraction=1.0)


@pytest.fixture(scope="module")
def rows():
    return example_rows("binary", count=1_200, seed=3)


def parts(rows):
    every = np.arange(len(rows))
    return rows.take(every[:400]), rows.take(every[400:1_000]), rows.take(every[1_000:])


def streamed(learners, rows, recorded=None):
    sample, further, check = parts(rows)
    some = np.array_split(np.arange(len(further)), 4)
    pupils = stream_into_bins(
        learners,
        (further.take(each) for each in some),
        count=len(further),
        sample=sample,
        check=check,
        budget=Budget.start(60),
        seed=1,
    )
    recorded = recorded or Recorded(ROUNDS, 0.3)
    fits = [p.fit(usual_rounds=1, recorded=recorded, budget=Budget.start(60)) for p in pupils]
    return [fitted.program.run(check.columns) for fitted, _ in fits]


def test_pieces_teach_what_all_rows_at_once_do(rows):
    sample, further, check = parts(rows)
    lesson = lesson_for(LEARNER, sample, budget=Budget.start(60), seed=1)
    matrix = np.vstack([lesson.train.matrix, lesson.encoding.matrix(further.columns)])
    assert np.isnan(matrix).any()
    known = known_bins(lesson, Labels.of(sample, lesson))
    labels = [Labels.of(each, lesson) for each in (sample, further)]
    target = np.concatenate([each.target for each in labels])
    weight = np.concatenate([each.weight for each in labels])
    whole = xgboost.QuantileDMatrix(
        in_float32(matrix), target, weight=weight, ref=known, max_bin=BINS
    )
    settings = LEARNER.settings_for(lesson, 1) | {"eta": 0.3, "max_bin": BINS}
    booster = xgboost.Booster(settings, [whole])
    for number in range(ROUNDS):
        booster.update(whole, number)
    wanted = lesson.program(read_steps(bytes(booster.save_raw("json")), lesson))
    (answers,) = streamed([LEARNER], rows)
    assert np.array_equal(answers, wanted.run(check.columns))


def test_one_reading_serves_both_libraries(rows):
    small = LightGBM(leaves=8)
    both = streamed([small, LEARNER], rows)
    alone = [streamed([each], rows)[0] for each in (small, LEARNER)]
    assert [each.tobytes() for each in both] == [each.tobytes() for each in alone]


def test_a_code_is_the_bin_of_a_number():
    matrix = np.array([[1.0], [2.0], [3.0], [np.nan]])
    known = xgboost.QuantileDMatrix(matrix, np.zeros(4), max_bin=BINS)
    codes = Codes.of(known)
    codes.take(np.array([[-9.0], [1.0], [2.5], [99.0], [np.nan]]), Labels(np.zeros(5), np.ones(5)))
    assert codes.pieces[0][0][:, 0].tolist() == [0, 0, 1, 2, BINS]


def test_a_second_library_takes_memory_of_its_own(rows):
    sample, _, _ = parts(rows)
    small = LightGBM()
    lesson = lesson_for(small, sample, budget=Budget.start(60), seed=1)
    alone, both = (bytes_of_row(each, lesson, sample) for each in ([small], [small, LEARNER]))
    assert both == alone + 6 * lesson.encoding.width
