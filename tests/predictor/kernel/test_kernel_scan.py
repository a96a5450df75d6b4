"""All nodes of a tree asked for 64 rows at once, to the bits of a walk."""

import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fresh_kernel import EXTREMES, same_bits
from modelwright.predictor.kernel.library import Library
from modelwright.predictor.kernel.scan import SCAN_ROWS, Shape, TreeScan
from modelwright.predictor.kernel.trees import TreeWalk
from modelwright.predictor.operations.trees import Trees

WIDTH = 4
CUTS = (0.0, -0.0, 1.0, -1.0, 0.3, 1e300, -1e300, 5e-324)


def grown(random, sizes, *, columns=1, wide=False, cuts=CUTS, comparison="<="):
    """Grow trees of so many leaves each; a leaf is split at random, again and again."""
    feature, threshold, left, right, roots = [], [], [], [], []
    leaves = 0
    for size in sizes:
        roots.append(len(feature))
        feature.append(-1)
        open_leaves = [roots[-1]]
        for arrays in (threshold, left, right):
            arrays.append(0)
        for _ in range(size - 1):
            at = open_leaves.pop(random.integers(len(open_leaves)))
            feature[at], threshold[at] = random.integers(WIDTH), random.choice(cuts)
            left[at], right[at] = len(feature), len(feature) + 1
            open_leaves += [left[at], right[at]]
            for _ in range(2):
                feature.append(-1)
                for arrays in (threshold, left, right):
                    arrays.append(0)
        for at in open_leaves:
            left[at] = leaves
            leaves += 1
    outputs = random.integers(0, columns, len(sizes))
    return Trees(
        inputs=("x",),
        output="y",
        comparison=comparison,
        roots=np.array(roots, np.int32),
        outputs=outputs.astype(np.int32),
        feature=np.array(feature, np.int32),
        threshold=np.array(threshold, np.float64),
        left=np.array(left, np.int32),
        right=np.array(right, np.int32),
        missing_left=random.random(len(feature)) < 0.5,
        leaves=random.normal(size=(leaves, columns if wide else 1)),
        base=random.normal(size=columns),
        scale=float(random.choice([1.0, 1 / 3])),
    )


def numbers(random, rows):
    matrix = random.normal(size=(rows, WIDTH))
    odd = random.random(matrix.shape) < 0.4
    matrix[odd] = random.choice((*EXTREMES, *CUTS), odd.sum())
    return matrix


@given(
    seed=st.integers(0, 2**32 - 1),
    sizes=st.lists(st.sampled_from([1, 2, 8, 9, 17, 65, 256]), min_size=1, max_size=4),
    columns=st.integers(1, 3),
    wide=st.booleans(),
    comparison=st.sampled_from(["<=", "<"]),
)
def test_a_scan_has_the_bits_of_a_walk(kernel: Library, seed, sizes, columns, wide, comparison):
    random = np.random.default_rng(seed)
    trees = grown(random, sizes, columns=columns, wide=wide, comparison=comparison)
    trees.check((WIDTH,))
    matrix = numbers(random, 2 * SCAN_ROWS)
    found = TreeScan(trees, Shape.of(trees)).add_up(matrix, kernel)
    assert same_bits(found, TreeWalk(trees)._walk(matrix, kernel))


@pytest.mark.parametrize("rows", [63, 64, 129, 200])
def test_rows_that_are_left_are_walked(kernel: Library, rows):
    random = np.random.default_rng(rows)
    trees = grown(random, [9] * 20)
    walk, matrix = TreeWalk(trees), numbers(random, rows)
    assert walk._scan is not None
    assert same_bits(walk.add_up(matrix, kernel), walk._walk(matrix, kernel))


def _shared(trees):
    return msgspec.structs.replace(trees, roots=trees.roots[[0, 0, 1]], outputs=trees.outputs[:3])


@pytest.mark.parametrize(
    "unfit",
    [
        lambda random: grown(random, [257] * 9),
        lambda random: grown(random, [120] * 20, cuts=tuple(random.normal(size=5_000))),
        lambda random: grown(random, [64]),
        lambda random: grown(random, [1] * 9),
        lambda random: _shared(grown(random, [5] * 4)),
    ],
    ids=["many leaves", "many thresholds", "one tree", "nothing asked", "shared nodes"],
)
def test_what_does_not_fit_is_walked(unfit):
    assert TreeScan.of(unfit(np.random.default_rng(0))) is None
