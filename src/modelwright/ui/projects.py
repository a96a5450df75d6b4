"""The workspaces of a folder, or the one that it is."""

from collections.abc import Iterator
from pathlib import Path

from modelwright.errors import WorkspaceError
from modelwright.workspace.folder import Workspace

_DEPTH = 2
_MOST = 200
_SEPARATOR = "~"
"""Between the folders of a name: it is one part of an address."""


def find_projects(folder: Path) -> dict[str, Workspace]:
    """Return the workspaces in a folder by name, or the folder itself where it is one.

    Parameters
    ----------
    folder
        Looked through to the second level below it; hidden folders, and those within a workspace,
        are left out.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     _ = Workspace.create(Path(folder, "flights"))
    ...     list(find_projects(Path(folder)))
    ['flights']
    """
    found = _opened(folder)
    if found is not None:
        return {folder.resolve().name: found}
    return dict(_below(folder, Path(), _DEPTH))


def _below(folder: Path, path: Path, depth: int) -> Iterator[tuple[str, Workspace]]:
    try:
        inside = sorted(each for each in folder.iterdir() if each.is_dir())[:_MOST]
    except OSError:  # it is not there, or not for us to read
        return
    for each in inside:
        if each.name.startswith("."):
            continue
        workspace, name = _opened(each), path / each.name
        if workspace is not None:
            yield _SEPARATOR.join(name.parts), workspace
        elif depth > 1:
            yield from _below(each, name, depth - 1)


def _opened(folder: Path) -> Workspace | None:
    try:
        return Workspace.open(folder)
    except WorkspaceError:
        return None
