import os
import signal
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from modelwright.errors import WorkspaceError
from modelwright.workspace.ledger.ledger import Ledger
from modelwright.workspace.ledger.rows import Entry, Gap
from modelwright.workspace.ledger.writer import LedgerWriter
from modelwright.workspace.spool.moving_process import MovingProcess
from modelwright.workspace.spool.spool import Spool


def entry(name: str, at: int = 0) -> Entry:
    return Entry(name, at, "a1", {"dep": 9}, 0.5, 0.001, "champion", "h1")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "ledger.db"


@pytest.fixture
def moving(path: Path) -> Iterator[MovingProcess]:
    with MovingProcess(path) as process:
        yield process


def test_a_writer_is_helped(path: Path, moving: MovingProcess) -> None:
    with Ledger.open(path) as ledger:
        with LedgerWriter(ledger, wait_s=30, helper=moving) as writer:
            writer.put([entry("p1"), entry("p2")])
            writer.put([entry("p1")])
            assert writer.flush()
            assert (writer.repeated, writer.dropped) == (1, 0)
            writer.put([entry("p3")])
        rows = [*ledger.read_window()]
    assert [(row.id, row.inputs, row.host) for row in rows] == [
        (name, {"dep": 9}, "h1") for name in ("p1", "p2", "p3")
    ]
    assert not [*path.with_name("ledger.db.spool").iterdir()]


def test_who_loses_its_helper_moves_rows_itself(path: Path, moving: MovingProcess) -> None:
    with Ledger.open(path) as ledger, LedgerWriter(ledger, wait_s=30, helper=moving) as writer:
        writer.put([entry("p1")])
        writer.flush()
        assert moving.pid is not None
        os.kill(moving.pid, signal.SIGKILL)
        writer.put([entry("p2")])
        assert writer.flush()
        assert (moving.pid, ledger.count()) == (None, 2)


def test_what_does_not_fit_and_what_cannot_be_written_are_told(
    path: Path, moving: MovingProcess
) -> None:
    spool = Spool(path.with_name("ledger.db.spool"))
    spool.put([entry("late", at=2**63)])
    file = spool.take()
    assert file is not None
    moved = moving.move(file, rows_per_commit=100)
    assert moved is not None
    assert isinstance(moved.unfit, Gap)
    assert moved.unfit.answers == 1
    file.clear()
    spool.put([entry("p1")])
    with sqlite3.connect(path) as connection:
        connection.execute("ALTER TABLE predictions RENAME TO elsewhere")
    connection.close()
    with pytest.raises(WorkspaceError, match="predictions"):
        moving.move(spool.take(), rows_per_commit=100)
    spool.close()
