import numpy as np
import pytest

from modelwright.build.blending import frontier
from modelwright.build.blending.blend import MEMBERS, choose_weights
from modelwright.build.blending.frontier import Cost, Members, draw_frontier
from modelwright.compute.limits import Limits
from modelwright.tasks.metrics import METRICS

TRUTH = np.random.default_rng(0).normal(size=400)


def noisy(spread, seed):
    return (TRUTH + np.random.default_rng(seed).normal(size=400) * spread)[:, None]


def cost(latency_s, size_bytes=None):
    size_bytes = 10 * latency_s if size_bytes is None else size_bytes
    return Cost(latency_s, size_bytes, 4 * size_bytes)


def draw(answers, costs, limits=None):
    members = Members(tuple(answers), tuple(costs))
    return draw_frontier(METRICS["rmse"], TRUTH, members, limits=limits or Limits(), seed=0)


def chosen(points):
    (point,) = (point for point in points if point.chosen)
    return point


def test_points_rise_in_size_and_get_better():
    points = draw([noisy(1.0, 1), noisy(0.5, 2), noisy(0.4, 3)], [cost(1), cost(2), cost(3)])
    sizes = [point.cost.size_bytes for point in points]
    scores = [point.score for point in points]
    assert sizes == sorted(sizes)
    assert scores == sorted(scores, reverse=True)


def test_the_best_is_chosen_where_it_is_clearly_better():
    points = draw([noisy(1.0, 1), noisy(0.2, 2)], [cost(1), cost(50)])
    assert chosen(points).weights[1] > 0.5


def test_the_smallest_is_chosen_where_nobody_is_better():
    same = noisy(0.5, 1)
    points = draw([same, same + 1e-4 * noisy(1.0, 2)], [cost(5), cost(1)])
    assert chosen(points).weights == (0.0, 1.0)


def test_where_nothing_is_limited_no_blend_is_chosen_twice(monkeypatch):
    asked = []

    def choose(*given, members, **how):
        asked.append(members)
        return choose_weights(*given, members=members, **how)

    monkeypatch.setattr(frontier, "choose_weights", choose)
    draw([noisy(0.5, 1), noisy(0.5, 2)], [cost(1), cost(2)])
    assert asked == [*range(2, MEMBERS + 1)]


def test_a_blend_costs_what_its_members_cost():
    points = draw([noisy(0.5, 1), noisy(0.5, 2)], [cost(1, 10), cost(2, 20)])
    assert chosen(points).cost == cost(3, 30)


@pytest.mark.parametrize(
    "limits", [Limits(latency_s=1.5), Limits(size_bytes=15), Limits(memory_bytes=60)]
)
def test_what_is_chosen_keeps_the_limits(limits):
    points = draw([noisy(0.9, 1), noisy(0.2, 2)], [cost(1, 10), cost(2, 20)], limits)
    assert chosen(points).weights == (1.0, 0.0)
    assert not all(point.allowed for point in points)


def test_where_nothing_is_allowed_the_smallest_is_chosen():
    points = draw([noisy(0.9, 1), noisy(0.2, 2)], [cost(1), cost(2)], Limits(latency_s=0.1))
    assert chosen(points).weights == (1.0, 0.0)
    assert not chosen(points).allowed
