import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from modelwright.errors import BundleError
from modelwright.predictor.operations.ramps import Ramps


def _ramps(source: list[int], start: list[float], length: list[float]) -> Ramps:
    return Ramps(
        inputs=("x",),
        output="y",
        source=np.array(source, dtype=np.int32),
        start=np.array(start),
        length=np.array(length),
    )


def test_each_ramp_says_how_much_of_its_piece_lies_below():
    step = _ramps([1, 1, 0], [0.0, 2.0, -1.0], [2.0, 4.0, 1.0])
    matrix = np.array([[-0.5, 1.0], [-9.0, 3.0], [9.0, 99.0], [0.0, -np.inf]])
    assert step.run(matrix).tolist() == [[0.5, 0, 0.5], [1, 0.25, 0], [1, 1, 1], [0, 0, 1]]
    assert step.check((2,)) == 3


@given(st.lists(st.floats(allow_nan=False), min_size=1), st.floats(5e-324, 1e300))
def test_ramps_stay_between_0_and_1(numbers, length):
    risen = _ramps([0], [3.0], [length]).run(np.array(numbers)[:, None])
    assert ((risen >= 0) & (risen <= 1)).all()


def test_no_ramps_are_no_columns():
    step = _ramps([], [], [])
    assert step.check((2,)) == 0
    assert step.run(np.ones((3, 2))).shape == (3, 0)


@pytest.mark.parametrize(
    ("source", "start", "length"),
    [
        ([2], [0.0], [1.0]),
        ([-1], [0.0], [1.0]),
        ([0], [0.0, 1.0], [1.0]),
        ([0], [0.0], [0.0]),
        ([0], [np.nan], [1.0]),
        ([0], [0.0], [np.inf]),
    ],
)
def test_parameters_that_cannot_be_are_refused(source, start, length):
    with pytest.raises(BundleError, match="'y'"):
        _ramps(source, start, length).check((2,))
