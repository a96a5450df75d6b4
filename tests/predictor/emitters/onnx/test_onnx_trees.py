import msgspec
import numpy as np
import pytest

from modelwright.predictor.emitters.onnx.growth import MAX_NODES, unfolded_size
from modelwright.predictor.operations.linear import Columns
from modelwright.predictor.operations.trees import Trees
from onnx_graphs import check_steps

TWO = Columns(inputs=("column:a", "column:b"), output="two")


def grow(draw: np.random.Generator, depth: int) -> list[tuple[int, float, int, int]]:
    """Return a tree as nodes, parents first: feature, threshold, left, right."""
    nodes: list[tuple[int, float, int, int]] = []

    def add(left_depth: int) -> int:
        at = len(nodes)
        nodes.append((-1, 0.0, 0, 0))
        if left_depth and draw.random() < 0.8:
            left, right = add(left_depth - 1), add(left_depth - 1)
            nodes[at] = (int(draw.integers(2)), float(draw.integers(5)) / 4, left, right)
        return at

    add(depth)
    return nodes


def forest(draw: np.random.Generator, *, comparison: str, columns: int, wide: bool) -> Trees:
    """Return trees of all depths, some of which are a single leaf."""
    nodes: list[tuple[int, float, int, int]] = []
    roots = []
    for depth in (0, 1, 2, 5, 5, 3):
        start = len(nodes)
        roots.append(start)
        nodes += [(f, t, left + start, right + start) for f, t, left, right in grow(draw, depth)]
    feature, threshold, left, right = (np.array(each) for each in zip(*nodes, strict=True))
    is_leaf = feature < 0
    step = Trees(
        inputs=("two",),
        output="out",
        comparison=comparison,
        roots=np.array(roots, dtype=np.int32),
        outputs=np.full(6, -1, dtype=np.int32) if wide else np.arange(6, dtype=np.int32) % columns,
        feature=feature.astype(np.int32),
        threshold=threshold,
        left=np.where(is_leaf, np.cumsum(is_leaf) - 1, left).astype(np.int32),
        right=np.where(is_leaf, 0, right).astype(np.int32),
        missing_left=draw.random(len(nodes)) < 0.5,
        leaves=draw.normal(size=(int(is_leaf.sum()), columns if wide else 1)),
        base=draw.normal(size=columns),
        scale=0.5,
    )
    step.check((2,))
    return step


@pytest.mark.parametrize("comparison", ["<=", "<"])
@pytest.mark.parametrize(("columns", "wide"), [(1, False), (3, False), (3, True), (8, False)])
@pytest.mark.parametrize("seed", range(3))
def test_trees_are_walked_as_by_the_interpreter(comparison, columns, wide, seed):
    step = forest(np.random.default_rng(seed), comparison=comparison, columns=columns, wide=wide)
    met = np.array([np.nan, np.inf, -np.inf, 0.0, -0.0, 0.25, 0.5, 0.75, 1.0, 1e300, 5e-324])
    near = np.concatenate([met, np.nextafter(met, np.inf), np.nextafter(met, -np.inf)])
    left, right = (each.ravel() for each in np.meshgrid(near, near))
    check_steps([TWO, step], {"a": left, "b": right})
    check_steps([TWO, step], {"a": left[:1], "b": right[:1]})


def test_branches_that_meet_are_written_twice():
    step = Trees(
        inputs=("two",),
        output="out",
        comparison="<=",
        roots=np.array([0, 1], dtype=np.int32),
        outputs=np.zeros(2, dtype=np.int32),
        feature=np.array([0, 1, -1, -1], dtype=np.int32),
        threshold=np.array([0.5, 0.5, 0.0, 0.0]),
        left=np.array([1, 2, 0, 1], dtype=np.int32),
        right=np.array([3, 3, 0, 0], dtype=np.int32),
        missing_left=np.array([True, False, False, False]),
        leaves=np.array([[1.0], [2.0]]),
        base=np.zeros(1),
    )
    step.check((2,))
    numbers = np.array([0.0, 0.5, 1.0, np.nan])
    left, right = (each.ravel() for each in np.meshgrid(numbers, numbers))
    check_steps([TWO, step], {"a": left, "b": right})
    assert unfolded_size(step) == 8


def test_branches_that_meet_without_end_are_counted_in_no_time():
    nodes = 200
    both = np.minimum(np.arange(nodes) + 1, nodes - 1).astype(np.int32)
    step = Trees(
        inputs=("two",),
        output="out",
        comparison="<",
        roots=np.zeros(1, dtype=np.int32),
        outputs=np.zeros(1, dtype=np.int32),
        feature=np.where(np.arange(nodes) == nodes - 1, -1, 0).astype(np.int32),
        threshold=np.zeros(nodes),
        left=both,
        right=both,
        missing_left=np.zeros(nodes, dtype=np.bool_),
        leaves=np.zeros((nodes, 1)),
        base=np.zeros(1),
    )
    assert unfolded_size(step) > MAX_NODES
    assert unfolded_size(msgspec.structs.replace(step, roots=np.array([nodes - 1]))) == 1
