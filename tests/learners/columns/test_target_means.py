import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from modelwright.learners.columns.target_means import (
    FOLDS,
    Outcomes,
    draw_folds,
    fold_means,
    out_of_fold_means,
    outcomes_of,
    smoothed_means,
)
from modelwright.testing import example_rows


@given(st.lists(st.tuples(st.integers(0, 4), st.floats(-9, 9)), min_size=1, max_size=40))
def test_means_lie_between_the_smallest_and_the_largest_outcome(rows):
    codes = np.array([code for code, _ in rows])
    values = np.array([[value] for _, value in rows])
    outcomes = Outcomes(values, np.ones(len(rows)))
    table = smoothed_means(codes, outcomes, size=6)
    drawn = out_of_fold_means(codes, outcomes, size=6, seed=0)
    for means in (table, drawn):
        assert (means >= values.min() - 1e-9).all()
        assert (means <= values.max() + 1e-9).all()
    np.testing.assert_allclose(table[5], values.mean(), atol=1e-9)


def test_a_row_of_weight_two_counts_as_two_rows():
    codes, values = np.array([0, 0, 1]), np.array([[0.0], [1.0], [1.0]])
    weighed = smoothed_means(codes, Outcomes(values, np.array([1.0, 2.0, 1.0])), size=2)
    twice = np.array([0, 1, 1, 2])
    repeated = smoothed_means(codes[twice], Outcomes(values[twice], np.ones(4)), size=2)
    np.testing.assert_allclose(weighed, repeated)


def test_outcomes_of_classes_are_one_column_each():
    rows = example_rows("multiclass", count=50, seed=0)
    outcomes = outcomes_of(rows)
    assert (outcomes.values.argmax(axis=1) == rows.target).all()
    np.testing.assert_array_equal(outcomes.weight, rows.weight)


def test_a_fold_gets_the_means_of_the_others():
    draw = np.random.default_rng(0)
    codes, fold = draw.integers(0, 4, size=200), draw_folds(200, seed=3)
    outcomes = Outcomes(draw.normal(size=(200, 2)), draw.uniform(1, 2, size=200))
    means = fold_means(codes, outcomes, size=5, fold=fold)
    for number in range(FOLDS):
        others = fold != number
        kept = Outcomes(outcomes.values[others], outcomes.weight[others])
        expected = smoothed_means(codes[others], kept, size=5)
        np.testing.assert_allclose(means.tables[number], expected)
    drawn = out_of_fold_means(codes, outcomes, size=5, seed=3)
    np.testing.assert_array_equal(drawn, means.of(codes))


def test_codes_of_two_bytes_give_the_same_means():
    codes = np.arange(600, dtype=np.int16) % 300
    outcomes = Outcomes(np.random.default_rng(0).normal(size=(600, 1)), np.ones(600))
    wide = out_of_fold_means(codes.astype(np.int64), outcomes, size=300, seed=0)
    np.testing.assert_array_equal(out_of_fold_means(codes, outcomes, size=300, seed=0), wide)


def test_rows_without_weight_have_the_mean_zero():
    outcomes = Outcomes(np.ones((2, 1)), np.zeros(2))
    assert smoothed_means(np.array([0, 1]), outcomes, size=2).tolist() == [[0.0], [0.0]]
