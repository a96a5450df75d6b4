import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta

import pytest

from modelwright.engineer.progress import PROGRESS
from modelwright.maintain.signs import signs_of
from modelwright.ui.reading import read_standing
from modelwright.workspace.journal import Journal
from modelwright.workspace.logbook import LOGBOOK, Logbook

_NOW = datetime.now(UTC)


def test_reading_writes_nothing(workspace):
    before = sorted(workspace.path.iterdir())
    standing = read_standing("x", workspace, now=_NOW)
    assert standing.dossier.candidate is not None
    assert [*standing.judgements] == [standing.dossier.health]
    assert sorted(workspace.path.iterdir()) == before


def test_work_is_seen_while_it_goes_on(workspace):
    with workspace.lock("run"), Journal.open(workspace.path / "journal.db") as journal:
        journal.record(PROGRESS, room="build", sentence="of the run before")
        run = journal.start_run("run")
        journal.record(PROGRESS, room="plan", sentence="Reading")
        at_once = read_standing("x", workspace, now=_NOW).work
        assert at_once is not None
        assert [line.sentence for line in at_once.lines] == ["Reading"]
        assert at_once.budget_s == 0.0
        journal.record(PROGRESS, room="build", sentence="Opening the holdout")
        later = read_standing("x", workspace, now=_NOW + timedelta(seconds=9)).work
        assert later is not None
        assert later.budget_s == 150.0
        journal.end_run(run, exit_code=0)
    standing = read_standing("x", workspace, now=_NOW)
    assert standing.work is None
    assert standing.runs[-1].exit_code == 0


def test_who_was_killed_is_not_at_work(workspace):
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    with workspace.lock("run"), Journal.open(workspace.path / "journal.db") as journal:
        journal.start_run("run")
        held = (workspace.path / ".lock").read_bytes()
    (workspace.path / ".lock").write_bytes(held.replace(b"%d" % os.getpid(), b"%d" % gone.pid))
    assert read_standing("x", workspace, now=_NOW).work is None


@pytest.mark.parametrize("name", ["journal.db", LOGBOOK])
def test_a_damaged_database_hides_nothing_else(name, workspace):
    (workspace.path / name).write_bytes(b"no database at all" * 100)
    standing = read_standing("x", workspace, now=_NOW)
    assert standing.dossier.release is not None
    assert standing.work is None


def test_alarms_and_judgements_come_from_the_logbook(workspace):
    health = read_standing("x", workspace, now=_NOW).dossier.health
    assert health is not None
    with Logbook.open(workspace.path / LOGBOOK) as logbook:
        for day in (1, 2):
            at = _NOW - timedelta(days=day)
            logbook.record(_json(health), signs_of(health), at=at)
    standing = read_standing("x", workspace, now=_NOW)
    assert len(standing.judgements) == 2


def _json(document) -> bytes:
    import msgspec

    return msgspec.json.encode(document)
