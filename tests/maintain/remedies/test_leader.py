"""Who leads among remedies, and how often chance leads."""

from dataclasses import replace

import numpy as np
import pytest

from modelwright.maintain.remedies.leader import find_leader
from modelwright.maintain.remedies.proposals import share_spared
from modelwright.maintain.remedies.replay import Replayed

WINDOWS = np.repeat(np.arange(4), 100)


def replayed(*spared: dict[str, float], noise: float = 0.0, seed: int = 0) -> Replayed:
    """Return a remedy whose options spare so much in each window, give or take."""
    draw = np.random.default_rng(seed)
    tries = tuple(
        {option: mean + noise * draw.standard_normal(100) for option, mean in each.items()}
        for each in spared
    )
    return Replayed(
        treatment=None,
        places=np.arange(400),
        saved=np.zeros(400),
        usual=np.ones(400),
        answers=np.empty((400, 0)),
        windows=WINDOWS,
        tries=tries,
        offered=tuple(dict.fromkeys(each, 0.0) for each in (*spared, spared[-1])),
    )


def test_in_each_window_that_remedy_answers_that_did_best_before():
    learns = replayed({"a": 0.1}, {"a": 0.3}, {"a": 0.3}, {"a": 0.3})
    undoes = replayed({"b": 0.2}, {"b": 0.1}, {"b": 0.0, "c": 0.9}, {"c": 0.9})
    leader = find_leader({"retrain": learns, "fix units": undoes})
    assert leader.remedy == "fix units"
    # Nobody leads in the first window; then "b", then "a", and "c" once it was seen.
    assert leader.saved.reshape(4, 100)[:, 0].tolist() == [0.0, 0.1, 0.3, 0.9]


def test_a_window_without_an_offer_spares_nothing():
    late = replayed({}, {"a": 0.5}, {}, {"a": 0.5})
    leader = find_leader({"impute": late})
    assert leader.saved.reshape(4, 100)[:, 0].tolist() == [0.0, 0.0, 0.0, 0.5]


def test_where_none_spares_anything_nobody_leads():
    assert find_leader({"retrain": replayed(*[{"a": -0.1}] * 4)}) is None
    assert find_leader({}) is None


@pytest.mark.parametrize("certain", [0.95, 0.8])
def test_useless_remedies_lead_no_more_often_than_is_promised(certain):
    helps, most = 0, 1 - certain
    for seed in range(400):
        nothing = {
            name: replayed(*[{"a": 0.0, "b": 0.0}] * 4, noise=1.0, seed=10 * seed + number)
            for number, name in enumerate(("retrain", "impute", "fix units", "recalibrate"))
        }
        leader = find_leader(nothing)
        level = 1 - 2 * most
        led = None if leader is None else share_spared(leader.saved, np.ones(400), level)
        helps += led is not None and led.low > 0
    # One in twenty or in five, at most, and thrice the standard error of so many draws.
    assert helps / 400 <= most + 3 * (most * certain / 400) ** 0.5


def test_while_a_change_is_young_what_does_well_in_both_worlds_leads():
    def of(windows: int) -> str:
        new = [{"alone": 0.5, "both": 0.4}] * windows
        made = replayed(*new)
        elsewhere = ({"alone": -0.6, "both": -0.1},) * (windows + 1)
        places = np.repeat(np.arange(windows), 100)
        found = find_leader({"retrain": replace(made, windows=places, offered=elsewhere)})
        return "alone" if found.saved[-1] == 0.5 else "both"

    # Marks are of what is chosen in the last window: those before it have been seen.
    assert [of(3), of(12)] == ["both", "alone"]


def test_what_lost_much_when_a_world_came_back_is_trusted_less():
    turns = [{"alone": 0.5, "both": 0.2}, {"alone": -0.9, "both": 0.0}] * 2
    leader = find_leader({"retrain": replayed(*turns)})
    # "alone" leads once; what it lost then counts as long as worlds may turn.
    assert leader.saved.reshape(4, 100)[:, 0].tolist() == [0.0, -0.9, 0.2, 0.0]
