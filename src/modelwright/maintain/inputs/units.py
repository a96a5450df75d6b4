"""Slips of units: degrees Fahrenheit where there were degrees Celsius."""

import numpy as np

from modelwright.predictor.operations.base import Floats
from modelwright.predictor.reference.distribution import Binned

_UNITS = (
    ("degrees Celsius", "degrees Fahrenheit", 1.8, 32.0),
    ("degrees Celsius", "kelvins", 1.0, 273.15),
    ("metres", "feet", 3.28084, 0.0),
    ("centimetres", "inches", 0.393701, 0.0),
    ("kilometres", "miles", 0.621371, 0.0),
    ("kilograms", "pounds", 2.20462, 0.0),
    ("metres per second", "kilometres per hour", 3.6, 0.0),
    ("dozens", "pieces", 12.0, 0.0),
    ("days", "hours", 24.0, 0.0),
    ("hours", "minutes", 60.0, 0.0),
    ("hours", "seconds", 3600.0, 0.0),
    ("units", "tenths", 10.0, 0.0),
    ("units", "hundredths (cents, percent)", 100.0, 0.0),
    ("units", "thousandths", 1000.0, 0.0),
    ("units", "millionths", 1e6, 0.0),
)
"""What may become what: new = factor x old + offset."""

CONVERSIONS = (
    *((f"as if {old} had become {new}", factor, offset) for old, new, factor, offset in _UNITS),
    *(
        (f"as if {new} had become {old}", 1 / factor, -offset / factor)
        for old, new, factor, offset in _UNITS
    ),
)
"""What may have happened: what it looks like, the factor and the offset."""
_FEWEST_EDGES = 5
_NEAR = 0.1
"""How far converted quantiles may lie from the live ones on average, as a part of their range."""
_NEARER = 3.0
"""How many times farther those that were not converted must lie."""
_NEAR_FACTOR = 0.05
"""How far a mere factor may be from the true one: a doubling is no slip to pounds."""


def find_slip(trained: Binned, values: Floats) -> str:
    """Say which slip of units explains how a column of numbers changed.

    Parameters
    ----------
    trained
        The training rows.
    values : ndarray of shape (rows,)
        The live rows, NaN where missing.

    Returns
    -------
    str
        ``"as if … had become …"``, or empty when none explains it.

    Examples
    --------
    >>> edges = tuple(float(degrees) for degrees in range(-5, 35, 5))
    >>> celsius = Binned(measure="value", edges=edges, counts=(10,) * 9 + (0,))
    >>> find_slip(celsius, np.linspace(-10.0, 35.0, 90) * 1.8 + 32)
    'as if degrees Celsius had become degrees Fahrenheit'
    """
    known = values[np.isfinite(values)]
    if len(trained.edges) < _FEWEST_EDGES or not len(known):
        return ""
    edges = np.array(trained.edges)
    counts = np.array(trained.counts[:-1])
    live = np.quantile(known, np.cumsum(counts)[:-1] / counts.sum())
    sentence, factor, offset = min(
        CONVERSIONS, key=lambda each: _miss(live, edges, each[1], each[2])
    )
    nearest = min(_NEAR, _miss(live, edges, 1.0, 0.0) / _NEARER)
    is_near = _miss(live, edges, factor, offset) < nearest
    return sentence if is_near and (offset or _is_factor(live, edges, factor)) else ""


def _miss(live: Floats, edges: Floats, factor: float, offset: float) -> float:
    """Return how far quantiles lie apart on average, seen in the units of training."""
    return float(np.abs((live - offset) / factor - edges).mean() / np.ptp(edges))


def _is_factor(live: Floats, edges: Floats, factor: float) -> bool:
    some = edges != 0
    return bool(np.median(np.abs(live[some] / edges[some] / factor - 1)) < _NEAR_FACTOR)
