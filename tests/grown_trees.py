"""Trees that are split at random, and rows for them."""

import numpy as np

from fresh_kernel import EXTREMES
from modelwright.predictor.operations.trees import Trees

WIDTH = 4
"""Columns that trees ask, unless told otherwise."""
CUTS = (0.0, -0.0, 1.0, -1.0, 0.3, 1e300, -1e300, 5e-324)


def grown(random, sizes, *, columns=1, wide=False, cuts=CUTS, comparison="<=", width=WIDTH):
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
            feature[at], threshold[at] = random.integers(width), random.choice(cuts)
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


def numbers(random, rows, *, width=WIDTH):
    """Draw rows of ordinary and extreme numbers."""
    matrix = random.normal(size=(rows, width))
    odd = random.random(matrix.shape) < 0.4
    matrix[odd] = random.choice((*EXTREMES, *CUTS), odd.sum())
    return matrix
