"""Tables of trees in few numbers, and back.

Most of a table follows from its order: where nodes come depth first, the left child is the next
node and leaves are numbered as they come. Only what differs is kept, and nothing that is not read.
"""

import msgspec
import numpy as np
from numpy.typing import NDArray

from modelwright.predictor.operations.base import Flags, Value
from modelwright.predictor.operations.trees import Trees

MAX_NODES = 1 << 24
"""Of one ensemble: far more than what fits a bundle that anybody would serve."""

_NONE = np.zeros(0, dtype=np.int32)


def thin_out(trees: Trees) -> Trees:
    """Return trees whose tables hold only what `fill_in` needs; they cannot run.

    `feature` is 0 at a leaf, else 1 + twice the column, and one more where a missing number goes
    left. `threshold` and `right` have inner nodes only, `right` as the distance. `left` holds how
    far it is from what is expected, and is empty where it is as expected everywhere.

    Raises
    ------
    BundleError
        When there are too many nodes.
    """
    trees.require(len(trees.feature) <= MAX_NODES, f"it has {len(trees.feature):,} nodes")
    inner = trees.feature >= 0
    asks = np.where(inner, 1 + 2 * trees.feature.astype(np.int64) + trees.missing_left, 0)
    trees.require(asks.max(initial=0) <= np.iinfo(np.int32).max, "it asks too many columns")
    odd = trees.left - _expected_left(inner)
    return msgspec.structs.replace(
        trees,
        feature=asks.astype(np.int32),
        threshold=trees.threshold[inner],
        left=odd.astype(np.int32) if odd.any() else _NONE,
        right=(trees.right[inner] - np.flatnonzero(inner)).astype(np.int32),
        missing_left=np.zeros(0, dtype=np.bool_),
    )


def fill_in(thin: Trees) -> Trees:
    """Return the trees that were thinned out, in tables that cannot be written to.

    What is not read at a leaf is zero. Somebody may have forged the numbers: they have the shapes
    of tables then, and `Trees.check` says the rest.

    Raises
    ------
    BundleError
        When the tables do not belong together.
    """
    asks = thin.feature.astype(np.int64)
    thin.require(asks.ndim == 1 and len(asks) <= MAX_NODES, "it has too many nodes")
    thin.require((asks >= 0).all(), "a column asked")
    inner = asks > 0
    shape = (np.count_nonzero(inner),)
    thin.require(thin.threshold.shape == thin.right.shape == shape, "tables differ in length")
    thin.require(thin.left.shape in ((0,), asks.shape), "tables differ in length")
    left = _expected_left(inner)
    left += thin.left if thin.left.size else 0
    return msgspec.structs.replace(
        thin,
        feature=_sealed(np.where(inner, (asks - 1) >> 1, -1).astype(np.int32)),
        threshold=_spread(thin.threshold, inner),
        left=_sealed(left.astype(np.int32)),
        right=_spread((thin.right + np.flatnonzero(inner)).astype(np.int32), inner),
        missing_left=_sealed(inner & ((asks - 1) & 1 > 0)),
    )


def _expected_left(inner: Flags) -> NDArray[np.int64]:
    """Return the next node for inner nodes, and for leaves how many leaves came before."""
    return np.where(inner, np.arange(1, len(inner) + 1), np.cumsum(~inner) - 1)


def _spread(numbers: Value, inner: Flags) -> Value:
    """Put the numbers of inner nodes in their places; zero stands at leaves."""
    table = np.zeros(len(inner), dtype=numbers.dtype)
    table[inner] = numbers
    return _sealed(table)


def _sealed(table: Value) -> Value:
    table.flags.writeable = False
    return table
