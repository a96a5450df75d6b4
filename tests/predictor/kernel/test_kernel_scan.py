"""All nodes of a tree asked for 64 rows at once, to the bits of a walk."""

import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fresh_kernel import same_bits
from grown_trees import WIDTH, grown, numbers
from modelwright.predictor.kernel.coded import TreeCodes
from modelwright.predictor.kernel.library import Library
from modelwright.predictor.kernel.scan import SCAN_ROWS, Shape, TreeScan
from modelwright.predictor.kernel.trees import TreeWalk


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
    matrix = numbers(random, random.integers(1, 7) * SCAN_ROWS)
    scan, walked = TreeScan(trees, Shape.of(trees)), TreeWalk(trees)._walk(matrix, kernel)
    assert same_bits(scan.add_up(matrix, kernel), walked)
    assert same_bits(TreeCodes(trees, scan).add_up(matrix, kernel), walked)


@pytest.mark.parametrize(
    "cuts",
    [
        (0.0, 5e-324, 1e-323),
        (-1e308, 0.0, 1e308),
        tuple(np.exp(np.linspace(-9, 9, 255))),
        (1.0, 1.0 + 2**-52, 1e9),
    ],
    ids=["tiny", "wider than a double", "skewed", "side by side"],
)
@pytest.mark.parametrize("comparison", ["<=", "<"])
def test_numbers_are_found_among_any_thresholds(kernel: Library, cuts, comparison):
    random = np.random.default_rng(len(cuts))
    trees = grown(random, [200] * 9, cuts=cuts, comparison=comparison)
    matrix = numbers(random, 5 * SCAN_ROWS)
    matrix[:, 0] = random.choice(cuts, len(matrix)) * random.choice([1, 1 + 2**-52], len(matrix))
    scan, walked = TreeScan(trees, Shape.of(trees)), TreeWalk(trees)._walk(matrix, kernel)
    assert same_bits(scan.add_up(matrix, kernel), walked)
    assert same_bits(TreeCodes(trees, scan).add_up(matrix, kernel), walked)


@pytest.mark.parametrize("rows", [63, 64, 129, 200])
def test_rows_that_are_left_are_walked(kernel: Library, rows):
    random = np.random.default_rng(rows)
    trees = grown(random, [9] * 20)
    walk, matrix = TreeWalk(trees), numbers(random, rows)
    assert walk._scan is not None
    assert walk.codes is not None
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
    trees = unfit(np.random.default_rng(0))
    assert TreeScan.of(trees) is None
    assert TreeWalk(trees).codes is None


def test_more_columns_than_a_byte_counts_are_walked(kernel):
    random = np.random.default_rng(4)
    trees = grown(random, [20] * 200, width=130)
    walk, matrix = TreeWalk(trees), random.normal(size=(3, 130))
    assert walk._scan is not None
    assert walk.codes is None
    assert same_bits(walk.add_up(matrix, kernel), walk._walk(matrix, kernel))


def test_a_walk_leaves_no_table(kernel):
    sizes = [200, 1, 9, 256] * 60
    crowns, forks, first, _ = TreeWalk(grown(np.random.default_rng(5), sizes)).codes._kept
    group = np.arange(len(crowns)) // 192
    ends = np.append(first[1:], len(forks)) - first
    for tree, ways in enumerate(crowns["way"]):
        assert ((ways < sizes[tree]) | (ways >= 256)).all()
        assert (ways < 256 + ends[group[tree]]).all()
    for place, ways in enumerate(forks["way"]):
        at = np.searchsorted(first, place, side="right") - 1
        # A fork leads to later ones, so that every walk ends.
        leads = ways[ways >= 256].astype(int) - 256
        assert ((leads > place - first[at]) & (leads < ends[at])).all()
