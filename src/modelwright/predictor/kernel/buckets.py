"""Buckets of equal width, in which the kernel finds a number among the thresholds of its column."""

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from modelwright.predictor.operations.base import Floats

if TYPE_CHECKING:
    from modelwright.predictor.kernel.scan import Cuts

_FOR_EACH = 4
"""Buckets for a threshold: where thresholds lie evenly, hardly one has a second."""
_BUCKETS = np.dtype(
    [
        *((name, np.float64) for name in ("origin", "per_width", "last")),
        *((name, np.int64) for name in ("first", "most")),
    ]
)
_Starts = NDArray[np.uint8]


def buckets_of(cuts: "Cuts") -> tuple[NDArray[np.void], _Starts]:
    """Return the buckets of each column that is asked, and where to look from in each.

    Parameters
    ----------
    cuts
        Up to 255 thresholds a column.
    """
    ends = zip(cuts.first[:-1], cuts.first[1:], strict=True)
    found = [_of_column(cuts.values[begin:end]) for begin, end in ends]
    table = np.zeros(len(found), _BUCKETS)
    for row, (origin, per_width, starts, most) in zip(table, found, strict=True):
        row["origin"], row["per_width"], row["last"] = origin, per_width, len(starts) - 1
        row["most"] = most
    sizes = [len(starts) for _, _, starts, _ in found]
    table["first"] = np.cumsum(sizes) - sizes
    # The kernel reads four bytes to have one.
    return table, np.concatenate([*(starts for _, _, starts, _ in found), np.zeros(3, np.uint8)])


def _of_column(cuts: Floats) -> tuple[float, float, _Starts, int]:
    """Return the first bucket's begin, buckets for a unit, starts, and how many to look at there.

    Thresholds whose width no double holds lie in one bucket, and so do all that are the same.
    """
    with np.errstate(all="ignore"):
        last = _FOR_EACH * len(cuts) - 1
        per_width = last / (cuts[-1] - cuts[0])
        if not (np.isfinite(per_width) and per_width > 0):
            return 0.0, 0.0, np.zeros(1, np.uint8), len(cuts)
        # As in `bucket_of`, to the bit.
        place = np.clip((cuts - cuts[0]) * per_width, 0, last).astype(np.int64)
    held = np.bincount(place, minlength=last + 1)
    most = int(held.max())
    starts = np.minimum(np.cumsum(held) - held, len(cuts) - most)
    return float(cuts[0]), float(per_width), starts.astype(np.uint8), most
