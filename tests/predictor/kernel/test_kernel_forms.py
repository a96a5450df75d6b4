from unittest.mock import patch

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fresh_kernel import EXTREMES, same_bits
from modelwright.errors import BundleError
from modelwright.predictor.kernel.forms import FormTiles
from modelwright.predictor.kernel.library import Library
from modelwright.predictor.operations.linear import Linear


def _form(weights: np.ndarray, bias: np.ndarray) -> Linear:
    return Linear(inputs=("x",), output="y", weights=weights, bias=bias)


@given(
    seed=st.integers(0, 2**32 - 1),
    rows=st.sampled_from([0, 1, 3, 70]),
    width=st.one_of(st.integers(0, 40), st.sampled_from([512, 1030])),
    outputs=st.integers(0, 40),
)
def test_the_kernel_has_the_bits_of_numpy(
    kernel: Library, seed: int, rows: int, width: int, outputs: int
):
    random = np.random.default_rng(seed)
    matrix = random.normal(size=(rows, width))
    matrix[random.random(matrix.shape) < random.random()] = random.choice([0.0, -0.0])
    matrix[random.random(matrix.shape) < 0.05] = random.choice(EXTREMES)
    form = _form(random.normal(size=(width, outputs)), random.choice([-0.0, 0.0, 0.1], outputs))
    by_kernel = FormTiles(form).multiply(matrix, kernel)
    with (
        patch("modelwright.predictor.operations.linear.library", lambda: None),
        np.errstate(all="ignore"),
    ):
        assert same_bits(by_kernel, form.run(matrix))
        for row in range(len(matrix)):
            assert same_bits(form.run(matrix[row : row + 1])[0], by_kernel[row])
            alone = FormTiles(form).multiply(matrix[row : row + 1], kernel)
            assert same_bits(alone[0], by_kernel[row])


def test_a_matrix_of_another_width_is_refused(kernel):
    tiles = FormTiles(_form(np.ones((3, 2)), np.zeros(2)))
    for width in (2, 4):
        with pytest.raises(ValueError, match="for 3 columns were given"):
            tiles.multiply(np.zeros((1, width)), kernel)


@pytest.mark.parametrize(
    ("weights", "bias"),
    [
        (np.ones((3, 2)), np.zeros(3)),
        (np.ones(3), np.zeros(3)),
        (np.ones((3, 2)), np.zeros((2, 1))),
        (np.full((3, 2), np.nan), np.zeros(2)),
    ],
)
def test_weights_that_nobody_checked_do_not_reach_the_kernel(weights, bias):
    with pytest.raises(BundleError, match="'y'"):
        FormTiles(_form(weights, bias))
