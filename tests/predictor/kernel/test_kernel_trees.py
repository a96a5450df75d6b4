from unittest.mock import patch

import msgspec
import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from fresh_kernel import matrices, same_bits, trees
from modelwright.errors import BundleError
from modelwright.predictor.kernel.library import Library
from modelwright.predictor.kernel.trees import TreeWalk
from modelwright.predictor.operations.trees import Trees


def _by_numpy(step: Trees, matrix: np.ndarray) -> np.ndarray:
    with (
        patch("modelwright.predictor.operations.trees.library", lambda: None),
        np.errstate(all="ignore"),
    ):
        return step.run(matrix)


def _stump(**changed) -> Trees:
    step = Trees(
        inputs=("x",),
        output="y",
        comparison="<=",
        roots=np.zeros(1, np.int32),
        outputs=np.zeros(1, np.int32),
        feature=np.array([1, -1, -1], np.int32),
        threshold=np.zeros(3),
        left=np.array([1, 0, 1], np.int32),
        right=np.array([2, 0, 0], np.int32),
        missing_left=np.zeros(3, np.bool_),
        leaves=np.array([[-1.0], [1.0]]),
        base=np.zeros(1),
    )
    return msgspec.structs.replace(step, **changed)


@given(step=trees(), matrix=matrices())
def test_the_kernel_has_the_bits_of_numpy(kernel: Library, step: Trees, matrix: np.ndarray):
    step.check((3,))
    assert same_bits(TreeWalk(step).add_up(matrix, kernel), _by_numpy(step, matrix))


@given(step=trees(), matrix=matrices())
def test_a_row_alone_has_the_bits_of_the_batch(kernel: Library, step: Trees, matrix: np.ndarray):
    walk = TreeWalk(step)
    batch = walk.add_up(matrix, kernel)
    for row in range(len(matrix)):
        assert same_bits(walk.add_up(matrix[row : row + 1], kernel)[0], batch[row])


@given(
    step=trees(), rows=st.sampled_from([0, 1, 7, 8, 9, 33, 200]), width=st.sampled_from([3, 4000])
)
@example(step=_stump(), rows=5000, width=3)
def test_blocks_of_any_size_have_the_same_bits(kernel: Library, step: Trees, rows: int, width: int):
    matrix = np.random.default_rng(rows).normal(size=(rows, width))
    assert same_bits(TreeWalk(step).add_up(matrix, kernel), _by_numpy(step, matrix))


def test_any_layout_of_a_matrix_is_read(kernel):
    matrix = np.random.default_rng(0).normal(size=(20, 6))
    walk = TreeWalk(_stump())
    for turned in (np.asfortranarray(matrix), matrix[::2, ::3], matrix.astype(np.float32)):
        assert same_bits(walk.add_up(turned, kernel), _by_numpy(_stump(), turned))


def test_a_chain_of_a_hundred_thousand_nodes_ends(kernel):
    nodes = 100_001
    feature = np.zeros(nodes, np.int32)
    feature[-1] = -1
    following = np.minimum(np.arange(1, nodes + 1), nodes - 1).astype(np.int32)
    step = _stump(
        feature=feature,
        threshold=np.zeros(nodes),
        left=np.append(following[:-1], 0).astype(np.int32),
        right=following,
        missing_left=np.zeros(nodes, np.bool_),
    )
    assert TreeWalk(step).add_up(np.ones((3, 1)), kernel).tolist() == [[-1.0]] * 3


def test_a_tree_that_asks_nothing_needs_no_column(kernel):
    step = _stump(roots=np.array([2], np.int32))
    assert TreeWalk(step).add_up(np.zeros((2, 2)), kernel).tolist() == [[1.0], [1.0]]
    leaf = _stump(
        feature=np.array([-1], np.int32),
        threshold=np.zeros(1),
        left=np.zeros(1, np.int32),
        right=np.zeros(1, np.int32),
        missing_left=np.zeros(1, np.bool_),
    )
    assert TreeWalk(leaf).add_up(np.zeros((2, 0)), kernel).tolist() == [[-1.0], [-1.0]]


def test_a_matrix_that_is_too_narrow_is_refused(kernel):
    with pytest.raises(IndexError, match="ask 2 columns were given 1"):
        TreeWalk(_stump()).add_up(np.zeros((4, 1)), kernel)


@pytest.mark.parametrize(
    "changed",
    [
        {"left": np.array([0, 0, 1], np.int32)},
        {"right": np.array([9, 0, 0], np.int32)},
        {"left": np.array([1, 7, 1], np.int32)},
        {"roots": np.array([3], np.int32)},
        {"outputs": np.array([1], np.int32)},
        {"feature": np.array([-2, -1, -1], np.int32)},
        {"threshold": np.zeros(2)},
        {"leaves": np.zeros((2, 3))},
    ],
)
def test_tables_that_nobody_checked_do_not_reach_the_kernel(changed):
    with pytest.raises(BundleError, match="'y'"):
        TreeWalk(_stump(**changed))


def test_what_cannot_be_counted_in_32_bits_is_left_to_numpy():
    assert TreeWalk.fits(_stump())
    assert not TreeWalk.fits(_stump(feature=np.array([1 << 27, -1, -1], np.int32)))


def test_tables_that_change_later_do_not_change_the_walk(kernel):
    step = _stump()
    walk = TreeWalk(step)
    step.left[:] = 99
    assert walk.add_up(np.zeros((1, 2)), kernel).tolist() == [[-1.0]]
