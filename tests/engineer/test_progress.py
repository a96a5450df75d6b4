from modelwright.engineer.progress import PROGRESS, Progress
from modelwright.workspace.journal import Journal


def test_what_a_run_told_is_in_the_journal(project):
    with Journal.open(project.workspace.path / "journal.db") as journal:
        rooms = [event.facts["room"] for event in journal.events(PROGRESS)]
    assert {"plan", "explore", "build", "deploy"} <= {*rooms}
    lines = (project.workspace.path / "modelwright.log").read_text(encoding="utf-8").splitlines()
    assert lines[0].endswith("begins")
    assert "ends with 0" in lines[-1]
    assert any("area under the ROC curve 0." in line for line in lines)
    assert any("the best so far" in line for line in lines)


def test_nothing_is_kept_when_nothing_is_at_work(tmp_path):
    told = []
    progress = Progress(lambda room, sentence: told.append((room, sentence)))
    with Journal.open(tmp_path / "journal.db") as journal:
        with progress.kept_in(journal):
            progress("plan", "one")
        progress("plan", "two")
        assert [event.facts["sentence"] for event in journal.events(PROGRESS)] == ["one"]
    assert told == [("plan", "one"), ("plan", "two")]
