"""Which bundle a person means: a bundle's folder, or those that a workspace names."""

from pathlib import Path

from modelwright.documents import Candidate, Release
from modelwright.errors import BundleError, WorkspaceError
from modelwright.serving.trials.lineup import Lineup
from modelwright.workspace.aliases import Aliases
from modelwright.workspace.artifacts import find_folder
from modelwright.workspace.folder import Workspace

_MANIFEST = "manifest.json"


def bundle_folder(path: Path) -> Path:
    """Return the folder of a bundle.

    Parameters
    ----------
    path
        A bundle's folder, or a workspace.

    Raises
    ------
    BundleError
        When it is neither, or the workspace has released nothing.
    """
    if (path / _MANIFEST).is_file():
        return path
    try:
        workspace = Workspace.open(path)
    except WorkspaceError as error:
        raise BundleError(
            f"{path} is neither a bundle nor a workspace.",
            "Name a folder that holds manifest.json, or one that `modelwright run` made.",
        ) from error
    champion = Aliases.read(workspace).bundle("champion")
    if champion is None:
        raise BundleError(
            f"{path} has released no bundle yet.", f"Run: modelwright run --workspace {path}"
        )
    return find_folder(workspace, champion)


def is_chosen_since(release: Release, candidate: Candidate, workspace: Workspace) -> bool:
    """Return whether somebody promoted or rolled back since the candidate was released.

    Then the champion is not the candidate, and a release made again would undo the choice.
    """
    champion = Aliases.read(workspace).bundle("champion")
    is_other = champion not in (None, release.bundle_hash)
    return release.released and release.made_at >= candidate.made_at and is_other


def lineup_of(path: Path) -> Lineup:
    """Return who answers: a bundle alone, or a workspace's champion and challenger.

    Raises
    ------
    BundleError
        As `bundle_folder`.
    """
    champion = bundle_folder(path)
    if champion == path:
        return Lineup(champion)
    workspace = Workspace.open(path)
    challenge = Aliases.read(workspace).challenge
    if challenge is None or challenge.bundle is None or challenge.trial is None:
        return Lineup(champion)
    try:
        challenger = find_folder(workspace, challenge.bundle)
    except WorkspaceError:
        # Its folder was cleared away: the champion answers alone.
        return Lineup(champion)
    return Lineup(champion, challenger, challenge.trial)
