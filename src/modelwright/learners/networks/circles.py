"""Parts of moments as places on circles, for networks: midnight is beside the hour before it."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from modelwright.learners.encoding import Part
from modelwright.predictor.operations.curves import Curves
from modelwright.predictor.operations.dates import DateParts
from modelwright.predictor.operations.ramps import Ramps
from modelwright.predictor.program import Step

PERIODS = {"weekday": (0, 7), "hour": (0, 24), "day_of_year": (1, 366)}
"""Parts that come round: the first value, and after how many the first is next again."""
MOST_PIECES = 24
"""Straight pieces that a circle is made of."""


@dataclass(frozen=True)
class Circle:
    """A column of a matrix that comes round.

    Parameters
    ----------
    column
        Its place.
    first, period
        As `PERIODS` has them.
    """

    column: int
    first: int
    period: int


def circles_of(parts: Sequence[Part]) -> tuple[Circle, ...]:
    """Return the columns that come round of the matrix that parts make side by side."""
    found: list[Circle] = []
    place = 0
    for part in parts:
        last = part.steps[-1] if part.steps else None
        if isinstance(last, DateParts):
            found += [
                Circle(place + offset, *PERIODS[name])
                for offset, name in enumerate(last.parts)
                if name in PERIODS
            ]
        place += len(part.names)
    return tuple(found)


def circle_steps(name: str, circles: Sequence[Circle]) -> tuple[Step, ...]:
    """Return operations of which the last writes sine and cosine of each circle.

    Parameters
    ----------
    name
        The matrix, with nothing missing.
    circles
        At least one.
    """
    turned = Ramps(
        inputs=(name,),
        output="turned",
        source=np.array([each.column for each in circles], dtype=np.int32),
        start=np.array([float(each.first) for each in circles]),
        length=np.array([float(each.period) for each in circles]),
    )
    pieces = [min(each.period, MOST_PIECES) for each in circles]
    knots = [np.linspace(0.0, 1.0, count + 1) for count in pieces]
    heights = np.zeros((sum(pieces) + len(pieces), 2 * len(circles)))
    begin = 0
    for place, shares in enumerate(knots):
        angles = 2.0 * np.pi * shares
        rows = slice(begin, begin + len(shares))
        heights[rows, 2 * place : 2 * place + 2] = np.stack([np.sin(angles), np.cos(angles)], 1)
        begin += len(shares)
    circle = Curves(
        inputs=(turned.output,),
        output="circles",
        sizes=np.array([len(shares) for shares in knots], dtype=np.int32),
        knots=np.concatenate(knots),
        heights=heights,
        missing=np.zeros((len(circles), 2 * len(circles))),
    )
    return turned, circle
