"""Rows that differ from another row in one column at most, and what they do to a random split."""

from collections.abc import Iterator

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

from modelwright.documents import Risk
from modelwright.explore.problems.base import Subject
from modelwright.tasks.figures import figure, ranged

_FEWEST_COLUMNS = 3
_MOST_ROWS = 200_000
_MANY = 0.02
"""As a share of rows: fewer cannot flatter by much."""
_ONE_HEAP = 0.2
"""A table of which one heap of rows holds so much has few values, not copies."""


def find_near_copies(subject: Subject) -> Iterator[Risk]:
    """Tell by how much near copies flatter a random split."""
    names = [column.name for column in subject.schema.features]
    if subject.plan.split.kind in ("time", "group") or len(names) < _FEWEST_COLUMNS:
        return
    if len(subject.rows) > _MOST_ROWS:
        return
    groups = group_near_copies(subject.rows.select(names))
    sizes = np.bincount(groups)
    share = float((sizes[groups] > 1).mean())
    if share < _MANY or sizes.max() > _ONE_HEAP * len(groups):
        return
    flattery = subject.flattery_of(groups)
    if flattery is None:
        return
    gain = flattery.gain
    yield Risk(
        name="near copies",
        sentence=f"{share:.0%} of the rows differ from another one in one column at most, and the "
        f"random split has such rows on both sides: a quick model scores "
        f"{figure(flattery.mixed)} in {flattery.metric} so, and {figure(flattery.apart)} where "
        f"they are kept together, a difference of {ranged(gain, 3)}. If new rows "
        "will not be copies of old ones, name what they share as `group`.",
        severity="warning",
    )


def group_near_copies(features: pl.DataFrame) -> NDArray[np.int64]:
    """Number the groups of rows that are linked by differing in at most one column.

    The hash of a row without one of its columns is the sum of the hashes of all columns less that
    of the one; rows of the same sum are linked, and groups are what links connect.

    Returns
    -------
    ndarray of shape (rows,)
        Codes from 0 on.

    Examples
    --------
    >>> table = pl.DataFrame({"a": [1, 1, 9], "b": [2, 2, 8], "c": [3, 4, 7]})
    >>> group_near_copies(table).tolist()
    [0, 0, 1]
    """
    hashes = [_hashes(series) for series in features]
    every = np.stack(hashes).sum(axis=0)
    links = [_links(every - one) for one in (np.zeros_like(every), *hashes)]
    left, right = (np.concatenate(side) for side in zip(*links, strict=True))
    graph = coo_matrix((np.ones(len(left)), (left, right)), shape=(len(every), len(every)))
    return np.asarray(connected_components(graph, directed=False)[1], dtype=np.int64)


def _hashes(series: pl.Series) -> NDArray[np.uint64]:
    # The name goes in as well: equal values of two columns must not cancel out.
    seed = int(pl.Series([series.name]).hash(seed=1)[0]) % 2**32
    return series.hash(seed=seed).to_numpy()


def _links(hashes: NDArray[np.uint64]) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Return pairs of neighbours among rows of the same hash."""
    order = np.argsort(hashes, kind="stable")
    same = hashes[order][1:] == hashes[order][:-1]
    return order[:-1][same], order[1:][same]
