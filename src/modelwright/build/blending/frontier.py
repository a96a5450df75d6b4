"""Which blends are worth what they cost: the frontier of score against size and latency.

Blends are ordered by their size, which goes along with their latency: a clock says something else
each time, and the same seed shall give the same program. Latency is measured for the person and
for limits.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from modelwright.build.blending.blend import MEMBERS, choose_weights, mix
from modelwright.compute.limits import Limits
from modelwright.learners.base import Rows
from modelwright.predictor.operations.base import Floats
from modelwright.predictor.program import Program
from modelwright.predictor.speed import one_row_latency_s, program_bytes
from modelwright.tasks.answers import as_taken, score_answers
from modelwright.tasks.intervals import paired_difference
from modelwright.tasks.metrics import Metric

_CONFIDENCE = 0.2
"""Of the interval that tells blends apart: the smaller one is taken unless the other is better with
odds of three to two. With four to one it was taken in six of ten public tables, and on rows of
their tests the best one erred 0.07 to 0.8 % less in five of these, 0.05 % more in the sixth."""
_RESAMPLES = 200
_MEMORY_PER_BYTE = 4
"""A stored program is unpacked when it is loaded."""
_ROWS = 20_000


@dataclass(frozen=True)
class Cost:
    """What a program costs where it is served.

    Parameters
    ----------
    latency_s
        Seconds to answer one row.
    size_bytes, memory_bytes
        On disk, and while it is loaded.
    """

    latency_s: float
    size_bytes: int
    memory_bytes: int

    def __add__(self, other: "Cost") -> "Cost":
        return Cost(
            self.latency_s + other.latency_s,
            self.size_bytes + other.size_bytes,
            self.memory_bytes + other.memory_bytes,
        )


@dataclass(frozen=True)
class Point:
    """A blend on the frontier: none of the others is both better and smaller.

    Parameters
    ----------
    weights
        One per learner.
    score
        Out of fold.
    cost
        The sum of its members'.
    allowed
        Whether the limits allow it.
    chosen
        Whether it is what is built.
    """

    weights: tuple[float, ...]
    score: float
    cost: Cost
    allowed: bool = True
    chosen: bool = False


@dataclass(frozen=True)
class Members:
    """What blends are made of.

    Parameters
    ----------
    answers
        One array of shape (rows, outputs) per learner, out of fold.
    costs
        One per learner.
    """

    answers: tuple[Floats, ...]
    costs: tuple[Cost, ...]


def cost_of_program(program: Program, rows: Rows) -> Cost:
    """Measure what a program costs.

    Parameters
    ----------
    program
        What is to be served.
    rows
        The first one is answered again and again.
    """
    size = program_bytes(program)
    return Cost(one_row_latency_s(program, rows.columns), size, _MEMORY_PER_BYTE * size)


def allows(limits: Limits, cost: Cost) -> bool:
    """Say whether limits allow a program of such a cost."""
    pairs = (
        (cost.latency_s, limits.latency_s),
        (cost.size_bytes, limits.size_bytes),
        (cost.memory_bytes, limits.memory_bytes),
    )
    return all(limit is None or found <= limit for found, limit in pairs)


def draw_frontier(
    metric: Metric, truth: NDArray[Any], members: Members, *, limits: Limits, seed: int
) -> tuple[Point, ...]:
    """Return the blends that are worth their cost, the smallest first; one of them is chosen.

    Chosen is the smallest of those whose score cannot be told from that of the best one allowed.
    Where nothing is allowed, the smallest is chosen.

    Parameters
    ----------
    metric
        By which blends are compared; it takes probabilities or values.
    truth : ndarray of shape (rows,)
        Indices of classes or numbers.
    members
        What blends are made of.
    limits
        Of the host.
    seed
        For samples of rows.
    """
    points = [
        _point(weights, metric, truth, members, limits)
        for weights in _options(metric, truth, members, limits=limits, seed=seed)
    ]
    allowed = _undominated(metric, [point for point in points if point.allowed])
    frontier = allowed or _undominated(metric, points)[:1]
    best = frontier[-1]
    chosen = next(
        point
        for point in frontier
        if point is best or not _worse(point, best, metric, truth, members, seed=seed)
    )
    shown = {id(point): point for point in (*_undominated(metric, points), *frontier)}
    return tuple(
        replace(point, chosen=point is chosen)
        for point in sorted(shown.values(), key=lambda each: each.cost.size_bytes)
    )


def _options(
    metric: Metric, truth: NDArray[Any], members: Members, *, limits: Limits, seed: int
) -> list[tuple[float, ...]]:
    """Return each learner alone, and the best blends of up to four of those that fit together."""
    count = len(members.answers)
    options = [tuple(float(place == each) for place in range(count)) for each in range(count)]
    for most in range(2, MEMBERS + 1):
        # Without limits all are affordable, and nothing is chosen twice.
        for places in dict.fromkeys((tuple(range(count)), _affordable(members, limits, most))):
            if len(places) > 1:
                answers = [members.answers[place] for place in places]
                found = choose_weights(metric, truth, answers, seed=seed, members=most)
                weights = np.zeros(count)
                weights[list(places)] = found
                options.append(tuple(float(weight) for weight in weights))
    return list(dict.fromkeys(options))


def _affordable(members: Members, limits: Limits, most: int) -> tuple[int, ...]:
    """Return the learners of which so many together keep the limits."""

    def times(cost: Cost) -> Cost:
        return Cost(cost.latency_s * most, cost.size_bytes * most, cost.memory_bytes * most)

    return tuple(place for place, cost in enumerate(members.costs) if allows(limits, times(cost)))


def _point(
    weights: tuple[float, ...],
    metric: Metric,
    truth: NDArray[Any],
    members: Members,
    limits: Limits,
) -> Point:
    cost = sum(
        (each for each, weight in zip(members.costs, weights, strict=True) if weight),
        start=Cost(0.0, 0, 0),
    )
    score = score_answers(metric, truth, mix(members.answers, weights))
    return Point(weights, score, cost, allowed=allows(limits, cost))


def _undominated(metric: Metric, points: Sequence[Point]) -> list[Point]:
    frontier: list[Point] = []
    for point in sorted(points, key=lambda each: each.cost.size_bytes):
        if not frontier or metric.better(point.score, frontier[-1].score):
            frontier.append(point)
    return frontier


def _worse(
    point: Point,
    best: Point,
    metric: Metric,
    truth: NDArray[Any],
    members: Members,
    *,
    seed: int,
) -> bool:
    rows = np.random.default_rng(seed).permutation(len(truth))[:_ROWS]
    taken = [as_taken(metric, mix(members.answers, each.weights)[rows]) for each in (best, point)]
    gain = paired_difference(
        metric, truth[rows], *taken, level=_CONFIDENCE, resamples=_RESAMPLES, seed=seed
    )
    return gain.low > 0
