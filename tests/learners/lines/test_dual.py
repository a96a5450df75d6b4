import numpy as np
import pytest
from scipy import sparse

from modelwright.learners.lines import dual
from modelwright.learners.lines.descent import Problem, descend
from modelwright.learners.lines.dual import axes_of
from modelwright.learners.lines.factored import Factored
from modelwright.learners.lines.raw_losses import raw_loss
from modelwright.learners.loss import Loss


def _wide(rows: int, width: int, seed: int) -> Factored:
    draw = np.random.default_rng(seed)
    inner = draw.normal(size=(rows, width)) * (draw.uniform(size=(rows, width)) < 0.3)
    return _factored(np.concatenate([np.ones((rows, 1)), inner], axis=1))


def _factored(matrix: np.ndarray) -> Factored:
    """Return a matrix as a product, whose places are twice its columns."""
    halves = np.repeat(0.5 * np.eye(matrix.shape[1]), 2, axis=0)
    doubled = np.repeat(matrix, 2, axis=1)
    return Factored(sparse.csr_array(doubled), sparse.csr_array(halves))


@pytest.mark.parametrize(("kind", "outputs"), [("regression", 1), ("binary", 1), ("multiclass", 3)])
@pytest.mark.parametrize("penalty", [10.0, 0.5])
def test_the_path_along_the_rows_ends_where_that_along_the_columns_does(kind, outputs, penalty):
    design = _wide(30, 200, seed=0)
    target = np.random.default_rng(1).integers(0, max(2, outputs), size=30).astype(float)
    losses = raw_loss(kind, Loss())
    axes = axes_of(design, outputs)
    turned = axes.turn(design)
    assert turned.shape == (30, 31)

    def end(matrix):
        problem = Problem(matrix, target, np.ones(30), losses, outputs)
        start = np.zeros((matrix.shape[1], outputs))
        return descend(problem, start, penalty=penalty, out_of_time=bool).coefficients

    other = _wide(10, 200, seed=2)
    short, plain = end(turned), end(design)
    back = axes.back(short)
    np.testing.assert_allclose(other @ back, other @ plain, atol=0.02)
    np.testing.assert_allclose(axes.turn(other) @ short, other @ back, atol=1e-6)
    np.testing.assert_allclose(np.linalg.norm(back[1:]), np.linalg.norm(short[1:]), rtol=1e-6)


def test_rows_that_are_the_same_have_axes():
    design = _factored(np.ones((3, 1)) * [1.0, 2.0, 0.0, 1.0, 3.0])
    axes = axes_of(design, 1)
    turned = axes.turn(design)
    assert turned.shape == (3, 4)
    coefficients = np.concatenate([[[1.0]], turned[:1, 1:].T])
    np.testing.assert_allclose(design @ axes.back(coefficients), turned @ coefficients, rtol=1e-6)


@pytest.mark.parametrize("design", [_wide(50, 10, seed=0), _factored(np.ones((1, 1)))])
def test_columns_that_are_fewer_than_rows_stay(design):
    axes = axes_of(design, 1)
    assert axes.turn(design) is design
    coefficients = np.ones((design.shape[1], 1))
    assert axes.back(coefficients) is coefficients


def test_columns_without_a_number_have_axes():
    design = _factored(np.eye(3, 20, dtype=float) * [[0.0]] + np.eye(20)[0])
    axes = axes_of(design, 1)
    assert np.isfinite(axes.back(np.ones((4, 1)))).all()


def test_rows_of_very_many_numbers_stay(monkeypatch):
    design = _wide(30, 200, seed=0)
    monkeypatch.setattr(dual, "_MOST_PRODUCTS", 30 * design.left.nnz - 1)
    assert axes_of(design, 1).turn(design) is design
    assert axes_of(design, 3).turn(design) is not design
