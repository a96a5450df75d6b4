import numpy as np
import pytest

from modelwright.predictor.reference.likely import log_likely

DRAW = np.random.default_rng(0)


def test_numbers_near_the_answers_are_likelier():
    answers = DRAW.normal(size=(200, 1))
    truth = answers[:, 0] + DRAW.normal(size=200)
    _, now = log_likely((answers, truth), (np.zeros((3, 1)), np.array([0.0, 3.0, np.nan])))
    assert now[0] > now[1]
    assert np.isnan(now[2])


@pytest.mark.filterwarnings("error")
def test_where_no_label_is_known_nothing_is_told():
    for outputs in (1, 2, 3):
        answers = np.full((60, outputs), 1 / outputs)
        truth = np.where(np.arange(60) % 3 == 0, np.nan, np.arange(60) % 2)
        before, now = log_likely((answers, truth), (answers, truth))
        assert np.array_equal(np.isnan(before), np.isnan(truth))
        assert np.array_equal(np.isnan(now), np.isnan(truth))


def test_answers_that_were_too_sure_are_believed_less():
    truth = (DRAW.random(400) < 0.6).astype(float)
    sure, fair = np.tile([0.01, 0.99], (400, 1)), np.tile([0.4, 0.6], (400, 1))
    no = np.array([0.0])
    _, told_sure = log_likely((sure, truth), (sure[:1], no))
    _, told_fair = log_likely((fair, truth), (fair[:1], no))
    assert told_sure[0] == pytest.approx(told_fair[0], abs=0.4)
    assert told_sure[0] > np.log(0.01) / 2


def test_of_several_classes_it_is_what_was_answered():
    answers = np.array([[0.2, 0.3, 0.5]] * 10)
    truth = np.repeat([0.0, 1.0, 2.0], [2, 3, 5])
    _, now = log_likely((answers, truth), (answers, truth))
    assert np.exp(now) == pytest.approx([0.2] * 2 + [0.3] * 3 + [0.5] * 5, abs=0.02)


def test_of_several_classes_too_sure_answers_are_believed_less_and_sum_to_one():
    sure = np.tile([1.0, 0.0, 0.0, 0.0], (400, 1))
    truth = np.where(DRAW.random(400) < 0.6, 0.0, DRAW.integers(1, 4, 400))
    _, now = log_likely((sure, truth), (sure[:4], np.arange(4.0)))
    assert np.exp(now).sum() == pytest.approx(1.0)
    assert np.exp(now[0]) == pytest.approx(0.6, abs=0.1)
