import numpy as np
import pytest

from modelwright.predictor.likely import log_likely

DRAW = np.random.default_rng(0)


def test_numbers_near_the_answers_are_likelier():
    answers = DRAW.normal(size=(200, 1))
    truth = answers[:, 0] + DRAW.normal(size=200)
    _, now = log_likely((answers, truth), (np.zeros((3, 1)), np.array([0.0, 3.0, np.nan])))
    assert now[0] > now[1]
    assert now[2] == 0.0


def test_answers_that_were_too_sure_are_believed_less():
    truth = (DRAW.random(400) < 0.6).astype(float)
    sure, fair = np.tile([0.01, 0.99], (400, 1)), np.tile([0.4, 0.6], (400, 1))
    no = np.array([0.0])
    _, told_sure = log_likely((sure, truth), (sure[:1], no))
    _, told_fair = log_likely((fair, truth), (fair[:1], no))
    assert told_sure[0] == pytest.approx(told_fair[0], abs=0.4)
    assert told_sure[0] > np.log(0.01) / 2


def test_of_several_classes_it_is_what_was_answered():
    answers = np.array([[0.2, 0.3, 0.5]])
    _, now = log_likely((answers, np.array([2.0])), (answers, np.array([2.0])))
    assert now.tolist() == pytest.approx([np.log(0.5)])
