import errno
from pathlib import Path

import pytest

from modelwright.errors import WorkspaceError
from modelwright.workspace.draft import drafting, write_file


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
