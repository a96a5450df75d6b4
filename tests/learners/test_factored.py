import numpy as np
from scipy import sparse

from modelwright.learners.factored import Factored


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
