import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from modelwright.errors import BundleError
from modelwright.predictor.operations.linear import Columns, Constant, Linear

pytestmark = pytest.mark.usefixtures("both_ways")

ENDS = {"inputs": ("x",), "output": "y"}


@given(arrays(np.float64, (6, 4), elements=st.floats(-1e6, 1e6)))
def test_a_linear_form_is_the_product_and_the_same_alone(matrix):
    weights = np.random.default_rng(0).normal(size=(4, 3))
    step = Linear(**ENDS, weights=weights, bias=np.ones(3))
    answers = step.run(matrix)
    np.testing.assert_allclose(answers, matrix @ weights + 1, rtol=1e-9, atol=1e-6)
    alone = np.concatenate([step.run(matrix[row : row + 1]) for row in range(6)])
    assert np.array_equal(answers, alone)


@pytest.mark.parametrize("width", [0, 1, 5])
@pytest.mark.parametrize("outputs", [0, 1, 9])
@pytest.mark.parametrize("rows", [0, 1, 40])
def test_any_shape_gives_one_number_per_row_and_output(rows, width, outputs):
    step = Linear(**ENDS, weights=np.ones((width, outputs)), bias=np.full(outputs, 0.5))
    assert step.run(np.ones((rows, width))).tolist() == [[0.5 + width] * outputs] * rows


def test_columns_stand_side_by_side_and_a_constant_fills_all_rows():
    left, right = np.zeros((2, 1)), np.ones((2, 2))
    assert Columns(inputs=("a", "b"), output="y").run(left, right).tolist() == [[0, 1, 1]] * 2
    assert Constant(**ENDS, answer=np.array([1.0, 2.0])).run(left).tolist() == [[1, 2]] * 2


@pytest.mark.parametrize(
    "step",
    [
        Constant(**ENDS, answer=np.array([np.nan])),
        Constant(**ENDS, answer=np.zeros((1, 1))),
        Linear(**ENDS, weights=np.zeros((2, 1)), bias=np.zeros(1)),
        Linear(**ENDS, weights=np.zeros((1, 2)), bias=np.zeros(1)),
        Linear(**ENDS, weights=np.zeros(1), bias=np.zeros(1)),
        Linear(**ENDS, weights=np.array([[np.inf]]), bias=np.zeros(1)),
        Linear(**ENDS, weights=np.zeros((1, 1)), bias=np.array([np.nan])),
        Linear(**ENDS, weights=np.zeros((1, 1)), bias=np.zeros((1, 1))),
        Linear(**ENDS, weights=np.zeros((1, 1)), bias=np.array(0.0)),
    ],
)
def test_parameters_that_do_not_fit_are_refused(step):
    with pytest.raises(BundleError, match="'y'"):
        step.check((1,))
