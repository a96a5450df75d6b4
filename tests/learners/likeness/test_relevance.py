import numpy as np
import pytest

from modelwright.learners.likeness.centres import Centres
from modelwright.learners.likeness.relevance import stretch_by_slopes

POINTS = np.random.default_rng(0).uniform(0, 6, size=(200, 3))
CENTRES = Centres.at(POINTS[:60], np.ones(3), width=4.0)
WEIGHT = np.ones(200)


def test_the_column_that_tells_most_is_stretched_most():
    wanted = np.sin(POINTS[:, [0]]) + 0.2 * np.sin(POINTS[:, [1]])
    stretch = stretch_by_slopes(CENTRES, POINTS, wanted, WEIGHT)
    assert stretch[0] == 1.0
    assert 0.5 > stretch[1] > stretch[2]


def test_an_order_of_columns_changes_nothing_else():
    wanted = np.sin(POINTS[:, [0]])
    turned = Centres.at(POINTS[:60, ::-1], np.ones(3), width=4.0)
    found = stretch_by_slopes(turned, POINTS[:, ::-1], wanted, WEIGHT)
    assert found[::-1] == pytest.approx(stretch_by_slopes(CENTRES, POINTS, wanted, WEIGHT))


def test_of_a_target_that_never_varies_all_columns_tell_the_same():
    assert (stretch_by_slopes(CENTRES, POINTS, np.full((200, 1), 2.0), WEIGHT) == 1.0).all()
