import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from modelwright.errors import BundleError
from modelwright.predictor.operations.trees import Trees

pytestmark = pytest.mark.usefixtures("both_ways")


def _integers(*numbers: int) -> np.ndarray:
    return np.array(numbers, dtype=np.int32)


def _stump(**changed) -> Trees:
    """Return `x0 <= 1 ? 10 : (x1 <= 2 ? 20 : 30)`; missing goes left, then right."""
    step = Trees(
        inputs=("x",),
        output="y",
        comparison="<=",
        roots=_integers(0),
        outputs=_integers(0),
        feature=_integers(0, -1, 1, -1, -1),
        threshold=np.array([1.0, 0.0, 2.0, 0.0, 0.0]),
        left=_integers(1, 0, 3, 1, 2),
        right=_integers(2, 0, 4, 0, 0),
        missing_left=np.array([True, False, False, False, False]),
        leaves=np.array([[10.0], [20.0], [30.0]]),
        base=np.array([0.5]),
    )
    return msgspec.structs.replace(step, **changed)


ROWS = np.array([[1.0, 9.0], [2.0, 2.0], [2.0, 2.1], [np.nan, 9.0], [2.0, np.nan], [-np.inf, 0]])


def test_rows_reach_their_leaves():
    assert _stump().check((2,)) == 1
    assert _stump().run(ROWS)[:, 0].tolist() == [10.5, 20.5, 30.5, 10.5, 30.5, 10.5]


def test_less_than_sends_an_equal_number_right():
    answers = _stump(comparison="<").run(ROWS)
    assert answers[:2, 0].tolist() == [30.5, 30.5]


def test_the_scale_is_applied_before_the_base_is_added():
    assert _stump(scale=0.1).run(ROWS[:1])[0, 0] == 0.5 + 0.1 * 10.0


def test_a_sum_starts_at_zero():
    step = _stump(leaves=np.full((3, 1), -0.0), base=np.array([-0.0]))
    assert not np.signbit(step.run(ROWS)).any()


def test_trees_add_to_their_outputs_and_a_column_without_trees_keeps_its_base():
    step = _stump(roots=_integers(0, 2), outputs=_integers(2, 0), base=np.array([1.0, 2.0, 3.0]))
    assert step.check((2,)) == 3
    assert step.run(ROWS[:1]).tolist() == [[31.0, 2.0, 13.0]]


def test_leaves_may_hold_all_columns():
    step = _stump(leaves=np.arange(6.0).reshape(3, 2), outputs=_integers(-1), base=np.zeros(2))
    assert step.check((2,)) == 2
    assert step.run(ROWS[:2]).tolist() == [[0.0, 1.0], [2.0, 3.0]]


def test_a_tree_may_be_a_single_leaf():
    assert _stump(roots=_integers(1)).run(ROWS)[:, 0].tolist() == [10.5] * 6


@given(st.lists(st.lists(st.floats(), min_size=2, max_size=2), min_size=1, max_size=30))
def test_a_row_alone_has_the_bits_of_the_batch(rows):
    step = _stump(roots=_integers(*[0, 2, 0] * 40), outputs=_integers(*[0] * 120), scale=1 / 3)
    matrix = np.array(rows)
    alone = np.concatenate([step.run(matrix[row : row + 1]) for row in range(len(matrix))])
    assert np.array_equal(step.run(matrix), alone)


@pytest.mark.parametrize(
    "changed",
    [
        {"left": _integers(0, 0, 3, 1, 2)},  # a cycle of one
        {"right": _integers(2, 0, 0, 0, 0)},  # a cycle of two
        {"left": _integers(1, 0, 5, 1, 2)},  # beyond the table
        {"left": _integers(1, 0, -3, 1, 2)},
        {"left": _integers(1, 3, 3, 1, 2)},  # a leaf that is not there
        {"left": _integers(1, -1, 3, 1, 2)},
        {"feature": _integers(2, -1, 1, -1, -1)},  # a column that is not there
        {"feature": _integers(0, -2, 1, -1, -1)},
        {"threshold": np.array([np.nan, 0.0, 2.0, 0.0, 0.0])},
        {"threshold": np.array([np.inf, 0.0, 2.0, 0.0, 0.0])},
        {"threshold": np.array([1.0, 0.0, 2.0])},
        {"missing_left": np.array([True])},
        {"roots": _integers(5)},
        {"roots": _integers(-1)},
        {"roots": _integers(), "outputs": _integers()},
        {"roots": np.array([[0]], dtype=np.int32)},
        {"outputs": _integers(1)},
        {"outputs": _integers(-2)},
        {"outputs": _integers(0, 0)},
        {"leaves": np.array([10.0, 20.0, 30.0])},
        {"leaves": np.array([[10.0], [20.0]])},
        {"leaves": np.array([[10.0], [20.0], [np.nan]])},
        {"leaves": np.ones((3, 2))},
        {"base": np.array([np.inf])},
        {"base": np.zeros((1, 1))},
        {"base": np.zeros(0)},
        {"base": np.zeros(2), "outputs": _integers(-1)},
        {"scale": float("nan")},
        {"feature": np.zeros(0, dtype=np.int32)},
    ],
)
def test_hostile_tables_are_refused(changed):
    with pytest.raises(BundleError, match="'y'"):
        _stump(**changed).check((2,))
