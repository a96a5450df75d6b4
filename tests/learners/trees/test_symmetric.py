import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from modelwright.learners.trees.symmetric import SymmetricTree, unfold
from modelwright.learners.trees.tables import node_table
from modelwright.predictor.operations.trees import Trees

NUMBERS = np.array([np.nan, -np.inf, -1.0, 0.0, 0.5, 1.0, 1.5, 2.0, np.inf])
EVERY_ROW = np.stack(np.meshgrid(NUMBERS, NUMBERS), axis=-1).reshape(-1, 2)


def _add_up(trees, matrix):
    """Sum what the leaves say whose index has the bits of the answers."""
    total = np.zeros((len(matrix), trees[0].values.shape[1]))
    for tree in trees:
        went_right = matrix[:, tree.feature] > tree.border
        total += tree.values[(went_right << np.arange(len(tree.feature))).sum(axis=1)]
    return total


def _unfolded(trees):
    width = trees[0].values.shape[1]
    return Trees(
        inputs=("x",),
        output="y",
        comparison="<=",
        outputs=np.full(len(trees), 0 if width == 1 else -1, dtype=np.int32),
        base=np.zeros(width),
        **node_table(unfold(trees)),
    )


@st.composite
def _forests(draw):
    width = draw(st.integers(1, 2))
    trees = []
    for _ in range(draw(st.integers(1, 4))):
        levels = draw(st.integers(0, 4))
        splits = draw(st.lists(st.sampled_from([0, 1]), min_size=levels, max_size=levels))
        borders = draw(
            st.lists(st.sampled_from([-1.0, 0.0, 1.0]), min_size=levels, max_size=levels)
        )
        leaves = width << levels
        values = draw(st.lists(st.sampled_from([0.0, 1.0, 2.5]), min_size=leaves, max_size=leaves))
        trees.append(
            SymmetricTree(
                np.array(splits, dtype=np.int64),
                np.array(borders),
                np.array(values).reshape(-1, width),
            )
        )
    return trees


@given(_forests())
def test_the_nodes_say_what_the_levels_say(trees):
    operation = _unfolded(trees)
    operation.check((2,))
    assert np.array_equal(operation.run(EVERY_ROW), _add_up(trees, EVERY_ROW))


def test_what_makes_no_difference_is_left_out():
    values = np.arange(8.0)[:, None]
    asked_again = SymmetricTree(np.array([0, 0, 0]), np.array([1.0, 0.0, 1.0]), values)
    assert len(_unfolded([asked_again]).leaves) == 3
    all_the_same = SymmetricTree(np.array([0, 1, 0]), np.array([1.0, 0.0, 0.0]), np.ones((8, 1)))
    assert _unfolded([all_the_same]).leaves.tolist() == [[1.0]]
    all_different = SymmetricTree(np.array([0, 1, 2]), np.zeros(3), values)
    assert len(_unfolded([all_different]).leaves) == 8
