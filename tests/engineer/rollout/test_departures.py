"""People are told of a model that had to go, or should."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest

from modelwright.deploy.rollout import DepartedError
from modelwright.engineer.rollout.rollout import Rollout, sends_away
from modelwright.workspace.aliases import Aliases
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
    assert (workspace.path / "told.jsonl").read_text().count(said) == 1


def test_the_next_one_that_goes_on_a_day_is_news(two):
    workspace, rollout, _, second = two
    told = workspace.path / "told.jsonl"

    def is_told_after(hours: int) -> bool:
        later = Rollout(workspace, lambda: NOW + timedelta(hours=hours), who=rollout.who)
        later.challenge(second, trial=Trial(role="canary", share=0.1), why="a try")
        later.send_away(second, WHY)
        return len(told.read_text().splitlines()) == hours

    assert [is_told_after(hours) for hours in (1, 2)] == [True, True]


def test_a_server_does_not_wait_for_its_messages(two):
    workspace, rollout, _, second = two
    rollout.challenge(second, trial=Trial(role="canary", share=0.1), why="a try")
    assert sends_away(workspace.path)(second, WHY)
    told = workspace.path / "told.jsonl"
    wait_until(lambda: told.exists() and WHY in told.read_text())


def test_workers_that_find_it_out_at_once_roll_back_once(two):
    workspace, rollout, first, second = two
    for bundle in (second, first, second):
        rollout.challenge(bundle, trial=Trial(role="shadow"), why="a try")
        rollout.promote(force=True, why="a try")
    both = Barrier(2)

    def find_out(_: int) -> bool:
        both.wait()
        return rollout.send_away(second, WHY)

    with ThreadPoolExecutor(2) as workers:
        assert list(workers.map(find_out, range(2))) == [True, True]
    assert Aliases.read(workspace).bundle("champion") == first
    assert [kind for kind, _ in _alarms(workspace)] == ["model sent away"]


def test_what_was_decided_of_another_champion_is_not_done(two):
    workspace, rollout, first, second = two
    rollout.challenge(second, trial=Trial(role="shadow"), why="a try")
    before = Aliases.read(workspace)
    for act, meant in ((rollout.roll_back, second), (rollout.withdraw, first)):
        with pytest.raises(DepartedError, match="is gone already"):
            act(why=WHY, only=meant)
    assert Aliases.read(workspace) == before


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
