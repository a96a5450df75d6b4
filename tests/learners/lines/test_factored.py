import numpy as np
import pytest
from scipy import sparse

from modelwright.learners.lines import factored
from modelwright.learners.lines.factored import Factored, side_by_side


def test_a_product_does_what_the_matrix_does():
    draw = np.random.default_rng(0)
    left, right = draw.normal(size=(7, 5)), draw.normal(size=(5, 3))
    matrix = Factored(sparse.csr_array(left), sparse.csr_array(right))
    whole = left @ right
    assert matrix.shape == whole.shape
    assert matrix.T.shape == whole.T.shape
    coefficients, slopes = draw.normal(size=(3, 2)), draw.normal(size=(7, 2))
    np.testing.assert_allclose(matrix @ coefficients, whole @ coefficients)
    np.testing.assert_allclose(matrix.T @ slopes, whole.T @ slopes)
    np.testing.assert_allclose(matrix.whole().toarray(), whole)
    rows = np.array([6, 0])
    np.testing.assert_allclose(matrix.take(rows).whole().toarray(), whole[rows])


@pytest.mark.parametrize("at_once", [1, 10, 1_000])
def test_matrices_side_by_side_are_those_of_scipy(at_once, monkeypatch):
    monkeypatch.setattr(factored, "_NUMBERS_AT_ONCE", at_once)
    draw = np.random.default_rng(1)
    dense = [draw.normal(size=(7, n)) * (draw.uniform(size=(7, n)) < 0.4) for n in (3, 1, 5)]
    parts = [sparse.csr_array(each) for each in (*dense, np.zeros((7, 2)))]
    joined, theirs = side_by_side(iter(parts)), sparse.hstack(parts, format="csr")
    assert joined.shape == theirs.shape
    for name in ("data", "indices", "indptr"):
        np.testing.assert_array_equal(getattr(joined, name), getattr(theirs, name))
    assert joined.indices.dtype == np.int32
