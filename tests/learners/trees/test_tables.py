import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from modelwright.learners.trees.tables import Tree, node_table
from modelwright.predictor.operations.trees import Trees


@pytest.mark.parametrize(
    ("left", "words"), [([0] * 60, "several parents"), ([99] * 60, "lead nowhere")]
)
def test_nodes_that_make_no_tree_are_refused(left, words):
    ways, no = np.array(left), np.zeros(60)
    tree = Tree(np.zeros(60, int), no, ways, ways, no.astype(bool), no[:, None])
    with pytest.raises(ValueError, match=words):
        node_table([tree])


@st.composite
def shuffled_trees(draw) -> Tree:
    """Draw a tree whose nodes are numbered in no order, with the root first."""
    inner = draw(st.integers(0, 8))
    seed = draw(st.integers(0, 999))
    rng = np.random.default_rng(seed)
    size = 2 * inner + 1
    feature = np.full(size, -1)
    left, right = np.full((2, size), -1)
    names = np.concatenate([[0], 1 + rng.permutation(size - 1)]).astype(int)
    open_nodes, used = [0], 1
    for _ in range(inner):
        node = open_nodes.pop(rng.integers(len(open_nodes)))
        left[node], right[node] = names[used], names[used + 1]
        open_nodes += [names[used], names[used + 1]]
        feature[node] = rng.integers(3)
        used += 2
    return Tree(
        feature,
        rng.normal(size=size),
        left,
        right,
        rng.random(size) < 0.5,
        rng.normal(size=(size, 2)),
    )


def _walk(tree: Tree, row: np.ndarray) -> np.ndarray:
    node = 0
    while tree.feature[node] >= 0:
        number = row[tree.feature[node]]
        goes_left = tree.missing_left[node] if np.isnan(number) else number <= tree.threshold[node]
        node = tree.left[node] if goes_left else tree.right[node]
    return tree.values[node]


@given(st.lists(shuffled_trees(), min_size=1, max_size=4))
def test_tables_lead_every_row_to_the_leaf_that_the_trees_lead_it_to(trees):
    step = Trees(
        inputs=("x",),
        output="y",
        comparison="<=",
        outputs=np.full(len(trees), -1, dtype=np.int32),
        base=np.zeros(2),
        **node_table(trees),
    )
    assert step.check((3,)) == 2
    rows = np.random.default_rng(0).normal(size=(20, 3))
    rows[rows > 1] = np.nan
    expected = [sum(_walk(tree, row) for tree in trees) for row in rows]
    np.testing.assert_allclose(step.run(rows), expected, atol=1e-12)
