import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from modelwright.errors import BundleError
from modelwright.predictor.operations.numbers import Impute, MissingFlags, RoundToFloat32, Scale

ENDS = {"inputs": ("x",), "output": "y"}
ONE, TWO, NAN = np.ones(1), np.ones(2), np.array([np.nan])


def test_missing_numbers_are_filled_and_flagged():
    matrix = np.array([[1.0, np.nan], [np.nan, np.inf]])
    filled = Impute(**ENDS, fill=np.array([7.0, 8.0])).run(matrix)
    assert filled.tolist() == [[1, 8], [7, np.inf]]
    assert MissingFlags(**ENDS).run(matrix).tolist() == [[0, 1], [1, 0]]


@given(st.lists(st.floats(), min_size=1), st.floats(0.1, 99))
def test_scaled_numbers_stay_inside_the_limit(numbers, limit):
    step = Scale(**ENDS, center=np.array([3.0]), scale=np.array([1e-300]), limit=limit)
    scaled = step.run(np.array(numbers)[:, None])
    assert (np.isnan(scaled[:, 0]) == np.isnan(numbers)).all()
    assert (np.abs(scaled[~np.isnan(scaled)]) <= limit).all()


@given(st.lists(st.floats(), min_size=1))
def test_rounding_is_to_the_nearest_float32(numbers):
    rounded = RoundToFloat32(**ENDS).run(np.array(numbers)[:, None])[:, 0]
    with np.errstate(over="ignore"):
        expected = [float(np.float32(number)) for number in numbers]
    np.testing.assert_array_equal(rounded, expected)


@pytest.mark.parametrize(
    "step",
    [
        Impute(**ENDS, fill=TWO),
        Impute(**ENDS, fill=NAN),
        Scale(**ENDS, center=TWO, scale=ONE, limit=1.0),
        Scale(**ENDS, center=ONE, scale=ONE * 0, limit=1.0),
        Scale(**ENDS, center=ONE, scale=NAN, limit=1.0),
        Scale(**ENDS, center=NAN, scale=ONE, limit=1.0),
        Scale(**ENDS, center=ONE, scale=ONE, limit=0.0),
        Scale(**ENDS, center=ONE, scale=ONE, limit=float("nan")),
    ],
)
def test_parameters_that_cannot_be_are_refused(step):
    with pytest.raises(BundleError, match="'y'"):
        step.check((1,))
