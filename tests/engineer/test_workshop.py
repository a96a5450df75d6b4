import msgspec
import pytest

from modelwright.documents import (
    Candidate,
    Findings,
    Plan,
    Release,
    read_document,
    write_document,
)
from modelwright.engineer.project import Project
from modelwright.errors import BriefError, WorkspaceError
from modelwright.workspace.journal import JOURNAL, Journal
from orders_example import BUDGET, TARGET, choose_scheme, orders


def _made_at(project: Project) -> dict[str, str]:
    return {
        kind.file_name: read_document(kind, project.workspace).made_at
        for kind in (Plan, Findings, Candidate, Release)
    }


def _edit_plan(project: Project, **changes: object) -> Plan:
    plan = msgspec.structs.replace(read_document(Plan, project.workspace), **changes)
    write_document(plan, project.workspace)
    return plan


def test_rooms_are_visited_in_their_order(folder):
    rooms: list[str] = []
    project = Project.create(
        "new",
        data=orders(300, seed=3),
        target=TARGET,
        budget="8s",
        report=lambda room, _: rooms.append(room),
    )
    release = project.run()
    visited = list(dict.fromkeys(rooms))
    assert visited == ["data", "plan", "explore", "build", "deploy"]
    made = [*_made_at(project).values()]
    assert made == sorted(made)
    assert release == read_document(Release, project.workspace)


def test_each_document_names_what_it_was_made_from(project):
    made_from = {
        kind: read_document(kind, project.workspace).made_from
        for kind in (Plan, Findings, Candidate, Release)
    }
    assert len(set(made_from.values())) == 4
    assert all(made_from.values())


def test_running_again_makes_nothing_again(project):
    before = _made_at(project)
    project.run()
    Project.open(project.workspace.path).run()
    assert _made_at(project) == before


@pytest.mark.parametrize(
    ("gone", "stay"),
    [
        ("release.json", ("plan.json", "findings.json", "candidate.json")),
        ("candidate.json", ("plan.json", "findings.json")),
    ],
)
def test_an_interrupted_run_goes_on_where_it_ended(gone, stay, project):
    before = _made_at(project)
    (project.workspace.path / gone).unlink()
    assert project.run().released
    after = _made_at(project)
    assert [name for name in before if before[name] == after[name]][: len(stay)] == list(stay)
    assert before[gone] != after[gone]


def test_an_edited_plan_is_carried_out_as_it_stands(project):
    choose_scheme(project.workspace, "readable")
    edited = _edit_plan(project, exclude=("items",))
    project.run()
    assert read_document(Plan, project.workspace) == edited
    candidate = read_document(Candidate, project.workspace)
    lines = {"linear", "linear-sparse"}
    assert {trial.learner for trial in candidate.trials} == {"constant", "rule", *lines}
    assert "items" not in candidate.schema.names


def test_another_brief_makes_everything_again(project):
    before = _made_at(project)
    Project.ask(project.workspace.path, {"exclude": ["items"]})
    again = Project.open(project.workspace.path)
    assert "items" not in {column.name for column in again.explore().schema.features}
    assert _made_at(again)["plan.json"] != before["plan.json"]


def test_a_metric_of_ones_own_goes_through_the_whole_job(folder):
    """It lies beside the data, and each room finds it from the workspace."""
    text = "def gain(truth, prediction): return -((truth - prediction) ** 2).mean()\n"
    (folder / "metrics.py").write_text(text)
    orders(300, seed=3).write_csv("orders.csv")
    asked = {"data": "orders.csv", "target": TARGET, "metric": "metrics.py:gain"}
    project = Project.create("new", budget=BUDGET, **asked)
    assert project.brief.metric == "../metrics.py:gain"
    project.plan()
    choose_scheme(project.workspace, "readable")
    release = project.run()
    candidate = read_document(Candidate, project.workspace)
    assert candidate.metric == release.metric == "maximize ../metrics.py:gain"
    assert -0.25 < candidate.evaluation.score.value < 0
    health = project.maintain(orders(200, seed=1))
    assert health.realised is not None
    assert -0.25 < health.realised.value < 0
    before = _made_at(project)
    (folder / "metrics.py").write_text(text.replace("-(", "-2 * ("))
    Project.open("new").explore()
    assert _made_at(project)["plan.json"] != before["plan.json"]


def test_a_metric_that_is_gone_is_told_in_the_plan(folder):
    project = Project.create(
        "new", data=orders(300, seed=3), target=TARGET, metric="metrics.py:gain", budget=BUDGET
    )
    with pytest.raises(BriefError, match=r"metrics\.py, which is not there"):
        project.plan()


def test_other_rows_make_everything_again(project):
    before = _made_at(project)
    orders(700, seed=2).write_csv("orders.csv")
    assert Project.open(project.workspace.path).explore().training_rows == 560
    assert _made_at(project)["plan.json"] != before["plan.json"]


def test_a_budget_given_to_run_is_written_into_the_brief(project):
    project.run(budget="5s")
    assert project.brief.budget_s == 5
    again = Project.open(project.workspace.path)
    assert again.brief.budget_s == 5
    before = _made_at(again)
    again.run()
    assert _made_at(again) == before


def test_each_room_alone(folder):
    project = Project.create("new", data=orders(300, seed=3), target=TARGET, budget=BUDGET)
    project.plan()
    plan = choose_scheme(project.workspace, "readable")
    findings = project.explore()
    assert findings.plan == plan
    candidate = project.build("6s")
    assert candidate.training_rows == findings.training_rows
    assert project.deploy().released == candidate.passed
    before = _made_at(project)
    project.run()
    assert _made_at(project) == before


def test_a_room_makes_first_what_it_needs(folder):
    project = Project.create("new", data=orders(300, seed=3), target=TARGET, budget=BUDGET)
    with pytest.raises(WorkspaceError, match="modelwright build"):
        project.deploy()
    assert project.explore().training_rows == 240


def test_every_opening_of_the_holdout_is_counted(project):
    assert read_document(Candidate, project.workspace).evaluation.openings == 1
    choose_scheme(project.workspace, "readable")
    assert project.build("6s").evaluation.openings == 2
    plan = read_document(Plan, project.workspace)
    _edit_plan(project, split=msgspec.structs.replace(plan.split, reason="Reworded."))
    assert Project.open(project.workspace.path).build("6s").evaluation.openings == 3


def test_the_journal_knows_how_each_run_ended(project):
    path = project.workspace.path / JOURNAL
    project.maintain("later.csv")
    (project.workspace.path / "release.json").unlink()
    with pytest.raises(WorkspaceError):
        project.maintain("later.csv")
    with Journal.open(path) as journal:
        runs = [(run.command, run.exit_code) for run in journal.runs()]
    assert runs[:2] == [("plan", 0), ("run", 0)]
    assert runs[-1] == ("maintain", 2)
    assert all(code is not None for _, code in runs)


def test_a_locked_workspace_says_who_holds_it(project):
    with project.workspace.lock("run"), pytest.raises(WorkspaceError, match=r"in use by.*\(run\)"):
        Project.open(project.workspace.path).run()
