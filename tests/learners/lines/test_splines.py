import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from modelwright.learners.lines.splines import FAR, LIMIT, learn_spline

numbers = st.floats(width=64) | st.sampled_from([0.0, 1.0, 2.0, 0.1])
columns = st.lists(numbers, max_size=60).map(lambda each: np.array(each, dtype=np.float64))


@given(columns, columns, st.integers(2, 9))
def test_any_numbers_have_knots_that_rise_and_functions_that_are_finite(training, others, limit):
    spline = learn_spline(training, limit=limit)
    assert (np.diff(spline.knots) > 0).all()
    assert np.isfinite(spline.knots).all()
    assert len(spline.knots) <= limit + 4
    assert np.isfinite(spline.basis.toarray()).all()
    for asked in (training, others):
        shares = spline.shares(asked).toarray()
        assert shares.shape == (len(asked), len(spline.knots))
        assert ((shares >= 0) & (shares <= 1)).all()
        np.testing.assert_allclose(shares.sum(axis=1), 1.0, rtol=1e-12)


@given(columns, st.integers(2, 9))
def test_no_function_of_a_basis_says_what_the_others_do(training, limit):
    spline = learn_spline(training, limit=limit)
    basis = spline.basis.toarray()
    assert np.linalg.matrix_rank(basis, tol=1e-9) == spline.width


def test_shares_read_a_curve_between_its_knots():
    draw = np.random.default_rng(0)
    training = draw.normal(size=500)
    spline = learn_spline(training, limit=20)
    coefficients = draw.normal(size=(spline.width, 2))
    asked = np.concatenate([3.0 * training, spline.knots, [-np.inf, np.inf]])
    heights = spline.heights(coefficients)
    for column in range(2):
        expected = np.interp(asked, spline.knots, heights[:, column])
        found = spline.shares(asked) @ heights[:, column]
        np.testing.assert_allclose(found, expected, rtol=1e-9, atol=1e-12)


def test_finer_hats_are_lower_and_none_is_needed_where_the_line_tells():
    spline = learn_spline(np.arange(101.0), limit=16)
    line, *hats = spline.basis.toarray().T
    np.testing.assert_allclose(line[[0, -1]], [-LIMIT, LIMIT])
    assert all((hat[:2] == 0).all() and (hat[-2:] == 0).all() for hat in hats)
    heights = [hat.max() for hat in hats]
    assert heights == sorted(heights, reverse=True)


def test_numbers_of_another_world_can_be_told_apart():
    few = np.concatenate([np.linspace(0.0, 1.0, 900), np.repeat([9e3, 99_999.0], [60, 40])])
    spline = learn_spline(few, limit=24)
    wanted = np.where(few == 9e3, -3.0, few > 2.0).astype(float)
    design = spline.shares(few) @ spline.basis.toarray()
    found = design @ np.linalg.lstsq(design, wanted, rcond=None)[0]
    np.testing.assert_allclose(found, wanted, atol=0.02)


def test_a_missing_number_is_taken_to_be_the_median():
    spline = learn_spline(np.array([1.0, 2.0, 9.0, np.nan]), limit=8)
    coefficients = np.arange(1.0, 1.0 + spline.width)[:, None]
    expected = spline.shares(np.array([2.0])) @ spline.heights(coefficients)
    for asked in ([np.nan], [2.0]):
        found = spline.shares(np.array(asked)) @ spline.heights(coefficients)
        np.testing.assert_array_equal(found, expected)
    np.testing.assert_array_equal(spline.usually(coefficients), expected)


@pytest.mark.parametrize("constant", [0.0, 0.1, -7.0, 1e16, 1e99, -1.7e308, 5e-324])
def test_a_column_of_one_number_has_a_line(constant):
    spline = learn_spline(np.full(1_000, constant), limit=8)
    assert spline.width >= 1
    middle = np.clip(constant, -FAR, FAR)
    assert spline.knots[0] < middle < spline.knots[-1]


@pytest.mark.parametrize("nothing", [[], [np.nan], [np.inf, -np.inf]])
def test_a_column_without_a_number_has_a_line(nothing):
    spline = learn_spline(np.array(nothing), limit=8)
    assert spline.width == 1
    assert spline.usual == 0.0
