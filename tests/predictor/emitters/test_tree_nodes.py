import numpy as np
import pytest

from modelwright.predictor.emitters.tree_nodes import TreeNodes, tree_nodes
from modelwright.predictor.operations.trees import Trees


def _trees(**changed) -> Trees:
    """Return one tree that asks column 0 and then column 1, breadth first."""
    given = {
        "inputs": ("x",),
        "output": "y",
        "comparison": "<=",
        "roots": np.array([0], dtype=np.int32),
        "outputs": np.array([0], dtype=np.int32),
        "feature": np.array([0, 1, -1, -1, -1], dtype=np.int32),
        "threshold": np.array([1.0, 2.0, 0.0, 0.0, 0.0]),
        "left": np.array([1, 3, 0, 1, 2], dtype=np.int32),
        "right": np.array([2, 4, 0, 0, 0], dtype=np.int32),
        "missing_left": np.array([True, False, False, False, False]),
        "leaves": np.array([[10.0], [20.0], [30.0]]),
        "base": np.zeros(1),
    }
    return Trees(**(given | changed))


def _walk(nodes: TreeNodes, root: int, row: list[float]) -> float:
    at = root
    while nodes.asks[at]:
        column, missing_left = divmod(int(nodes.asks[at]) - 1, 2)
        number = row[column]
        left = bool(missing_left) if np.isnan(number) else number <= nodes.number[at]
        at += 1 if left else int(nodes.right[at])
    return float(nodes.number[at])


_DEPTH_FIRST = {
    "feature": np.array([0, 1, -1, -1, -1], dtype=np.int32),
    "left": np.array([1, 2, 1, 2, 0], dtype=np.int32),
    "right": np.array([4, 3, 0, 0, 0], dtype=np.int32),
}


@pytest.mark.parametrize("changed", [{}, _DEPTH_FIRST])
def test_every_row_reaches_the_leaf_that_it_reached(changed):
    trees = _trees(**changed)
    nodes = tree_nodes(trees)
    rows = [[left, right] for left in (0.0, 1.0, 1.5, np.nan) for right in (2.0, 3.0, np.nan)]
    expected = trees.run(np.array(rows))[:, 0].tolist()
    assert [_walk(nodes, int(nodes.roots[0]), row) for row in rows] == expected


def test_a_node_that_two_parents_share_is_written_for_each():
    shared = _trees(
        feature=np.array([0, 1, 1, -1, -1], dtype=np.int32),
        threshold=np.array([1.0, 2.0, 3.0, 0.0, 0.0]),
        left=np.array([1, 3, 3, 0, 1], dtype=np.int32),
        right=np.array([2, 4, 4, 0, 0], dtype=np.int32),
    )
    nodes = tree_nodes(shared)
    assert len(nodes.number) == 7
    for row in ([0.0, 2.5], [2.0, 2.5], [2.0, 9.0]):
        assert _walk(nodes, 0, row) == shared.run(np.array([row]))[0, 0]


def test_leaves_of_several_columns_are_named_by_their_row():
    wide = _trees(leaves=np.arange(6.0).reshape(3, 2), base=np.zeros(2))
    assert sorted(tree_nodes(wide).number[tree_nodes(wide).asks == 0]) == [0.0, 1.0, 2.0]
