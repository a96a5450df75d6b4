"""The release before again."""

from collections.abc import Callable
from datetime import datetime

from modelwright.predictor.bundle import read_bundle
from modelwright.workspace.aliases import Aliases
from modelwright.workspace.artifacts import find_folder
from modelwright.workspace.folder import Workspace


def roll_back(workspace: Workspace, *, clock: Callable[[], datetime]) -> str:
    """Make the champion before the champion again; once more goes further back.

    Parameters
    ----------
    workspace
        The caller holds its lock.
    clock
        Tells the time, with its zone.

    Returns
    -------
    str
        The hash of the bundle that is champion now.

    Raises
    ------
    WorkspaceError
        When there was no champion before, or its bundle is no longer there.
    BundleError
        When its bundle is damaged; the champion stays.
    """
    aliases = Aliases.read(workspace).roll_back("champion", at=clock())
    digest = aliases.bundle("champion") or ""
    # It was tested when it was released; that it is whole is checked before anything moves.
    read_bundle(find_folder(workspace, digest))
    aliases.write(workspace)
    return digest
