import os
import sys
import threading
from pathlib import Path

import pytest

from modelwright.compute.process import BackgroundProcess, run_isolated
from modelwright.errors import WorkspaceError
from modelwright.workspace.folder import Workspace
from modelwright.workspace.lock import hold_lock, holder_of

HOLD = """
import sys, time
from pathlib import Path
from modelwright.workspace.folder import Workspace
with Workspace.open(Path(sys.argv[1])).lock("modelwright build"):
    print("held", flush=True)
    time.sleep(60)
"""


def test_a_second_command_is_told_who_is_at_work(workspace: Workspace) -> None:
    command = [sys.executable, "-c", HOLD, str(workspace.path)]
    lock = workspace.path / ".lock"
    holding = BackgroundProcess(
        command, ready=lambda: lock.exists() and holder_of(lock) is not None, timeout_s=30
    )
    with holding as process:
        with pytest.raises(WorkspaceError) as caught, workspace.lock():
            pass
        assert str(process.pid) in str(caught.value)
        assert "modelwright build" in str(caught.value)
    with workspace.lock():
        pass


def test_the_lock_of_a_killed_command_is_taken_over(workspace: Workspace, kill_during) -> None:
    kill_during(HOLD, workspace.path, after_s=0.0)
    assert holder_of(workspace.path / ".lock") is not None, "the dead holder's name is still there"
    with workspace.lock("modelwright plan"):
        holder = holder_of(workspace.path / ".lock")
        assert holder is not None
        assert (holder.pid, holder.command) == (os.getpid(), "modelwright plan")


def test_threads_of_one_process_exclude_each_other(workspace: Workspace) -> None:
    refused: list[WorkspaceError] = []

    def second() -> None:
        try:
            with workspace.lock():
                pass
        except WorkspaceError as error:
            refused.append(error)

    with workspace.lock():
        thread = threading.Thread(target=second)
        thread.start()
        thread.join()
    assert len(refused) == 1


def test_an_error_inside_releases_the_lock(workspace: Workspace) -> None:
    with pytest.raises(KeyError), workspace.lock():
        raise KeyError
    with workspace.lock():
        pass


@pytest.mark.parametrize("content", [b"", b"{", b'{"pid": 1', b"[]"])
def test_a_garbled_lock_file_is_no_obstacle(tmp_path: Path, content: bytes) -> None:
    (tmp_path / ".lock").write_bytes(content)
    with hold_lock(tmp_path / ".lock", command="demo"):
        holder = holder_of(tmp_path / ".lock")
        assert holder is not None
        assert holder.command == "demo"


def test_a_folder_that_is_gone_cannot_be_locked(tmp_path: Path) -> None:
    with (
        pytest.raises(WorkspaceError, match="cannot be locked"),
        hold_lock(tmp_path / "none" / ".lock", command="demo"),
    ):
        pass


def test_the_default_name_of_a_command_holds_no_argument(workspace: Workspace) -> None:
    script = """
import sys
from pathlib import Path
from modelwright.workspace.folder import Workspace
folder = Path(sys.argv[1])
sys.argv = ["/usr/bin/modelwright", *sys.argv[2:], "postgresql://me:secret@host/db"]
with Workspace(folder).lock():
    print((folder / ".lock").read_text())
"""
    for words, expected in ((["run"], "modelwright run"), ([], "modelwright")):
        ran = run_isolated(["-c", script, str(workspace.path), *words], timeout_s=30)
        assert f'"{expected}"' in ran.stdout, ran.stderr
        assert "secret" not in ran.stdout
