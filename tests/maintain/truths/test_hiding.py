import numpy as np

from flights_example import make_program
from modelwright.maintain.truths.hiding import Hiding


def test_no_row_stands_for_itself_and_all_give_once():
    hiding = Hiding(make_program(), {"temp": np.zeros(1010)})
    given = [hiding._donors(1010, part) for part in (0.0, 1 / 3, 2 / 3)]
    for each in given:
        assert not (each == np.arange(1010)).any()
        assert len(set(each.tolist())) == 1010
    assert not (given[0] == given[1]).any()
