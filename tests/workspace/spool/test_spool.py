import os
import struct
import zlib
from pathlib import Path

import msgspec
import pytest

from modelwright.errors import WorkspaceError
from modelwright.workspace.ledger.rows import Entry
from modelwright.workspace.spool import file as spool_file
from modelwright.workspace.spool.file import SpoolFile, record_of
from modelwright.workspace.spool.spool import Spool, abandoned_files


def entry(number: int, **changes: object) -> Entry:
    made = Entry(
        id=f"p{number}",
        at=number,
        version="a1",
        inputs={"dep": number, "carrier": None},
        output={"answer": "spät\n"},
        latency_s=0.001,
        host="h1",
    )
    return msgspec.structs.replace(made, **changes)


@pytest.fixture(params=["in memory of the file", "by the system"])
def folder(tmp_path: Path, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Path:
    by_memory = request.param == "in memory of the file"
    monkeypatch.setattr(spool_file, "writes_in_place", lambda handle: by_memory)
    return tmp_path / "spool"


def test_rows_come_back_as_predictions(folder: Path) -> None:
    spool = Spool(folder)
    spool.put([entry(1), entry(2, inputs=None, role="shadow", inputs_rate=0.5)])
    first, second = spool.take().rows()
    assert (first.inputs, first.output) == (
        b'{"dep":1,"carrier":null}',
        '{"answer":"spät\\n"}'.encode(),
    )
    assert (first.id, first.at, first.host, first.role) == ("p1", 1, "h1", "champion")
    assert (second.inputs, second.role, second.inputs_rate) == (None, "shadow", 0.5)
    spool.close()


def test_one_file_is_filled_while_the_other_is_moved(folder: Path) -> None:
    spool = Spool(folder)
    assert spool.take() is None
    spool.put([entry(1)])
    taken = spool.take()
    spool.put([entry(2)])
    assert spool.take() is taken
    taken.clear()
    assert [row.id for row in spool.take().rows()] == ["p2"]
    spool.close()


def test_whoever_lives_is_left_alone_and_what_a_dead_one_left_is_found(folder: Path) -> None:
    spool = Spool(folder)
    spool.put([entry(1)])
    assert list(abandoned_files(folder)) == []
    spool.close()
    (file,) = abandoned_files(folder)
    assert [row.id for row in file.rows()] == ["p1"]
    assert list(abandoned_files(folder)) == []  # it has an owner again
    file.remove()
    assert list(folder.iterdir()) == []


def test_an_empty_spool_leaves_nothing(folder: Path) -> None:
    Spool(folder).close()
    assert list(folder.iterdir()) == []


@pytest.mark.parametrize("cut", range(0, 200, 7))
def test_what_was_cut_off_is_no_row(folder: Path, cut: int) -> None:
    spool = Spool(folder)
    spool.put([entry(1)])
    whole = spool.waiting_bytes
    spool.put([entry(2)])
    spool.close()
    (path,) = folder.iterdir()
    os.truncate(path, min(cut, 2 * whole - 1))
    (file,) = abandoned_files(folder)
    assert [row.id for row in file.rows()] == (["p1"] if cut >= whole else [])
    file.remove()


@pytest.mark.parametrize("kept", [0.0, 0.5, 1.0, 1.5])
def test_after_somebody_has_cut_the_file_rows_go_behind_the_whole_ones(
    folder: Path, kept: float
) -> None:
    spool = Spool(folder)
    spool.put([entry(1)])
    whole = spool.waiting_bytes
    spool.put([entry(2)])
    (path,) = (path for path in folder.iterdir() if path.stat().st_size)
    os.truncate(path, int(kept * whole))
    spool.put([entry(3)])
    spool.put([entry(4)])
    first = ["p1"] if kept >= 1 else []
    assert [row.id for row in spool.take().rows()] == [*first, "p3", "p4"]
    spool.close()


def test_what_was_spoiled_is_no_row(folder: Path) -> None:
    spool = Spool(folder)
    spool.put([entry(1)])
    spool.close()
    (path,) = folder.iterdir()
    content = bytearray(path.read_bytes())
    content[30] ^= 1
    path.write_bytes(content)
    (file,) = abandoned_files(folder)
    assert list(file.rows()) == []
    file.remove()


def test_as_much_waits_as_may(folder: Path) -> None:
    spool = Spool(folder, capacity_bytes=200)
    spool.put([entry(1)])
    with pytest.raises(OSError, match="as many answers wait"):
        spool.put([entry(2), entry(3)])
    assert [row.id for row in spool.take().rows()] == ["p1"]
    spool.close()
    with pytest.raises(OSError, match="ends"):
        spool.put([entry(4)])


def test_nothing_of_what_was_moved_stays_in_the_file(folder: Path) -> None:
    spool = Spool(folder)
    spool.put([entry(1), entry(2)])
    taken = spool.take()
    size = taken.path.stat().st_size
    taken.clear()
    assert taken.path.read_bytes() == bytes(size)
    # A kill just now leaves zeros, and behind a row that is put later, too.
    assert list(SpoolFile(taken.path, taken.handle, size).rows()) == []
    taken.put(record_of([entry(3)]))
    assert [row.id for row in SpoolFile(taken.path, taken.handle, size).rows()] == ["p3"]
    spool.close()


def test_much_that_was_moved_leaves_the_disk(folder: Path) -> None:
    spool = Spool(folder)
    spool.put([entry(1, output="x" * 5_000_000)])
    taken = spool.take()
    taken.clear()
    assert taken.path.stat().st_size == 0
    spool.close()


def test_what_a_former_server_left_is_read(folder: Path) -> None:
    lines = (
        b'{"id":"p1","at":1,"version":"a1","inputs":null,"output":{"answer":1},'
        b'"latency_s":0.5,"role":"champion","host":"","inputs_rate":1.0}\n'
    )
    folder.mkdir()
    former = struct.pack("<II", len(lines), zlib.crc32(lines)) + lines
    (folder / "former.rows").write_bytes(former * 2)
    (file,) = abandoned_files(folder)
    rows = list(file.rows())
    assert [(row.id, row.output, row.inputs) for row in rows] == [("p1", b'{"answer":1}', None)] * 2
    file.remove()


def test_a_full_disk_keeps_what_was_there(folder: Path, run_with_file_limit) -> None:
    script = """
import sys
from pathlib import Path
from modelwright.workspace.spool import file as spool_file
from modelwright.workspace.ledger.rows import Entry
from modelwright.workspace.spool.spool import Spool
def row(name, inputs):
    return Entry(id=name, at=1, version="a", inputs=inputs, output=1, latency_s=0.0)
spool = Spool(Path(sys.argv[1]))
done = 0
for number in range(100):
    try:
        spool.put([row(f"p{number}", {"x": "y" * 500})])
    except OSError:
        break
    done += 1
spool.put([row("small", {})])
print(done, [row.id for row in spool.take().rows()] == [*(f"p{n}" for n in range(done)), "small"])
"""
    done, whole = run_with_file_limit(script, folder, limit_bytes=9_900).split()
    assert 10 < int(done) < 20
    assert whole == "True"


def test_a_folder_that_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(WorkspaceError, match="Nothing can be written in"):
        Spool(tmp_path / "file" / "spool")


def test_only_its_owner_may_read_it(folder: Path) -> None:
    spool = Spool(folder)
    assert {path.stat().st_mode & 0o777 for path in (folder, *folder.iterdir())} == {0o700, 0o600}
    spool.close()
