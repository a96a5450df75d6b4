import errno
import os
import shutil
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from modelwright.errors import WorkspaceError
from modelwright.workspace.artifacts import draft_folder, find_folder, fingerprint, store_folder
from modelwright.workspace.folder import Workspace

BUILD_FOREVER = """
import sys
from pathlib import Path
from modelwright.workspace.artifacts import draft_folder, store_folder
from modelwright.workspace.folder import Workspace
workspace = Workspace.open(Path(sys.argv[1]))
with workspace.lock("build forever"):
    for number in range(10**9):
        draft = draft_folder(workspace, "model")
        for part in range(20):
            (draft / f"part-{part}").write_text(str(number))
        store_folder(workspace, draft, "model")
        if number == 2:
            print("ready", flush=True)
"""


def make(folder: Path, **files: str) -> Path:
    for name, text in files.items():
        path = folder / name.replace("__", "/")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return folder


def test_a_copy_has_the_same_fingerprint(tmp_path: Path) -> None:
    first = make(tmp_path / "a", b="2", a="1", deep__c="3")
    second = make(tmp_path / "b", deep__c="3", a="1", b="2")
    (second / "empty").mkdir()
    assert fingerprint(first) == fingerprint(second)


CONTENT = st.dictionaries(st.sampled_from(["a", "b", "ab", "a\nb"]), st.binary(max_size=3))


@settings(max_examples=50, deadline=None)
@given(CONTENT, CONTENT)
def test_another_content_has_another_fingerprint(
    tmp_path_factory: pytest.TempPathFactory, first: dict[str, bytes], second: dict[str, bytes]
) -> None:
    hashes = []
    for files in (first, second):
        folder = tmp_path_factory.mktemp("content")
        for name, data in files.items():
            (folder / name).write_bytes(data)
        hashes.append(fingerprint(folder))
    assert (hashes[0] == hashes[1]) == (first == second)


def test_a_link_is_refused(tmp_path: Path) -> None:
    folder = make(tmp_path / "a", a="1")
    (folder / "link").symlink_to(tmp_path)
    with pytest.raises(WorkspaceError, match="is a link"):
        fingerprint(folder)


def test_no_folder_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(WorkspaceError, match="is not a folder"):
        fingerprint(tmp_path / "none")


def test_a_stored_folder_is_named_by_its_content(workspace: Workspace, tmp_path: Path) -> None:
    source = make(tmp_path / "new", program="{}", arrays__trees="1")
    digest = fingerprint(source)
    stored = store_folder(workspace, source, "model")
    assert stored == workspace.bundles / f"model-{digest[:12]}"
    assert fingerprint(stored) == digest
    assert not source.exists()
    assert find_folder(workspace, digest) == find_folder(workspace, digest[:12]) == stored


def test_the_same_content_is_stored_once(workspace: Workspace, tmp_path: Path) -> None:
    first = store_folder(workspace, make(tmp_path / "a", x="1"), "model")
    second = store_folder(workspace, make(tmp_path / "b", x="1"), "model")
    assert first == second
    assert not (tmp_path / "b").exists()


def test_a_changed_folder_is_never_taken_for_the_original(
    workspace: Workspace, tmp_path: Path
) -> None:
    stored = store_folder(workspace, make(tmp_path / "a", x="1"), "model")
    (stored / "x").write_text("forged")
    again = make(tmp_path / "b", x="1")
    with pytest.raises(WorkspaceError, match="was changed"):
        store_folder(workspace, again, "model")
    assert again.exists()


@pytest.mark.parametrize("digest", ["0" * 64, "", "*", "../x"])
def test_an_unknown_bundle_is_a_sentence(workspace: Workspace, digest: str) -> None:
    draft_folder(workspace, "model")
    with pytest.raises(WorkspaceError, match="no bundle"):
        find_folder(workspace, digest)


def test_another_disk_is_copied_then_renamed(
    workspace: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = make(tmp_path / "elsewhere", x="1", deep__y="2")
    digest = fingerprint(source)
    rename = Path.replace

    def refuse(path: Path, target: Path) -> Path:
        if path == source:
            raise OSError(errno.EXDEV, os.strerror(errno.EXDEV))
        return rename(path, target)

    monkeypatch.setattr(Path, "replace", refuse)
    stored = store_folder(workspace, source, "model")
    assert fingerprint(stored) == digest
    assert not source.exists()

    shutil.rmtree(stored)
    make(source, x="1", deep__y="2")

    def full(*paths: Path) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(shutil, "copyfile", full)
    with pytest.raises(WorkspaceError, match="no space is left"):
        store_folder(workspace, source, "model")
    assert fingerprint(source) == digest
    assert not list(workspace.bundles.iterdir())


@pytest.mark.parametrize("after_s", [0.0, 0.0031, 0.0113])
def test_killed_while_building_leaves_only_whole_folders(
    workspace: Workspace, kill_during, after_s: float
) -> None:
    kill_during(BUILD_FOREVER, workspace.path, after_s=after_s)
    with workspace.lock():
        folders = list(workspace.bundles.iterdir())
    assert len(folders) >= 3
    for folder in folders:
        assert folder.name == f"model-{fingerprint(folder)[:12]}"
        assert len(list(folder.iterdir())) == 20
