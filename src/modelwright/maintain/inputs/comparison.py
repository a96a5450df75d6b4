"""Whether counts of live rows agree with counts of training rows, although rows of a day are alike.

Rows of one day share their weather, their customers and their faults, so a test that takes rows
for independent calls every day a change. Here the spread between blocks of rows (days, or
stretches of the window) says how many independent rows the window is worth: Pearson's two-sample
statistic is divided by the design effect measured on the blocks and compared with an F
distribution (Rao & Scott, JASA 76 (1981) 221-230, with the second-order correction and the F form
of Thomas & Rao, JASA 82 (1987) 630-636). The same design effect is assumed of the training rows,
whose blocks are not kept. Blocks must be independent of each other: what changes more slowly than
a block lasts counts as a change.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from modelwright.predictor.operations.base import Floats

_FEWEST_EXPECTED = 5.0
"""Independent rows that a bin must expect; smaller bins are merged (Cochran, 1954)."""
_MANY = 4.0
"""How many times as many rows make up for expecting too few; chance does so once in a million."""


@dataclass(frozen=True, kw_only=True)
class Comparison:
    """How far a window lies from the reference.

    Parameters
    ----------
    distance
        Jensen-Shannon distance in bits: 0 the same, 1 disjoint.
    excess
        The part of the distance that sampling does not explain on average.
    p_value
        How often rows of the same distribution lie so far apart, by chance.
    """

    distance: float
    excess: float
    p_value: float


SAME = Comparison(distance=0.0, excess=0.0, p_value=1.0)


def compare_counts(reference: NDArray[Any], blocks: NDArray[Any]) -> Comparison:
    """Compare a window with the reference.

    Parameters
    ----------
    reference : ndarray of shape (bins,)
        Training rows per bin.
    blocks : ndarray of shape (blocks, bins)
        Live rows per block and bin; rows of different blocks are independent.

    Returns
    -------
    Comparison
        `SAME` where there is nothing to compare: no rows, one block, or one bin.

    Examples
    --------
    >>> trained = np.array([500, 500])
    >>> steady = np.array([[12, 11], [9, 12], [11, 10], [10, 11], [11, 11]])
    >>> compare_counts(trained, steady).p_value > 0.5
    True
    >>> compare_counts(trained, steady * [3, 1]).p_value < 0.01
    True
    """
    known, new = _float(reference), _float(blocks[blocks.sum(axis=1) > 0])
    if len(new) < 2 or not known.sum():
        return SAME
    least = _FEWEST_EXPECTED * _Spread.of(new).design_effect
    groups = _merge_small(_sizes(known, new.sum(axis=0)), least=least)
    known, new = known @ groups, new @ groups
    if len(known) < 2:
        return SAME
    return _judge(known, new)


def hold_family(p_values: NDArray[Any]) -> Floats:
    """Correct p-values so that the chance of any false alarm among all of them is kept.

    Source: Holm, Scandinavian Journal of Statistics 6 (1979) 65-70.

    Examples
    --------
    >>> hold_family(np.array([0.01, 0.5, 0.02])).round(3)
    array([0.03, 0.5 , 0.04])
    """
    order = np.argsort(p_values, kind="stable")
    stepped = np.maximum.accumulate(p_values[order] * np.arange(len(order), 0, -1))
    corrected = np.empty(len(order))
    corrected[order] = np.minimum(stepped, 1.0)
    return corrected


@dataclass(frozen=True)
class _Spread:
    """Generalised design effects: the sum of the eigenvalues, that of their squares, their number.

    For independent rows every eigenvalue is 1.
    """

    total: float
    squares: float
    free: int

    @classmethod
    def of(cls, blocks: Floats) -> "_Spread":
        rows, counts = blocks.sum(), blocks.sum(axis=0)
        shares = counts / rows
        residuals = blocks - blocks.sum(axis=1, keepdims=True) * shares
        # A bin without live rows shows no spread; it counts as if its rows were independent.
        scaled = residuals / np.sqrt(np.where(counts > 0, shares, 1.0))
        effects = scaled.T @ scaled * (len(blocks) / (len(blocks) - 1) / rows)
        empty = int((counts == 0).sum())
        total, squares = np.trace(effects) + empty, np.square(effects).sum() + empty
        return cls(float(total), float(squares), max(1, len(shares) - 1))

    @property
    def freedom(self) -> float:
        """Degrees of freedom (Satterthwaite)."""
        return min(self.free, self.total**2 / self.squares) if self.squares else self.free

    @property
    def design_effect(self) -> float:
        """How many dependent rows are worth one; chance may not make it less than one."""
        return max(1.0, self.total / self.free)


def _judge(known: Floats, new: Floats) -> Comparison:
    live, spread = new.sum(axis=0), _Spread.of(new)
    trained, present = known / known.sum(), live / live.sum()
    pooled = (known + live) / (known.sum() + live.sum())
    # The variance of a difference of two shares, for independent rows, is this times pooled.
    chance = 1 / known.sum() + 1 / live.sum()
    expected = chance * spread.design_effect * spread.free
    statistic = float((np.square(present - trained) / pooled).sum() / expected)
    freedom = spread.freedom
    divergence = _divergence(trained, present)
    # Near zero the divergence is an eighth of the squared differences over the shares, in nats.
    noise = expected / (8 * np.log(2))
    return Comparison(
        distance=divergence**0.5,
        excess=max(0.0, divergence - noise) ** 0.5,
        p_value=float(stats.f.sf(statistic, freedom, freedom * (len(new) - 1))),
    )


def _divergence(p: Floats, q: Floats) -> float:
    """Return the Jensen-Shannon divergence in bits (Lin, IEEE Trans. Inf. Theory 37, 1991)."""
    middle = (p + q) / 2
    parts = [
        float((side[side > 0] * np.log2(side[side > 0] / middle[side > 0])).sum())
        for side in (p, q)
    ]
    return min(1.0, max(0.0, sum(parts) / 2))


def _sizes(known: Floats, live: Floats) -> Floats:
    """Return the live rows that each bin expects, or a part of those it has where they are many.

    A flood of a level that training did not have is no small bin, although next to a million
    training rows it expects nothing.
    """
    expected = (known + live) * (live.sum() / (known.sum() + live.sum()))
    return np.asarray(np.maximum(expected, live / _MANY))


def _merge_small(sizes: Floats, *, least: float) -> Floats:
    """Return the matrix (bins, merged bins) that adds the smallest bins up until none is small."""
    order = np.argsort(sizes, kind="stable")
    ordered = sizes[order]
    # The smallest bins together must reach `least`, and so must each that stays alone.
    together = int(np.searchsorted(np.cumsum(ordered), least)) + 1
    merged = max(together, int(np.searchsorted(ordered, least)))
    home = np.empty(len(sizes), dtype=np.int64)
    home[order] = np.maximum(np.arange(len(sizes)) - merged + 1, 0)
    return np.eye(int(home.max()) + 1)[home]


def _float(counts: NDArray[Any]) -> Floats:
    return np.asarray(counts, dtype=np.float64)
