import numpy as np
import pytest

from modelwright.predictor.operations.activation import Activation

ENDS = {"inputs": ("x",), "output": "y"}


def test_relu_keeps_what_is_above_zero():
    numbers = np.array([[-2.0, -0.0, 3.0, np.inf, -np.inf]])
    assert Activation(**ENDS, kind="relu").run(numbers).tolist() == [[0, 0, 3, np.inf, 0]]


def test_silu_is_the_number_times_its_sigmoid():
    numbers = np.linspace(-30, 30, 121)[:, None]
    expected = numbers / (1 + np.exp(-numbers))
    np.testing.assert_allclose(Activation(**ENDS, kind="silu").run(numbers), expected, rtol=1e-12)


def test_silu_of_large_numbers_is_finite():
    numbers = np.array([[-1e300, -800.0, 800.0, 1e300]])
    assert Activation(**ENDS, kind="silu").run(numbers).tolist() == [[0, 0, 800, 1e300]]


def test_tanh_is_the_hyperbolic_tangent():
    numbers = np.array([[-np.inf, -1e308, -3.0, -1e-3, 0.0, 0.5, 30.0, np.nan]])
    bent = Activation(**ENDS, kind="tanh").run(numbers)
    np.testing.assert_allclose(bent, np.tanh(numbers), atol=1e-15)


def test_a_logarithm_of_too_little_is_that_of_the_least():
    numbers = np.array([[1e-300, 1.0, np.e, np.inf, np.nan, 0.0, -0.0, -5.0, -np.inf]])
    least = np.log(1e-300)
    expected = [[least, 0.0, 1.0, np.inf, np.nan, least, least, least, least]]
    np.testing.assert_array_equal(Activation(**ENDS, kind="logarithm").run(numbers), expected)


@pytest.mark.parametrize("kind", ["relu", "silu", "tanh", "logarithm"])
def test_a_row_alone_has_the_bits_of_the_batch(kind):
    step = Activation(**ENDS, kind=kind)
    matrix = np.random.default_rng(0).normal(scale=9.0, size=(101, 37))
    for layout in (matrix, np.asfortranarray(matrix)):
        together = step.run(layout)
        for row in range(len(matrix)):
            assert step.run(matrix[row : row + 1])[0].tobytes() == together[row].tobytes()


def test_its_width_is_that_of_its_input():
    assert Activation(**ENDS, kind="relu").check((5,)) == 5
