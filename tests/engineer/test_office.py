import pytest

from modelwright.documents import (
    Candidate,
    Findings,
    Plan,
    Release,
    read_document,
)
from modelwright.engineer.project import Project
from modelwright.errors import BriefError, SourceError
from orders_example import BUDGET, TARGET, orders


def _made_at(project: Project) -> dict[str, str]:
    return {
        kind.file_name: read_document(kind, project.workspace).made_at
        for kind in (Plan, Findings, Candidate, Release)
    }


def test_creating_again_keeps_what_was_edited_and_says_so(folder):
    orders(100, seed=0).write_csv("orders.csv")
    project = Project.create("new", data="orders.csv", target=TARGET)
    toml = project.workspace.path / "modelwright.toml"
    toml.write_text(toml.read_text() + 'exclude = ["items"]\n')
    said: list[str] = []
    again = Project.create(
        "new", data="orders.csv", target=TARGET, seed=1, report=lambda _, text: said.append(text)
    )
    assert again.brief.exclude == ("items",)
    assert "modelwright.toml still says exclude = ['items']" in said
    assert "modelwright.toml now says seed = 1" in said


def test_a_file_that_says_the_same_is_not_written_again(folder):
    orders(100, seed=0).write_csv("orders.csv")
    project = Project.create("new", data="orders.csv", target=TARGET)
    toml = project.workspace.path / "modelwright.toml"
    toml.write_text(toml.read_text() + "# my own remark\n")
    Project.create("new", data="orders.csv", target=TARGET)
    assert "my own remark" in toml.read_text()


def test_a_wrong_brief_makes_no_folder(folder):
    with pytest.raises(BriefError, match="Did you mean 'seed'"):
        Project.create("new", data="orders.csv", target=TARGET, sede=1)
    assert not (folder / "new").exists()


def test_a_workspace_may_be_opened_from_another_folder(project, monkeypatch):
    monkeypatch.chdir(project.workspace.path)
    before = _made_at(project := Project.open("."))
    project.run()
    assert _made_at(project) == before


def test_a_data_frame_has_to_be_given_again(folder):
    frame = orders(300, seed=3)
    plan = Project.create("new", data=frame, target=TARGET, budget=BUDGET).plan()
    with pytest.raises(BriefError, match="was a data frame"):
        Project.open("new").plan()
    again = Project.open("new", data=frame)
    again.explore()
    assert read_document(Plan, again.workspace) == plan


def test_a_missing_file_leaves_the_workspace_usable(project):
    (project.workspace.path.parent / "orders.csv").rename("moved.csv")
    with pytest.raises(SourceError, match=r"There is no file orders\.csv"):
        Project.open(project.workspace.path).run()
    assert project.maintain("later.csv").rows == 300
