"""What the kernel does with the registers of other processors, to the bits of this one's."""

import numpy as np
import pytest

from fresh_kernel import EXTREMES, compile_library, same_bits
from grown_trees import grown, numbers
from modelwright.predictor.kernel.bends import bend
from modelwright.predictor.kernel.forms import FormTiles
from modelwright.predictor.kernel.library import Library
from modelwright.predictor.kernel.trees import TreeWalk
from modelwright.predictor.operations.activation import Activation
from modelwright.predictor.operations.linear import Linear

WIDTH = 5


@pytest.fixture(scope="module", params=[16, 32, 64])
def kernel(request, tmp_path_factory) -> Library:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CC", f"cc -DMOST_BYTES={request.param}")
        return compile_library(tmp_path_factory.mktemp("registers"))


def _numbers(rows: int, width: int) -> np.ndarray:
    random = np.random.default_rng(rows * 1000 + width)
    numbers = random.normal(size=(rows, width)) * 3
    odd = random.random(numbers.shape) < 0.3
    numbers[odd] = random.choice(EXTREMES, odd.sum())
    return numbers


@pytest.mark.parametrize("kind", ["silu", "tanh"])
@pytest.mark.parametrize("shape", [(0, 3), (1, 1), (1, 7), (3, 8), (40, 17)])
def test_sums_are_bent_to_the_bits_of_numpy(kernel, kind, shape, monkeypatch):
    monkeypatch.setattr("modelwright.predictor.operations.activation.library", lambda: None)
    numbers = _numbers(*shape)
    with np.errstate(all="ignore"):
        expected = Activation(inputs=("x",), output="y", kind=kind).run(numbers)
        assert same_bits(bend(kind, numbers, kernel), expected)


@pytest.mark.parametrize("rows", [1, 3, 4, 70])
@pytest.mark.parametrize("narrow", [True, False])
def test_rows_in_a_tile_have_the_bits_of_a_row_alone(kernel, rows, narrow, monkeypatch):
    monkeypatch.setattr("modelwright.predictor.operations.linear.library", lambda: None)
    weights = np.random.default_rng(3).normal(size=(WIDTH, 32 + 8 + 3))
    weights = weights.astype(np.float32).astype(np.float64) if narrow else weights
    form = Linear(inputs=("x",), output="y", weights=weights, bias=np.ones(43))
    matrix = _numbers(rows, WIDTH)
    answers = FormTiles(form).multiply(matrix, kernel)
    with np.errstate(all="ignore"):
        assert same_bits(answers, form.run(matrix))
    for row in range(rows):
        assert same_bits(FormTiles(form).multiply(matrix[row : row + 1], kernel)[0], answers[row])


@pytest.mark.parametrize("width", [4, 100])
@pytest.mark.parametrize("columns", [1, 2])
def test_rows_walk_trees_of_codes_with_the_bits_of_other_walks(kernel, width, columns):
    random = np.random.default_rng(6)
    # More than walk side by side.
    sizes = [1, 2, 65, 256, 17] * 12 + [3, 20] * 80
    walk = TreeWalk(grown(random, sizes, columns=columns, width=width))
    matrix = numbers(random, 70, width=width)
    assert walk.codes is not None
    walked = walk._walk(matrix, kernel)
    assert same_bits(walk.codes.add_up(matrix, kernel), walked)
    assert same_bits(walk.add_up(matrix, kernel), walked)
