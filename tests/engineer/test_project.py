import pytest

from dossiers import flights_gameday
from modelwright.documents import (
    Gameday,
    Release,
    read_document,
)
from modelwright.engineer.project import Project
from modelwright.errors import WorkspaceError
from modelwright.workspace.aliases import Aliases
from orders_example import choose_scheme


def test_the_outcome_of_a_drill_is_told_where_it_cannot_be_kept(project, monkeypatch):
    held, told = flights_gameday(), []
    monkeypatch.setattr("modelwright.engineer.project.hold_gameday", lambda *_, **__: held)
    watched = Project.open(project.workspace.path, report=lambda *said: told.append(said))
    with project.workspace.lock("run"):
        assert watched.gameday() == held
    assert "could not be kept" in told[-1][1]
    assert "in use by" in told[-1][1]
    assert watched.gameday() == read_document(Gameday, project.workspace)


def test_the_release_before_comes_back(project):
    first = read_document(Release, project.workspace).bundle_hash
    with pytest.raises(WorkspaceError, match="nothing to roll back to"):
        project.roll_back()
    Project.ask(project.workspace.path, {"exclude": ["items"]})
    again = Project.open(project.workspace.path)
    again.plan()
    choose_scheme(again.workspace, "readable")
    second = again.run()
    assert second.bundle_hash != first
    assert second.previous_hash == first
    assert project.roll_back() == first
    assert Aliases.read(project.workspace).bundle("champion") == first
    assert project.maintain("later.csv").bundle_hash == first
