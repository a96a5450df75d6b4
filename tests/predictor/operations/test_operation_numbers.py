import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from modelwright.errors import BundleError
from modelwright.predictor.operations.numbers import (
    Impute,
    MissingFlags,
    RoundToFloat32,
    Scale,
    SmoothClip,
)

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


@given(st.lists(st.floats(allow_nan=False), min_size=1), st.floats(0.1, 99))
def test_bent_numbers_stay_in_order_and_inside_the_limit(numbers, limit):
    ordered = np.sort(np.array(numbers))
    bent = SmoothClip(**ENDS, limit=limit).run(ordered[:, None])[:, 0]
    assert (np.abs(bent) <= limit * (1 + 1e-15)).all()
    assert (np.diff(bent) >= -1e-12 * limit).all()
    near = np.abs(ordered) < 1e-6
    np.testing.assert_allclose(bent[near], ordered[near], rtol=1e-9)


def test_bending_is_as_published():
    bent = SmoothClip(**ENDS, limit=3.0).run(np.array([[0.0, 4.0, -np.inf, np.nan]]))
    np.testing.assert_allclose(bent, [[0.0, 2.4, -3.0, np.nan]], rtol=1e-12)


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
        SmoothClip(**ENDS, limit=0.0),
        SmoothClip(**ENDS, limit=float("nan")),
    ],
)
def test_parameters_that_cannot_be_are_refused(step):
    with pytest.raises(BundleError, match="'y'"):
        step.check((1,))
