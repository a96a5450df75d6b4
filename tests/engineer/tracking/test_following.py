import sys

import pytest

from modelwright.engineer.project import Project
from modelwright.engineer.rollout.rollout import Rollout
from modelwright.engineer.tracking import following, mlflow
from modelwright.engineer.tracking.following import Where, track
from modelwright.errors import BriefError, MissingDependencyError
from modelwright.workspace.aliases import Aliases
from modelwright.workspace.trial import Trial
from rival_bundles import NOW, workspace_of_two
from tracking_server import MemoryServer

BRIEF = 'data = "x.csv"\ntarget = "left"\n'
TRACKED = f'{BRIEF}[tracking]\nto = "http://127.0.0.1:9"\nmodel = "churn"\n'


@pytest.fixture
def workspace(tmp_path):
    workspace, *_ = workspace_of_two(tmp_path / "left-model")
    workspace.write_text("modelwright.toml", TRACKED)
    return workspace


@pytest.fixture
def server(monkeypatch):
    server, asked = MemoryServer(), []

    def connect(address, **names):
        asked.append((address, names))
        return server

    monkeypatch.setattr(mlflow, "connect", connect)
    server.asked = asked
    return server


def _other(workspace):
    champion = Aliases.read(workspace).bundle("champion")
    names = (each.name for each in workspace.bundles.iterdir())
    return next(workspace.bundles / each for each in names if not each.endswith(champion[:12]))


def quiet(sentence):
    pass


def test_the_brief_says_where_and_the_folder_what_it_is_called(workspace, server):
    track(workspace, Where(""), quiet)
    names = {"experiment": "left-model", "model": "churn"}
    assert server.asked == [("http://127.0.0.1:9", names)]
    track(workspace, Where("http://other:5000", "mine", "yours"), quiet)
    assert server.asked[1] == ("http://other:5000", {"experiment": "mine", "model": "yours"})


def test_an_address_is_needed_and_holds_no_password(workspace):
    with pytest.raises(BriefError, match="MLFLOW_TRACKING_TOKEN"):
        track(workspace, Where("https://ann:secret@tracking.example"), quiet)
    workspace.write_text("modelwright.toml", BRIEF)
    with pytest.raises(BriefError, match="Give --to URL"):
        track(workspace, Where(""), quiet)


def test_what_is_missing_is_named(workspace, monkeypatch):
    monkeypatch.setitem(sys.modules, "mlflow", None)
    with pytest.raises(MissingDependencyError, match=r"pip install 'modelwright\[mlflow\]'"):
        track(workspace, Where(""), quiet)


def test_a_rollback_is_followed(workspace, server):
    project = Project.open(workspace.path)
    project.challenge(_other(workspace))
    project.promote(force=True, why="better")
    assert server.aliases == {"champion": "2", "challenger": "1"}
    project.roll_back(why="worse")
    assert server.aliases == {"champion": "1"}


def test_a_server_that_is_away_stops_nothing(workspace, monkeypatch):
    monkeypatch.setitem(sys.modules, "mlflow", None)
    told = []
    project = Project.open(workspace.path, report=lambda *said: told.append(said))
    project.challenge(_other(workspace))
    assert project.promote(force=True, why="better").acted
    assert {room for room, _ in told} == {"track"}
    assert told[0][1].startswith("Not written yet: mlflow is not installed.")


def test_a_server_of_answers_does_not_wait(workspace, monkeypatch):
    begun = []

    class Aside:
        def __init__(self, *, target, args, kwargs, daemon):
            begun.append(args[0])

        def start(self):
            pass

    monkeypatch.setattr(following, "Thread", Aside)
    Rollout(workspace, lambda: NOW).challenge(_other(workspace), trial=Trial(role="shadow"), why="")
    assert begun == [["-m", "modelwright", "track", "--quiet", "--workspace", str(workspace.path)]]
    workspace.write_text("modelwright.toml", BRIEF)
    Rollout(workspace, lambda: NOW).withdraw(why="")
    assert len(begun) == 1
