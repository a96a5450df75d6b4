import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from modelwright.learners.columns.bins import SMALLEST, bin_numbers, learn_edges, step_functions

numbers = st.floats(width=64) | st.sampled_from([0.0, 1.0, 2.0])
columns = st.lists(numbers, max_size=60).map(lambda each: np.array(each, dtype=np.float64))


@given(columns, columns, st.integers(2, 9))
def test_a_step_function_reads_the_height_of_the_bin(training, others, limit):
    edges = learn_edges(training, limit=limit)
    heights = np.arange(2.0 * (len(edges) + 1)).reshape(-1, 2)
    trees = step_functions([edges], [heights], matrix="x", output="y")
    assert trees.check((1,)) == 2
    for asked in (training, others):
        expected = heights[bin_numbers(asked, edges)]
        np.testing.assert_array_equal(trees.run(asked[:, None]), expected)


@given(columns, st.integers(2, 9))
def test_edges_rise_and_leave_no_bin_of_known_numbers_empty(training, limit):
    edges = learn_edges(training, limit=limit)
    assert edges[0] == SMALLEST
    assert (np.diff(edges) > 0).all()
    assert len(edges) <= limit
    known = training[np.isfinite(training) & (training > SMALLEST)]
    if len(known):
        assert set(bin_numbers(known, edges)) == set(range(1, len(edges) + 1))


def test_a_value_that_most_rows_share_leaves_room_for_the_others():
    spread = np.concatenate([np.zeros(950), np.arange(1.0, 51.0)])
    assert len(learn_edges(spread, limit=12)) > 6


def test_functions_of_several_columns_add_up():
    edges = [np.array([SMALLEST, 0.0]), np.array([SMALLEST])]
    heights = [np.array([[1.0], [2.0], [3.0]]), np.array([[10.0], [20.0]])]
    trees = step_functions(edges, heights, matrix="x", output="y")
    asked = np.array([[np.nan, np.nan], [-1.0, 5.0], [1.0, 5.0]])
    assert trees.run(asked)[:, 0].tolist() == [11.0, 22.0, 23.0]
