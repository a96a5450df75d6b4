import msgspec
import polars as pl
import pytest

from dossiers import flights_gameday
from modelwright.documents import (
    Candidate,
    Findings,
    Gameday,
    Plan,
    Release,
    read_document,
    write_document,
)
from modelwright.engineer.project import LEDGER, Project
from modelwright.errors import BriefError, SourceError, WorkspaceError
from modelwright.workspace.aliases import Aliases
from modelwright.workspace.journal import JOURNAL, Journal
from modelwright.workspace.ledger.ledger import Ledger, Prediction
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


# --- order and resumption -------------------------------------------------------------------


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
    project = Project.create("new", budget="8s", **asked)
    assert project.brief.metric == "../metrics.py:gain"
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


# --- the brief ------------------------------------------------------------------------------


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


# --- the holdout and the journal ------------------------------------------------------------


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


def test_the_outcome_of_a_drill_is_told_where_it_cannot_be_kept(project, monkeypatch):
    held, told = flights_gameday(), []
    monkeypatch.setattr("modelwright.engineer.project.hold_gameday", lambda *_, **__: held)
    watched = Project.open(project.workspace.path, report=lambda *said: told.append(said))
    with project.workspace.lock("run"):
        assert watched.gameday() == held
    assert "could not be kept" in told[-1][1]
    assert "in use by" in told[-1][1]
    assert watched.gameday() == read_document(Gameday, project.workspace)


# --- after the release ----------------------------------------------------------------------


def test_labels_meet_the_predictions_of_the_same_ids(project):
    version = read_document(Release, project.workspace).bundle_hash
    with Ledger.open(project.workspace.path / LEDGER) as ledger:
        ledger.append(
            [
                Prediction(id="a", at=0, version=version, inputs=b"{}", output=b"0.7", latency_s=0),
                Prediction(id="b", at=1, version=version, inputs=b"{}", output=b"0.2", latency_s=0),
            ]
        )
    labels = pl.DataFrame({"id": ["a", "c"], TARGET: ["yes", "no"]})
    count = project.label(labels)
    assert (count.matched, count.corrected, count.unknown) == (1, 0, 1)
    renamed = pl.DataFrame({"number": ["a"], "what": ["no"]})
    count = project.label(renamed, id_column="number", target="what")
    assert (count.matched, count.corrected) == (1, 1)


@pytest.mark.parametrize("rows", [orders(300, seed=1), "later.csv"])
def test_new_rows_are_judged(rows, project):
    health = project.maintain(rows)
    assert (health.rows, health.labelled) == (300, 300)
    assert health.realised is not None
    assert health.healthy


def test_rows_that_changed_are_not_healthy(project):
    dear = orders(300, seed=1).with_columns(pl.col("amount") * 50)
    assert not project.maintain(dear).healthy


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
