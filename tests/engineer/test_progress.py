from modelwright.engineer.progress import PROGRESS, Progress
from modelwright.workspace.journal import Journal


def test_what_a_run_told_is_in_the_journal(project):
    with Journal.open(project.workspace.path / "journal.db") as journal:
        rooms = [event.facts["room"] for event in journal.events(PROGRESS)]
    assert {"plan", "explore", "build", "deploy"} <= {*rooms}


def test_nothing_is_kept_when_nothing_is_at_work(tmp_path):
    told = []
    progress = Progress(lambda room, sentence: told.append((room, sentence)))
    with Journal.open(tmp_path / "journal.db") as journal:
        with progress.kept_in(journal):
            progress("plan", "one")
        progress("plan", "two")
        assert [event.facts["sentence"] for event in journal.events(PROGRESS)] == ["one"]
    assert told == [("plan", "one"), ("plan", "two")]
