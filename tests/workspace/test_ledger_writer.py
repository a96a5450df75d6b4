import statistics
import threading
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import msgspec
import pytest

from modelwright.compute.parallel import map_threads
from modelwright.errors import WorkspaceError
from modelwright.workspace.ledger import Ledger, Prediction
from modelwright.workspace.ledger_writer import LedgerWriter


def prediction(number: int) -> Prediction:
    return Prediction(
        id=f"p{number}",
        at=number,
        version="a1",
        inputs=msgspec.json.encode({"dep": number, "carrier": None}),
        output=b"[0.25,0.75]",
        latency_s=0.001,
    )


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "ledger.db"


@pytest.fixture
def ledger(path: Path) -> Iterator[Ledger]:
    with Ledger.open(path) as opened:
        yield opened


class Held:
    """A ledger whose disk can be held up or filled."""

    def __init__(self, fault: Exception | None = None) -> None:
        self.go = threading.Event()
        self.sizes: list[int] = []
        self.fault = fault

    def append(self, rows: Sequence[Prediction]) -> int:
        self.go.wait(10)
        self.sizes.append(len(rows))
        if self.fault:
            raise self.fault
        return len(rows)


def test_everything_put_is_there_after_flush(ledger: Ledger) -> None:
    with LedgerWriter(ledger) as writer:
        assert all(writer.put(prediction(n)) for n in range(1234))
        assert writer.flush()
        assert ledger.count() == 1234
        assert (writer.dropped, writer.last_error) == (0, None)


def test_close_writes_what_waits(ledger: Ledger) -> None:
    writer = LedgerWriter(ledger, wait_s=30)
    writer.put(prediction(1))
    writer.close()
    assert ledger.count() == 1
    assert not writer.put(prediction(2))
    assert writer.dropped == 1
    assert writer.flush()


def test_a_lone_prediction_is_written_without_asking(ledger: Ledger) -> None:
    with LedgerWriter(ledger) as writer:
        writer.put(prediction(1))
        deadline = time.monotonic() + 5
        while not ledger.count() and time.monotonic() < deadline:
            time.sleep(0.01)
        assert ledger.count() == 1


def test_many_share_a_commit() -> None:
    held = Held()
    with LedgerWriter(held, rows_per_commit=100) as writer:
        for number in range(250):
            writer.put(prediction(number))
        held.go.set()
        writer.flush()
        assert sum(held.sizes) == 250
        assert max(held.sizes) == 100


def test_a_full_queue_drops_and_counts() -> None:
    held = Held()
    with LedgerWriter(held, rows_per_commit=10, wait_s=0, capacity=20) as writer:
        answers = [writer.put(prediction(n)) for n in range(100)]
        held.go.set()
        writer.flush()
        assert writer.dropped == answers.count(False) >= 70
        assert sum(held.sizes) == answers.count(True)


@pytest.mark.parametrize(
    "fault", [WorkspaceError("no space is left"), ValueError("no space is left in an integer")]
)
def test_a_full_disk_drops_counts_and_recovers(fault: Exception) -> None:
    held = Held(fault)
    held.go.set()
    with LedgerWriter(held) as writer:
        assert writer.put(prediction(1))
        writer.flush()
        assert writer.dropped == 1
        assert writer.last_error is not None
        writer.flush()
        assert "no space is left" in writer.last_error
        held.fault = None
        writer.put(prediction(2))
        writer.flush()
        assert (writer.dropped, writer.last_error) == (1, None)


def test_a_row_that_cannot_be_written_stops_nothing(ledger: Ledger) -> None:
    with LedgerWriter(ledger) as writer:
        writer.put(msgspec.structs.replace(prediction(1), id="\ud800"))
        writer.flush()
        writer.put(msgspec.structs.replace(prediction(2), at=2**70))
        writer.flush()
        writer.put(prediction(3))
        writer.flush()
        assert writer.dropped == 2
        assert [row.id for row in ledger.read_window()] == ["p3"]


def test_repeated_ids_are_counted(ledger: Ledger) -> None:
    with LedgerWriter(ledger) as writer:
        for number in (1, 1, 2):
            writer.put(prediction(number))
        writer.flush()
        assert (writer.repeated, ledger.count()) == (1, 2)


def test_many_threads_put(ledger: Ledger) -> None:
    with LedgerWriter(ledger, rows_per_commit=50) as writer:
        map_threads(lambda n: writer.put(prediction(n)), range(2000), workers=8)
    assert ledger.count() + writer.dropped == 2000
    assert writer.dropped == 0


def test_labels_are_written_while_the_server_writes(ledger: Ledger, path: Path) -> None:
    with LedgerWriter(ledger) as writer, Ledger.open(path) as other:
        for start in range(0, 3000, 500):
            for number in range(start, start + 500):
                writer.put(prediction(number))
            other.label(((f"p{n}", True) for n in range(start, start + 500)), start)
        writer.flush()
        assert writer.dropped == 0
        assert all(row.label is True for row in other.read_window())


def test_putting_costs_little(ledger: Ledger) -> None:
    rows = [prediction(n) for n in range(5000)]
    costs = []
    with LedgerWriter(ledger) as writer:
        for row in rows:
            started = time.perf_counter()
            writer.put(row)
            costs.append(time.perf_counter() - started)
    assert statistics.median(costs) < 20e-6
    assert ledger.count() == 5000


@pytest.mark.parametrize("after_s", [0.0, 0.02, 0.07])
def test_killed_while_writing(path: Path, tmp_path: Path, kill_during, after_s: float) -> None:
    script = """
import sys
from pathlib import Path
from modelwright.workspace.ledger import Ledger, Prediction
from modelwright.workspace.ledger_writer import LedgerWriter
writer = LedgerWriter(Ledger.open(Path(sys.argv[1])), rows_per_commit=20)
for n in range(10**9):
    writer.put(Prediction(
        id=f"p{n}", at=n, version="a", inputs=b'{"x":1}', output=b"1", latency_s=0.0
    ))
    if n % 100 == 99:
        writer.flush()
        Path(sys.argv[2]).write_text(str(n + 1))
    if n == 199:
        print("ready", flush=True)
"""
    kill_during(script, path, tmp_path / "flushed", after_s=after_s)
    flushed = int((tmp_path / "flushed").read_text() or "200")
    with Ledger.open(path) as ledger:
        ids = [row.id for row in ledger.read_window()]
        assert ids == [f"p{n}" for n in range(len(ids))]
        assert len(ids) >= flushed
        ledger.append([prediction(10**9)])
