import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import numpy as np
import pytest

from modelwright.compute.parallel import map_threads
from modelwright.compute.process import run_isolated
from modelwright.errors import WorkspaceError
from modelwright.workspace.journal import Journal

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)

RECORD_FOREVER = """
import sys
from pathlib import Path
from modelwright.workspace.journal import Journal
journal = Journal.open(Path(sys.argv[1]))
journal.start_run("modelwright build")
for number in range(10**9):
    journal.record("trial", number=number)
    Path(sys.argv[2]).write_text(str(number + 1))
    if number == 5:
        print("ready", flush=True)
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "journal.db"


@pytest.fixture
def journal(path: Path) -> Iterator[Journal]:
    with Journal.open(path, clock=lambda: NOW) as opened:
        yield opened


def test_events_come_back_in_order_with_their_facts(journal: Journal, path: Path) -> None:
    journal.record(
        "trial", event="a fact may have any name", score=np.float32(0.5), rows=np.int64(3)
    )
    journal.record("gate", folder=Path("bundles"), passed=True, missing=None)
    with Journal.open(path) as again:
        first, second = again.events()
    assert first.facts == {"event": "a fact may have any name", "score": 0.5, "rows": 3}
    assert second.facts == {"folder": "bundles", "passed": True, "missing": None}
    assert (first.at, first.kind) == (NOW, "trial")
    assert [event.kind for event in journal.events("gate")] == ["gate"]
    assert journal.events("none") == ()


def test_a_fact_that_is_no_json_is_a_fault_of_ours(journal: Journal) -> None:
    with pytest.raises(TypeError, match="set_iterator"):
        journal.record("trial", wrong=iter({1}))
    assert journal.events() == ()


def test_times_are_kept_in_utc(path: Path) -> None:
    zone = timezone(timedelta(hours=5))
    with Journal.open(path, clock=lambda: NOW.astimezone(zone)) as journal:
        journal.record("trial")
        assert journal.events()[0].at.tzinfo == UTC
        assert journal.events()[0].at == NOW


def test_every_opening_of_a_holdout_counts(journal: Journal) -> None:
    journal.record_opening("first", holdout="ab")
    journal.record_opening("first", holdout="ab")
    journal.record_opening("second", holdout="ab")
    journal.record_opening("third")
    assert journal.count_openings("ab") == 3
    assert journal.count_openings("first") == 2
    assert journal.count_openings("none") == 0
    assert [o.candidate for o in journal.openings()] == ["first", "first", "second", "third"]


def test_runs_have_a_beginning_and_an_end(journal: Journal) -> None:
    killed = journal.start_run("modelwright plan")
    done = journal.start_run("modelwright build")
    journal.end_run(done, exit_code=1)
    first, second = journal.runs()
    assert (first.id, first.ended, first.exit_code) == (killed, None, None)
    assert (second.command, second.ended, second.exit_code) == ("modelwright build", NOW, 1)


def test_threads_share_a_journal(journal: Journal) -> None:
    map_threads(lambda n: journal.record("trial", number=n), range(200), workers=4)
    assert {event.facts["number"] for event in journal.events()} == set(range(200))


@pytest.mark.parametrize("after_s", [0.0, 0.005, 0.02])
def test_what_was_recorded_survives_a_kill(
    path: Path, tmp_path: Path, kill_during, after_s: float
) -> None:
    kill_during(RECORD_FOREVER, path, tmp_path / "count", after_s=after_s)
    said = int((tmp_path / "count").read_text() or "6")
    with Journal.open(path) as journal:
        numbers = [event.facts["number"] for event in journal.events("trial")]
        assert numbers == list(range(len(numbers)))
        assert len(numbers) >= said
        assert journal.runs()[0].ended is None
        journal.record("next command")


@pytest.mark.parametrize("keep_bytes", [0, 100])
def test_a_damaged_file_says_to_move_it_away(path: Path, keep_bytes: int) -> None:
    with Journal.open(path) as journal:
        journal.record("trial")
    path.write_bytes(path.read_bytes()[:keep_bytes] + b"not a database" * 1000)
    with pytest.raises(WorkspaceError, match=r"damaged.*Move journal\.db\* away"):
        Journal.open(path)


def test_damage_in_the_middle_is_found_on_opening(path: Path) -> None:
    with Journal.open(path) as journal:
        for number in range(500):
            journal.record("trial", number=number, text="x" * 100)
    data = bytearray(path.read_bytes())
    data[8192:12288] = b"\xff" * 4096
    path.write_bytes(data)
    with pytest.raises(WorkspaceError, match="damaged"):
        Journal.open(path)


def test_a_newer_file_is_refused(path: Path) -> None:
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA user_version = 99")
    connection.close()
    with pytest.raises(WorkspaceError, match="newer modelwright"):
        Journal.open(path)


def test_a_missing_folder_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(WorkspaceError, match="could not be used"):
        Journal.open(tmp_path / "none" / "journal.db")


def test_a_full_disk_is_a_sentence_and_loses_nothing(journal: Journal) -> None:
    journal.record("before")
    pages = journal._connection.execute("PRAGMA page_count").fetchone()[0]
    journal._connection.execute(f"PRAGMA max_page_count = {pages}")
    with pytest.raises(WorkspaceError, match="no space is left"):
        journal.record("large", text="x" * 100_000)
    assert [event.kind for event in journal.events()] == ["before"]


def test_many_first_commands_at_once(path: Path) -> None:
    script = (
        "import sys; from pathlib import Path\n"
        "from modelwright.workspace.journal import Journal\n"
        "with Journal.open(Path(sys.argv[1])) as journal: journal.record('first')\n"
    )
    runs = map_threads(
        lambda _: run_isolated(["-c", script, str(path)], timeout_s=60), range(6), workers=6
    )
    assert [run.exit_code for run in runs] == [0] * 6, runs
    with Journal.open(path) as journal:
        assert len(journal.events()) == 6


def test_a_busy_file_is_a_sentence(
    journal: Journal, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    journal._connection.execute("PRAGMA busy_timeout = 50")
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(WorkspaceError, match="kept busy by another process"):
        journal.record("trial")
    other.execute("COMMIT")
    other.close()
    journal.record("trial")
