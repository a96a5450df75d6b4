import errno
import os
from pathlib import Path

import msgspec
import pytest

from modelwright.errors import WorkspaceError
from modelwright.workspace.folder import Workspace

WRITE_FOREVER = """
import sys
from pathlib import Path
from modelwright.workspace.folder import Workspace
workspace = Workspace.open(Path(sys.argv[1]))
with workspace.lock("write forever"):
    for number in range(10**9):
        workspace.write_text("plan.json", f'{{"numbers": {[number % 10] * 20000}}}')
        if number == 2:
            print("ready", flush=True)
"""


def names(path: Path) -> set[str]:
    return {str(file.relative_to(path)) for file in path.rglob("*") if file.is_file()}


def test_create_makes_a_folder_that_open_accepts(tmp_path: Path) -> None:
    created = Workspace.create(tmp_path / "deep" / "flights")
    assert Workspace.open(created.path) == created


def test_create_twice_keeps_what_is_there(workspace: Workspace) -> None:
    workspace.write_text("plan.json", "{}")
    assert Workspace.create(workspace.path).read_bytes("plan.json") == b"{}"


def test_git_keeps_documents_but_no_databases_and_bundles(tmp_path: Path) -> None:
    (tmp_path / ".gitignore").write_text("*.csv\nbundles/\n")
    Workspace.create(tmp_path)
    lines = (tmp_path / ".gitignore").read_text().splitlines()
    assert lines[:2] == ["*.csv", "bundles/"]
    assert {"journal.db*", "ledger.db*", ".lock"} <= set(lines)
    assert len(lines) == len(set(lines))


@pytest.mark.parametrize("name", ["none", "file/below"])
def test_open_without_workspace_says_how_to_make_one(tmp_path: Path, name: str) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(WorkspaceError, match="modelwright run"):
        Workspace.open(tmp_path / name)


def test_create_below_a_file_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(WorkspaceError, match="could not be written"):
        Workspace.create(tmp_path / "file")


@pytest.mark.parametrize(
    ("mark", "message"),
    [(b'{"format":99}', "newer modelwright"), (b"{", "damaged"), (b'{"format":"x"}', "damaged")],
)
def test_open_refuses_what_it_cannot_read(workspace: Workspace, mark: bytes, message: str) -> None:
    (workspace.path / "workspace.json").write_bytes(mark)
    with pytest.raises(WorkspaceError, match=message):
        Workspace.open(workspace.path)


def test_reading_what_was_not_written_is_a_sentence(workspace: Workspace) -> None:
    assert not workspace.has("plan.json")
    with pytest.raises(WorkspaceError, match=r"no plan\.json"):
        workspace.read_bytes("plan.json")


@pytest.mark.parametrize("name", ["", "../plan.json", "/etc/passwd", "a/b/c", "a/.."])
def test_names_stay_inside(workspace: Workspace, name: str) -> None:
    with pytest.raises(WorkspaceError, match="no name for a document"):
        workspace.write_text(name, "")


def test_text_is_utf8_and_folders_are_made(workspace: Workspace) -> None:
    workspace.write_text("reports/plan.html", "Zürich")
    assert (workspace.reports / "plan.html").read_bytes() == "Zürich".encode()


def test_writing_leaves_nothing_beside(workspace: Workspace) -> None:
    before = names(workspace.path)
    workspace.write_text("plan.json", "{}")
    assert names(workspace.path) == before | {"plan.json"}


@pytest.mark.parametrize(
    ("fault", "message"),
    [(errno.ENOSPC, "no space is left"), (errno.EDQUOT, "no space is left"), (errno.EIO, "error")],
)
def test_a_full_disk_keeps_the_old_document(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch, fault: int, message: str
) -> None:
    workspace.write_text("plan.json", "old")
    before = names(workspace.path)

    def fail(descriptor: int) -> None:
        raise OSError(fault, os.strerror(fault))

    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(WorkspaceError, match=message):
        workspace.write_text("plan.json", "new")
    assert workspace.read_bytes("plan.json") == b"old"
    assert names(workspace.path) == before


def test_a_file_that_may_not_grow_keeps_the_old_document(
    workspace: Workspace, run_with_file_limit
) -> None:
    workspace.write_text("plan.json", "old")
    script = """
import sys
from pathlib import Path
from modelwright.errors import WorkspaceError
from modelwright.workspace.folder import Workspace
try:
    Workspace.open(Path(sys.argv[1])).write_bytes("plan.json", bytes(100_000))
except WorkspaceError as error:
    print(error)
"""
    said = run_with_file_limit(script, workspace.path, limit_bytes=10_000)
    assert "plan.json could not be written" in said
    assert workspace.read_bytes("plan.json") == b"old"


@pytest.mark.parametrize("after_s", [0.0, 0.0013, 0.0041, 0.0107])
def test_killed_while_writing_leaves_a_whole_document(
    workspace: Workspace, kill_during, after_s: float
) -> None:
    kill_during(WRITE_FOREVER, workspace.path, after_s=after_s)
    assert len(msgspec.json.decode(workspace.read_bytes("plan.json"))["numbers"]) == 20000
    with workspace.lock():
        assert not list(workspace.path.rglob("*.draft"))
        workspace.write_text("plan.json", "{}")
    assert workspace.read_bytes("plan.json") == b"{}"


def test_lock_clears_drafts_and_nothing_else(workspace: Workspace) -> None:
    for folder in (workspace.path, workspace.bundles, workspace.reports):
        folder.mkdir(exist_ok=True)
        (folder / ".plan.json.0a1b2c3d.draft").write_text("half")
    half = workspace.bundles / ".model.00000000.draft"
    (half / "deep").mkdir(parents=True)
    (half / "deep" / "part").write_text("half")
    workspace.write_text("my.draft", "the person's own")
    with workspace.lock():
        assert {name for name in names(workspace.path) if name.endswith("draft")} == {"my.draft"}
        assert not half.exists()
