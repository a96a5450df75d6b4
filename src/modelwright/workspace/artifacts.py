"""Finished folders, stored under the hash of what they hold."""

import errno
import hashlib
import shutil
from pathlib import Path

from modelwright.errors import WorkspaceError
from modelwright.workspace.draft import draft_of, drafting, explained, sync
from modelwright.workspace.folder import Workspace

_SHOWN = 12
"""Hexadecimal digits of the hash in a folder's name: 48 bits."""


def fingerprint(path: Path) -> str:
    """Hash a folder: SHA-256 over the names and the bytes of its files.

    Times, permissions and empty folders do not count, so a copy has the same fingerprint.

    Parameters
    ----------
    path
        A folder of plain files, at any depth.

    Returns
    -------
    str
        64 hexadecimal digits.

    Raises
    ------
    WorkspaceError
        When the folder is missing, cannot be read, or holds a link: what a link points to can
        change after the hash was taken.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     _ = Path(folder, "a.txt").write_text("1")
    ...     fingerprint(Path(folder))[:12]
    'e73657c68994'
    """
    digest = hashlib.sha256()
    try:
        for name, file in _files(path):
            encoded = name.encode("utf-8", "surrogateescape")
            digest.update(len(encoded).to_bytes(8, "big") + encoded)
            with file.open("rb") as opened:
                digest.update(hashlib.file_digest(opened, "sha256").digest())
    except OSError as error:
        raise WorkspaceError(f"{path} could not be read: {error.strerror}.") from error
    return digest.hexdigest()


def draft_folder(workspace: Workspace, kind: str) -> Path:
    """Make a hidden, empty folder to build in, on the disk where `store_folder` keeps it.

    The next command clears it away if this one is killed.
    """
    draft = draft_of(workspace.bundles / kind)
    with explained(draft):
        draft.mkdir(parents=True)
    return draft


def store_folder(workspace: Workspace, source_folder: Path, kind: str) -> Path:
    """Move a finished folder to ``bundles/<kind>-<hash>``, in one step.

    Parameters
    ----------
    workspace
        Where it is kept; the caller holds its lock.
    source_folder
        The folder to move; afterwards it is gone.
    kind
        The first part of the stored name.

    Returns
    -------
    Path
        The stored folder. The same content twice is stored once.

    Raises
    ------
    WorkspaceError
        When the disk is full (`source_folder` is unharmed), or when the stored folder was changed
        after it had been stored.
    """
    digest = fingerprint(source_folder)
    stored = workspace.bundles / f"{kind}-{digest[:_SHOWN]}"
    with explained(stored):
        if stored.exists():
            _check_unchanged(stored, digest)
            shutil.rmtree(source_folder)
        else:
            stored.parent.mkdir(parents=True, exist_ok=True)
            _move(source_folder, stored)
    return stored


def find_folder(workspace: Workspace, digest: str) -> Path:
    """Return the stored folder with a fingerprint, which may be shortened to twelve digits.

    Raises
    ------
    WorkspaceError
        When it is not there.
    """
    shown = digest[:_SHOWN]
    for folder in sorted(workspace.bundles.glob(f"*-{shown}")) if shown.isalnum() else []:
        return folder
    raise WorkspaceError(
        f"There is no bundle {shown!r} in {workspace.bundles}.",
        "Bundles are not kept in git: build it again, or copy its folder there.",
    )


def _files(folder: Path) -> list[tuple[str, Path]]:
    if not folder.is_dir():
        raise WorkspaceError(f"{folder} is not a folder.")
    paths = list(folder.rglob("*"))
    for path in paths:
        if path.is_symlink():
            raise WorkspaceError(f"{path} is a link.", "Replace it by the file it points to.")
    return sorted((path.relative_to(folder).as_posix(), path) for path in paths if path.is_file())


def _check_unchanged(stored: Path, digest: str) -> None:
    if fingerprint(stored) != digest:
        raise WorkspaceError(
            f"{stored} was changed after it had been stored.", "Move it away and run again."
        )


def _move(source: Path, stored: Path) -> None:
    for _, file in _files(source):
        sync(file)
    try:
        source.replace(stored)
        sync(stored.parent)
    except OSError as error:
        if error.errno != errno.EXDEV:
            raise
        _copy(source, stored)
        shutil.rmtree(source)


def _copy(source: Path, stored: Path) -> None:
    with drafting(stored) as draft:
        for name, file in _files(source):
            copy = draft / name
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(file, copy)
            sync(copy)
