import statistics
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import msgspec
import pytest

from modelwright.compute.parallel import map_threads
from modelwright.errors import WorkspaceError
from modelwright.workspace.ledger.ledger import Ledger, Prediction
from modelwright.workspace.ledger.rows import Entry, Gap
from modelwright.workspace.ledger.writer import LedgerWriter
from modelwright.workspace.spool.file import SpoolFile


def entry(number: int, **changes: object) -> Entry:
    made = Entry(
        id=f"p{number}",
        at=number,
        version="a1",
        inputs={"dep": number, "carrier": None},
        output=[0.25, 0.75],
        latency_s=0.001,
    )
    return msgspec.structs.replace(made, **changes)


def until(holds: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + 10
    while not holds() and time.monotonic() < deadline:
        time.sleep(0.002)
    return holds()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "ledger.db"


@pytest.fixture
def ledger(path: Path) -> Iterator[Ledger]:
    with Ledger.open(path) as opened:
        yield opened


class Held:
    """A ledger whose disk can be held up or filled."""

    def __init__(self, spool_folder: Path, fault: Exception | None = None) -> None:
        self.spool_folder = spool_folder
        self.go = threading.Event()
        self.sizes: list[int] = []
        self.gaps: list[Gap] = []
        self.fault = fault
        self.unfit = ""

    def append(self, rows: Sequence[Prediction]) -> int:
        self.go.wait(10)
        if self.fault:
            raise self.fault
        if self.unfit in {row.id for row in rows}:
            raise ValueError(f"{self.unfit} does not fit")
        self.sizes.append(len(rows))
        return len(rows)

    def note_gap(self, gap: Gap) -> None:
        self.gaps.append(gap)


@pytest.fixture
def held(tmp_path: Path) -> Held:
    return Held(tmp_path / "spool")


def test_everything_put_is_there_after_flush(ledger: Ledger) -> None:
    with LedgerWriter(ledger) as writer:
        assert all(writer.put([entry(n)]) for n in range(1234))
        assert writer.flush()
        assert ledger.count() == 1234
        assert (writer.dropped, writer.last_error, writer.waiting_bytes) == (0, None, 0)


def test_close_writes_what_waits(ledger: Ledger) -> None:
    writer = LedgerWriter(ledger, wait_s=30)
    writer.put([entry(1)])
    writer.close()
    assert ledger.count() == 1
    assert not writer.put([entry(2)])
    assert writer.dropped == 1
    assert writer.flush()
    assert list(ledger.spool_folder.iterdir()) == []


def test_a_lone_prediction_is_written_without_asking(ledger: Ledger) -> None:
    with LedgerWriter(ledger, wait_s=0.01) as writer:
        writer.put([entry(1)])
        deadline = time.monotonic() + 5
        while not ledger.count() and time.monotonic() < deadline:
            time.sleep(0.01)
        assert ledger.count() == 1


def test_rows_of_a_crowd_wait_for_its_end(held: Held, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in (("_CROWD", 0), ("_ENOUGH", 1000), ("_WAITS", 1_000_000)):
        monkeypatch.setattr(f"modelwright.workspace.ledger.writer.{name}", value)
    held.go.set()
    with LedgerWriter(held, wait_s=0.001) as writer:
        writer.put([entry(0)])
        time.sleep(0.02)
        assert held.sizes == []
        writer.put([entry(n) for n in range(1, 50)])
        assert until(lambda: sum(held.sizes) == 50)


def test_many_share_a_commit(held: Held) -> None:
    with LedgerWriter(held, rows_per_commit=100) as writer:
        for number in range(250):
            writer.put([entry(number)])
        held.go.set()
        writer.flush()
        assert sum(held.sizes) == 250
        assert max(held.sizes) == 100


def test_a_full_spool_drops_counts_and_leaves_a_gap(held: Held) -> None:
    with LedgerWriter(held, wait_s=0, capacity_bytes=2000) as writer:
        answers = [writer.put([entry(n, host="h1")]) for n in range(100)]
        held.go.set()
        writer.flush()
        assert writer.dropped == answers.count(False) >= 60
        assert "as many answers wait" in writer.last_loss
        assert sum(held.sizes) == answers.count(True)
        (gap,) = held.gaps
        assert (gap.answers, gap.until, gap.host) == (writer.dropped, 99, "h1")
        assert not answers[gap.at]


def test_a_gap_that_cannot_be_noted_is_noted_later(
    held: Held, monkeypatch: pytest.MonkeyPatch
) -> None:
    full = iter([WorkspaceError("disk full", "make room")])
    note = held.note_gap

    def note_gap(gap: Gap) -> None:
        for fault in full:
            raise fault
        note(gap)

    monkeypatch.setattr(held, "note_gap", note_gap)
    with LedgerWriter(held, wait_s=0, retry_s=0.001, capacity_bytes=2000) as writer:
        answers = [writer.put([entry(n)]) for n in range(100)]
        held.go.set()
        assert until(lambda: bool(held.gaps))
    assert [gap.answers for gap in held.gaps] == [answers.count(False)]


def test_who_refuses_loses_nothing(held: Held) -> None:
    with LedgerWriter(held, refuses=True, capacity_bytes=120) as writer:
        writer.put([entry(1)])
        with pytest.raises(WorkspaceError, match=r"could not be logged: as many.*Ask again later"):
            writer.put([entry(2)])
        assert writer.is_refusing
        held.go.set()
        writer.flush()
        writer.put([entry(2)])
        assert (writer.dropped, held.gaps, writer.is_refusing) == (0, [], False)


def test_rows_wait_while_the_ledger_fails(held: Held) -> None:
    held.fault = WorkspaceError("no space is left")
    held.go.set()
    with LedgerWriter(held, wait_s=0, retry_s=0.01) as writer:
        writer.put([entry(1)])
        assert not writer.flush(0.05)
        assert "no space is left" in writer.last_error
        assert writer.waiting_bytes > 0
        held.fault = None
        writer.put([entry(2)])
        writer.flush()
        assert (writer.dropped, writer.last_error, sum(held.sizes)) == (0, None, 2)


def test_what_was_put_while_the_ledger_failed_needs_no_further_answer(held: Held) -> None:
    held.fault = WorkspaceError("no space is left")
    held.go.set()
    with LedgerWriter(held, wait_s=0, retry_s=0.01) as writer:
        writer.put([entry(1)])
        assert until(lambda: writer.last_error is not None)
        held.go.clear()
        writer.put([entry(2)])
        # Held up with the first row, the writer has heard of the second one already.
        assert until(lambda: not writer._waiting.is_set())
        held.fault = None
        held.go.set()
        assert until(lambda: not writer.waiting_bytes)


@pytest.mark.parametrize("step", ["clear", "heed_length"])
def test_a_spool_that_cannot_be_read_or_cleared_is_moved_again(
    ledger: Ledger, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    faults = iter([OSError(5, "Input/output error")])
    done = getattr(SpoolFile, step)

    def failing(file: SpoolFile) -> None:
        if threading.current_thread() is not threading.main_thread():
            for fault in faults:
                raise fault
        done(file)

    monkeypatch.setattr(SpoolFile, step, failing)
    with LedgerWriter(ledger, wait_s=0, retry_s=0.01) as writer:
        writer.put([entry(1)])
        assert until(lambda: not writer.waiting_bytes)
        writer.put([entry(2)])
        assert until(lambda: not writer.waiting_bytes)
        assert (ledger.count(), writer.last_error, writer.dropped) == (2, None, 0)


def test_what_could_not_be_written_is_taken_by_whoever_opens_next(path: Path) -> None:
    with Ledger.open(path) as ledger:
        held = Held(ledger.spool_folder, WorkspaceError("no space is left"))
        held.go.set()
        with LedgerWriter(held, retry_s=0.01) as writer:
            writer.put([entry(1)])
        assert ledger.count() == 0
    with Ledger.open(path) as again:
        assert [row.id for row in again.read_window()] == ["p1"]
        assert list(again.spool_folder.iterdir()) == []


def test_a_row_that_cannot_be_written_stops_no_other(held: Held) -> None:
    held.go.set()
    held.unfit = "p2"
    with LedgerWriter(held, wait_s=30) as writer:
        writer.put([entry(1), entry(2), entry(3)])
        writer.flush()
        assert (writer.dropped, writer.last_loss) == (1, "p2 does not fit")
        assert sum(held.sizes) == 2
        assert held.gaps == [Gap(at=2, until=2, host="", answers=1, why="p2 does not fit")]


def test_repeated_ids_are_counted(ledger: Ledger) -> None:
    with LedgerWriter(ledger) as writer:
        for number in (1, 1, 2):
            writer.put([entry(number)])
        writer.flush()
        assert (writer.repeated, ledger.count()) == (1, 2)


def test_many_threads_put(ledger: Ledger) -> None:
    with LedgerWriter(ledger, rows_per_commit=50, wait_s=0.001) as writer:
        map_threads(lambda n: writer.put([entry(n)]), range(2000), workers=8)
    assert (ledger.count(), writer.dropped) == (2000, 0)


def test_labels_are_written_while_the_server_writes(ledger: Ledger, path: Path) -> None:
    with LedgerWriter(ledger, wait_s=0.001) as writer, Ledger.open(path) as other:
        for start in range(0, 3000, 500):
            for number in range(start, start + 500):
                writer.put([entry(number)])
            other.label(((f"p{n}", True) for n in range(start, start + 500)), start)
        writer.flush()
        assert writer.dropped == 0
        assert all(row.label is True for row in other.read_window())


def test_putting_costs_little(ledger: Ledger) -> None:
    rows = [[entry(n)] for n in range(5000)]
    costs = []
    with LedgerWriter(ledger) as writer:
        for row in rows:
            started = time.perf_counter()
            writer.put(row)
            costs.append(time.perf_counter() - started)
    assert statistics.median(costs) < 20e-6
    assert ledger.count() == 5000


@pytest.mark.parametrize("after_s", [0.0, 0.02, 0.07])
def test_what_was_put_survives_a_kill(
    path: Path, tmp_path: Path, kill_during, after_s: float
) -> None:
    script = """
import os, sys
from pathlib import Path
from modelwright.workspace.ledger.ledger import Ledger
from modelwright.workspace.ledger.rows import Entry
from modelwright.workspace.ledger.writer import LedgerWriter
from modelwright.workspace.spool.file import SpoolFile
writer = LedgerWriter(Ledger.open(Path(sys.argv[1])), rows_per_commit=20, wait_s=0.005)
told = os.open(sys.argv[2], os.O_CREAT | os.O_WRONLY)
for n in range(10**9):
    writer.put([Entry(id=f"p{n}", at=n, version="a", inputs={"x": 1}, output=1, latency_s=0.0)])
    os.pwrite(told, b"%012d" % (n + 1), 0)
    if n == 199:
        print("ready", flush=True)
"""
    kill_during(script, path, tmp_path / "told", after_s=after_s)
    acknowledged = int((tmp_path / "told").read_text())
    with Ledger.open(path) as ledger:
        ids = [row.id for row in ledger.read_window()]
    assert ids == [f"p{n}" for n in range(len(ids))]
    assert len(ids) in (acknowledged, acknowledged + 1)


def test_a_share_of_the_rows_is_kept(tmp_path: Path) -> None:
    with Ledger.open(tmp_path / "ledger.db") as ledger:
        with LedgerWriter(ledger, inputs_rate=0.25) as writer:
            writer.put([entry(number) for number in range(200)])
        rows = [*ledger.read_window()]
        kept = {row.id for row in rows if row.inputs is not None}
        assert len(rows) == 200
        assert 30 < len(kept) < 70
        assert {row.inputs_rate for row in rows} == {0.25}
