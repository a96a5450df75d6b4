import errno
import sys
from pathlib import Path

import pytest

from modelwright.errors import WorkspaceError
from modelwright.workspace.draft import (
    drafting,
    drafting_folder,
    remove_dead_drafts,
    write_file,
)


def _refuse(path: Path, *_args: object, **_choices: object) -> None:
    raise OSError(errno.EROFS, "Read-only file system", str(path))


def test_a_disk_that_is_only_read_is_told_with_the_remedy(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # There also the removal of what is not there is refused.
    monkeypatch.setattr(Path, "mkdir", _refuse)
    monkeypatch.setattr(Path, "unlink", _refuse)
    with (
        pytest.raises(WorkspaceError, match="model could not be written: Read-only file system"),
        drafting(tmp_path / "model") as draft,
    ):
        draft.mkdir()
    monkeypatch.setattr(Path, "open", _refuse)
    with pytest.raises(WorkspaceError, match=r"plan\.json could not be written"):
        write_file(tmp_path / "plan.json", b"{}")


@pytest.mark.skipif(sys.platform == "win32", reason="no folder can be locked there")
def test_dead_drafts_of_a_folder_go_and_those_that_are_written_stay(tmp_path: Path) -> None:
    out = tmp_path / "a[b]"
    dead, others = tmp_path / ".a[b].0123abcd.draft", tmp_path / ".a[b].c.0123abcd.draft"
    for each in (dead, others):
        (each / "bundle").mkdir(parents=True)
    file = tmp_path / ".a[b].4567abcd.draft"
    file.write_bytes(b"mine")
    with drafting_folder(out) as draft:
        remove_dead_drafts(out)
        assert (draft.is_dir(), dead.exists(), others.is_dir()) == (True, False, True)
    assert out.is_dir()
    assert file.read_bytes() == b"mine"
