"""Files and folders that become visible only when they are finished."""

import errno
import os
import re
import secrets
import shutil
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

from modelwright.errors import WorkspaceError
from modelwright.workspace.handles import lock_handle

_NO_SPACE = {errno.ENOSPC, errno.EDQUOT}


def write_file(path: Path, data: bytes) -> None:
    """Replace a file as a whole: after a kill it holds the old bytes or the new ones.

    Parameters
    ----------
    path
        The file; its folder is made when it is missing.
    data
        All that the file shall hold.

    Raises
    ------
    WorkspaceError
        When the disk is full or the folder is not writable; the old file is untouched.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     write_file(Path(folder, "plan.json"), b"{}")
    ...     Path(folder, "plan.json").read_bytes()
    b'{}'
    """
    with explained(path):
        path.parent.mkdir(parents=True, exist_ok=True)
    with drafting(path) as draft, draft.open("xb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


@contextmanager
def drafting(path: Path) -> Iterator[Path]:
    """Give a hidden path beside `path` to write to, and rename it when the block succeeds.

    Works for a file and for a folder. When the block fails, the draft is removed.

    Raises
    ------
    WorkspaceError
        When writing or renaming fails.
    """
    draft = draft_of(path)
    try:
        with explained(path):
            yield draft
            draft.replace(path)
            sync(path.parent)
    finally:
        _remove(draft)


@contextmanager
def drafting_folder(path: Path) -> Iterator[Path]:
    """Do as `drafting` does with a folder of which no workspace takes care.

    The draft is locked as long as it is written, so that `remove_dead_drafts` knows the others.

    Raises
    ------
    WorkspaceError
        When writing or renaming fails.
    """
    with ExitStack() as held, drafting(path) as draft:
        draft.mkdir()
        # Held until it has its name: without a lock it would be taken for dead.
        with suppress(OSError):
            held.enter_context(_locked(draft))
        yield draft


def draft_of(path: Path) -> Path:
    """Return a new hidden path beside `path`, which `remove_drafts` recognises."""
    return path.with_name(f".{path.name}.{secrets.token_hex(4)}.draft")


def remove_dead_drafts(path: Path) -> None:
    """Remove the drafts of a folder that killed commands left beside it.

    Those that are being written stay, and all where the system or the disk locks no folders.
    """
    is_draft = re.compile(rf"\.{re.escape(path.name)}\.[0-9a-f]{{8}}\.draft").fullmatch
    with suppress(OSError):  # who may write to a folder may not always list it
        for draft in [each for each in path.parent.iterdir() if is_draft(each.name)]:
            with suppress(OSError), _locked(draft):
                shutil.rmtree(draft)


def remove_drafts(folder: Path) -> None:
    """Remove the drafts that killed commands left in a folder and one level below it."""
    with explained(folder):
        for pattern in (".*.draft", "*/.*.draft"):
            for draft in list(folder.glob(pattern)):
                _remove(draft)


def sync(path: Path) -> None:
    """Wait until a file's bytes, or a folder's names, are on the disk."""
    if os.name == "nt" and path.is_dir():  # Windows writes names through by itself
        return
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def explained(path: Path) -> Iterator[None]:
    """Turn the operating system's refusal to write `path` into a sentence."""
    try:
        yield
    except OSError as error:
        if error.errno in _NO_SPACE:
            found = f"{path} could not be written: no space is left on its disk."
            remedy = "Free some space and run the command again; what was there is unharmed."
        else:
            found = f"{path} could not be written: {error.strerror or error}."
            remedy = "Check the folder and its permissions; what was there is unharmed."
        raise WorkspaceError(found, remedy) from error


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    handle = os.open(folder, os.O_RDONLY)
    try:
        lock_handle(handle)
        yield
    finally:
        os.close(handle)


def _remove(draft: Path) -> None:
    if draft.is_dir() and not draft.is_symlink():
        shutil.rmtree(draft)
    elif os.path.lexists(draft):
        # A disk that is only read refuses also to remove what is not there.
        draft.unlink(missing_ok=True)
