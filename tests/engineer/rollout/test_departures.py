"""People are told of a model that had to go, or should."""

from datetime import timedelta

import pytest

from modelwright.engineer.rollout.rollout import Rollout
from modelwright.workspace.logbook import LOGBOOK, Logbook
from modelwright.workspace.trial import Trial
from rival_bundles import NOW, workspace_of_two
from wire import wait_until

BRIEF = """data = "x.csv"
target = "left"
[messages.file]
path = "told.jsonl"
"""
WHY = "it failed to answer 31 of 230 requests"


@pytest.fixture
def two(tmp_path):
    workspace, first, second = workspace_of_two(tmp_path / "model")
    (workspace.path / "modelwright.toml").write_text(BRIEF)
    rollout = Rollout(workspace, lambda: NOW, who=lambda: "modelwright serve")
    return workspace, rollout, first, second


def _alarms(workspace):
    with Logbook.open(workspace.path / LOGBOOK) as logbook:
        return [(each.kind, each.sentence) for each in logbook.alarms()]


def test_a_canary_that_goes_is_told_once_whoever_comes_second(two):
    workspace, rollout, _, second = two
    rollout.challenge(second, trial=Trial(role="canary", share=0.1), why="a try")
    assert (rollout.send_away(second, WHY), rollout.send_away(second, WHY)) == (True, True)
    said = f"{second[:12]} was sent away by modelwright serve: {WHY}."
    assert _alarms(workspace) == [("model sent away", said)]
    told = workspace.path / "told.jsonl"
    wait_until(lambda: told.exists() and said in told.read_text())
    assert told.read_text().count(said) == 1


def test_the_next_one_that_goes_on_a_day_is_news(two):
    workspace, rollout, _, second = two
    told = workspace.path / "told.jsonl"

    def is_told_after(hours: int) -> bool:
        later = Rollout(workspace, lambda: NOW + timedelta(hours=hours), who=rollout.who)
        later.challenge(second, trial=Trial(role="canary", share=0.1), why="a try")
        later.send_away(second, WHY)
        wait_until(lambda: told.exists() and len(told.read_text().splitlines()) == hours)
        return True

    assert [is_told_after(hours) for hours in (1, 2)] == [True, True]


def test_where_the_brief_leaves_it_to_people_the_champion_stays_and_they_are_told(two):
    workspace, rollout, first, second = two
    (workspace.path / "modelwright.toml").write_text(f'{BRIEF}[rollout]\nroll_back = "ask"\n')
    rollout.challenge(second, trial=Trial(role="shadow"), why="a try")
    rollout.promote(force=True, why="a try")
    assert not rollout.send_away(second, WHY)
    assert rollout.send_away(first, WHY)
    (kind, sentence), gone = _alarms(workspace)
    assert (kind, gone[0]) == ("model should go", "model sent away")
    assert sentence.startswith(f"{second[:12]}, the champion, should go: {WHY}. Nothing was done")
