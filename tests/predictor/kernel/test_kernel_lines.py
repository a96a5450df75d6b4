"""Lines that the kernel writes are those that Python writes; none is lost between others."""

import os
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from modelwright.predictor.kernel.library import Library
from modelwright.predictor.kernel.lines import NEWS, NOT_WRITTEN, WRITTEN, KernelLines
from modelwright.workspace.ledger.rows import Entry
from modelwright.workspace.spool import file as spool_file
from modelwright.workspace.spool.file import LineForm, record_of_lines
from modelwright.workspace.spool.spool import Spool

_FORM = LineForm(version="a%1", role="champion", host='h"1')
_SOME = st.binary(max_size=900).map(lambda some: some.replace(b"\n", b" ").replace(b"\0", b" "))
_ENTRY = Entry(id="first", at=0, version="a", inputs={}, output=1, latency_s=0.0)


@pytest.fixture
def spool(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Spool]:
    # Whatever file system this is: a test fills no disk.
    monkeypatch.setattr(spool_file, "writes_in_place", lambda handle: True)
    opened = Spool(tmp_path / "spool")
    yield opened
    opened.close()


@pytest.fixture
def lines(spool: Spool, kernel: Library) -> KernelLines:
    return KernelLines(spool.place, version=_FORM.version, rest=_FORM.rest, library=kernel)


def _write(lines: KernelLines, name: str, body: bytes = b"{}", answer: bytes = b"1") -> int:
    return lines.write(name.encode(), body, answer, 7, 1500)


def test_python_opens_the_place_and_says_when_there_is_news(
    spool: Spool, lines: KernelLines
) -> None:
    assert _write(lines, "early") == NOT_WRITTEN
    spool.put([_ENTRY])
    assert [_write(lines, name) for name in ("p1", "p2", "p3")] == [NEWS, WRITTEN, WRITTEN]
    spool.place.news = 0
    assert _write(lines, "p4") == NEWS
    rows = [*spool.take().rows()]
    assert [row.id for row in rows] == ["first", "p1", "p2", "p3", "p4"]
    last = rows[-1]
    assert (last.at, last.version, last.inputs, last.output) == (7, "a%1", b"{}", b"1")
    assert (last.latency_s, last.role, last.host, last.inputs_rate) == (
        1.5e-06,
        "champion",
        'h"1',
        1.0,
    )
    # The other file is filled now, and Python opens that.
    assert _write(lines, "p5") == NOT_WRITTEN


@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=50
)
@given(
    name=st.text("0123456789abcdef", min_size=1, max_size=40),
    body=_SOME,
    answer=_SOME,
    at=st.integers(0, 2**62),
    taken_ns=st.integers(0, 2**62),
)
def test_a_record_is_the_one_of_python(
    spool: Spool, lines: KernelLines, name: str, body: bytes, answer: bytes, at: int, taken_ns: int
) -> None:
    spool.put([_ENTRY])
    before = spool.waiting_bytes
    assert lines.write(name.encode(), body, answer, at, taken_ns)
    taken = spool.take()
    line = _FORM.line(name, at=at, inputs=body, output=answer, latency_ns=taken_ns)
    assert taken.path.read_bytes()[before : taken.size] == record_of_lines(line)
    taken.clear()


def test_what_is_to_be_told_about_is_left_to_python(spool: Spool, lines: KernelLines) -> None:
    spool.put([_ENTRY])
    size = spool.waiting_bytes
    assert _write(lines, "p1", body=b'{"a":\n1}') == NOT_WRITTEN
    assert _write(lines, "p1", body=b" " * 20_000) == NOT_WRITTEN
    assert _write(lines, "p1", answer=b" " * 200_000) == NOT_WRITTEN
    assert spool.waiting_bytes == size


def test_no_more_waits_than_may(
    tmp_path: Path, kernel: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(spool_file, "writes_in_place", lambda handle: True)
    spool = Spool(tmp_path, capacity_bytes=4_000)
    lines = KernelLines(spool.place, version=_FORM.version, rest=_FORM.rest, library=kernel)
    spool.put([_ENTRY])
    while _write(lines, "p"):
        """More of them."""
    assert 3_000 < spool.waiting_bytes <= 4_000
    spool.close()
    assert not _write(lines, "p")


@pytest.mark.parametrize("kept", [0, 20])
def test_a_file_that_somebody_cuts_does_not_end_the_process(
    tmp_path: Path, spool: Spool, lines: KernelLines, kept: int
) -> None:
    spool.put([_ENTRY])
    assert _write(lines, "p1")
    (path,) = (path for path in (tmp_path / "spool").iterdir() if path.stat().st_size)
    os.truncate(path, kept)
    assert _write(lines, "p2") == NOT_WRITTEN
    spool.put([_ENTRY])
    assert _write(lines, "p3")
    assert [row.id for row in spool.take().rows()] == ["first", "p3"]


def test_a_file_that_was_cut_while_its_rows_moved_is_filled_again(
    spool: Spool, lines: KernelLines
) -> None:
    spool.put([_ENTRY])
    file = spool.take()
    os.truncate(file.path, 0)
    file.clear()
    for _ in range(2):
        spool.put([_ENTRY])
        written = [f"p{number}" for number in range(50) if _write(lines, f"p{number}")]
        file = spool.take()
        assert [row.id for row in file.rows()] == ["first", *written]
        file.clear()


def test_threads_that_put_and_move_meanwhile_lose_nothing(spool: Spool, lines: KernelLines) -> None:
    moved: list[str] = []
    ended = threading.Event()

    def move() -> None:
        while not ended.is_set() or spool.waiting_bytes:
            time.sleep(0)
            if file := spool.take():
                moved.extend(row.id for row in file.rows())
                file.clear()

    def put() -> None:
        for number in range(100):
            spool.put([Entry(f"t{number}", 0, "a", {}, 1, 0.0)])

    threads = [threading.Thread(target=each) for each in (move, put)]
    for each in threads:
        each.start()
    for number in range(1_000):
        if not _write(lines, f"k{number}"):
            line = _FORM.line(f"k{number}", at=7, inputs=b"{}", output=b"1", latency_ns=1)
            spool.put_record(record_of_lines(line))
    threads[1].join()
    ended.set()
    threads[0].join()
    names = [*(f"t{number}" for number in range(100)), *(f"k{number}" for number in range(1_000))]
    assert sorted(moved) == sorted(names)
