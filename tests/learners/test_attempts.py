import numpy as np

from modelwright.compute.crews.here import Here
from modelwright.learners.attempts import Attempt, Practice
from modelwright.learners.registry import LEARNERS
from modelwright.testing import example_rows


def test_answers_come_in_the_order_of_the_attempts():
    rows = example_rows("binary", count=120, seed=1)
    every = np.arange(len(rows))
    learner = LEARNERS["constant"]
    attempts = [Attempt(learner, every[:size], every[size:], 0, 0) for size in (40, 60, 100)]
    answers = Practice.open(rows, Here(workers=2)).answers(attempts)
    assert [len(each) for each in answers] == [80, 60, 20]
    shares = [rows.target[:size].mean() for size in (40, 60, 100)]
    assert np.allclose([each[0, 1] for each in answers], shares, atol=0.05)
