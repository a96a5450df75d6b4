"""Numbers as networks read them: filled, scaled, bent, cut into ramps, with flags for missing."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from modelwright.learners.networks.circles import Circle, circle_steps
from modelwright.predictor.operations.base import Floats
from modelwright.predictor.operations.linear import Columns as SideBySide
from modelwright.predictor.operations.numbers import Impute, MissingFlags, Scale, SmoothClip
from modelwright.predictor.operations.ramps import Ramps
from modelwright.predictor.program import Step

LIMIT = 3.0
"""No scaled number passes it."""
FAR = 1e6
"""Scaled numbers beyond count as that: infinite ones could not be bent."""
MAX_PIECES = 16
"""Ramps of a column; 16 do as well as more (Gorishniy et al.)."""
MAX_RAMPS = 384
"""Of all columns together."""
_FEWEST_PIECES = 3
_ENDLESS = 1e300
RAMPS = "ramps"
"""The value whose columns are ramps."""


def number_steps(name: str, matrix: Floats, circles: Sequence[Circle]) -> tuple[Step, ...]:
    """Return the steps that make the network's matrix of the boosters'; the last one joins them.

    Parameters
    ----------
    name
        The value that is the boosters' matrix.
    matrix : ndarray of shape (n, width)
        Rows that scales and ramps are learned from.
    circles
        Columns that come round.
    """
    known, middle = _known_and_middle(matrix)
    scaled = [(column - at) / by for column, (at, by) in zip(known, middle, strict=True)]
    ramps = _ramps(scaled)
    cut = [ramps] if len(ramps.source) else []
    return _join([*_bent_steps(name, middle), *cut, *_further_steps(name, matrix, circles)])


def plain_steps(name: str, matrix: Floats, circles: Sequence[Circle]) -> tuple[Step, ...]:
    """Return the steps that make a matrix without ramps; as `number_steps` takes the rest."""
    _, middle = _known_and_middle(matrix)
    return _join([*_bent_steps(name, middle), *_further_steps(name, matrix, circles)])


_JOINED = frozenset(("bent", RAMPS, "circles", "flags"))
"""The values that stand side by side."""


def _join(steps: Sequence[Step]) -> tuple[Step, ...]:
    joined = tuple(step.output for step in steps if step.output in _JOINED)
    return (*steps, SideBySide(inputs=joined, output="numbers"))


def _known_and_middle(matrix: Floats) -> tuple[list[Floats], list[tuple[float, float]]]:
    # A difference of larger numbers could be infinite.
    known = [column[np.abs(column) < _ENDLESS] for column in matrix.T]
    return known, [_middle_and_spread(column) for column in known]


def _bent_steps(name: str, middle: Sequence[tuple[float, float]]) -> list[Step]:
    center, spread = np.array(middle).T
    fill = Impute(inputs=(name,), output="filled", fill=center)
    scale = Scale(inputs=("filled",), output="scaled", center=center, scale=spread, limit=FAR)
    return [fill, scale, SmoothClip(inputs=("scaled",), output="bent", limit=LIMIT)]


def _further_steps(name: str, matrix: Floats, circles: Sequence[Circle]) -> list[Step]:
    """Return steps for what comes round, and for where something is missing."""
    missing = np.flatnonzero(np.isnan(matrix).any(axis=0)).astype(np.int32)
    turned = circle_steps("filled", circles) if circles else ()
    return [*turned, *(_flag_steps(name, missing) if len(missing) else ())]


def _middle_and_spread(known: Floats) -> tuple[float, float]:
    """Return the median and the spread of the middle half, as a standard deviation.

    Columns of two values become 0 and 1.
    """
    if not len(known):
        return 0.0, 1.0
    low, high = float(known.min()), float(known.max())
    if ((known == low) | (known == high)).all():
        return low, _width(low, high)
    first, middle, third = np.quantile(known, [0.25, 0.5, 0.75])
    spread = (third - first) / 1.349
    return float(middle), float(spread) if spread > 0 else _width(low, high) / 2


def _width(low: float, high: float) -> float:
    return high - low if high > low else 1.0


def _ramps(columns: list[Floats]) -> Ramps:
    wide = [each for each in columns if len(np.unique(each[:1_000])) > 2]
    pieces = min(MAX_PIECES, MAX_RAMPS // max(1, len(wide)))
    source: list[int] = []
    starts: list[Floats] = []
    lengths: list[Floats] = []
    if pieces >= _FEWEST_PIECES:
        for place, column in enumerate(columns):
            ends = _piece_ends(column, pieces)
            if len(ends) > 2:
                source += [place] * (len(ends) - 1)
                starts.append(ends[:-1])
                lengths.append(np.diff(ends))
    return Ramps(
        inputs=("scaled",),
        output=RAMPS,
        source=np.array(source, dtype=np.int32),
        start=np.concatenate([np.zeros(0), *starts]),
        length=np.concatenate([np.zeros(0), *lengths]),
    )


def _piece_ends(column: Floats, pieces: int) -> Floats:
    if not len(column):
        return np.zeros(0)
    shares = np.linspace(0.0, 1.0, pieces + 1)
    ends = np.quantile(np.clip(column, -FAR, FAR), shares, method="inverted_cdf")
    return np.unique(ends[np.abs(ends) < FAR].astype(np.float32)).astype(np.float64)


def _flag_steps(name: str, missing: NDArray[np.int32]) -> list[Step]:
    """Return steps that flag what is missing, in the columns where something is."""
    flags = MissingFlags(inputs=(name,), output="every flag")
    zeros = np.zeros(len(missing))
    # Between 0 and 1 a ramp is the number itself.
    picked = Ramps(
        inputs=(flags.output,), output="flags", source=missing, start=zeros, length=zeros + 1
    )
    return [flags, picked]
