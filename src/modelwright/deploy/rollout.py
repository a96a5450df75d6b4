"""A challenger beside the champion, in its place, and the champion before again."""

import shutil
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from modelwright.errors import BundleError, InputError, WorkspaceError
from modelwright.predictor.bundle import Bundle
from modelwright.predictor.bundle_folder import read_bundle
from modelwright.serving.workers.supply import require_recorded_answers, require_same_answers
from modelwright.workspace.aliases import Aliases, change_aliases
from modelwright.workspace.artifacts import draft_folder, find_folder, store_folder
from modelwright.workspace.folder import Workspace
from modelwright.workspace.ledger.ledger import microseconds
from modelwright.workspace.trial import Trial

WATCH = "the champion before, watched beside the one that took its place"
"""Why a former champion is a challenger."""

ENDED = "the champion that it was tried beside was rolled back"
"""Why a challenger is none any more."""


class DepartedError(WorkspaceError):
    """A bundle is champion, or on trial, no longer: somebody else was sooner."""


def challenge(
    workspace: Workspace, bundle: str | Path, *, trial: Trial, at: datetime, who: str, why: str
) -> str:
    """Let a bundle be tried beside the champion; the server takes it within a second.

    Parameters
    ----------
    workspace
        It has a champion. The caller holds its lock where the bundle is a folder elsewhere.
    bundle
        A folder, which is kept in the workspace, or the hash of one that is.
    trial
        How it is tried. Without a moment, rows count that were answered after both bundles were
        built: of earlier ones, with their labels, one of them may have learned.
    at, who, why
        What is remembered of it.

    Returns
    -------
    str
        The challenger's hash.

    Raises
    ------
    BundleError
        When it is no sound bundle, answers otherwise here than where it was built, or answers
        another question than the champion.
    InputError
        When it is the champion.
    WorkspaceError
        When there is no champion, or no such bundle.
    """
    champion = champion_of(workspace)
    folder = folder_of(workspace, bundle)
    challenger = read_bundle(folder)
    require_recorded_answers(challenger)
    if champion.hash == challenger.hash:
        raise InputError("The bundle is the champion itself.", "Name another one.")
    require_same_answers(champion, challenger)
    _require_key(trial, champion)
    stored = _keep(workspace, folder, challenger)
    digest = read_bundle(stored).hash
    built = max(_built_at(champion), _built_at(challenger))
    trial = msgspec.structs.replace(trial, since=trial.since or built)
    change_aliases(
        workspace,
        lambda stand: stand.assign("challenger", digest, at=at, trial=trial, who=who, why=why),
    )
    return digest


def withdraw(
    workspace: Workspace, *, at: datetime, who: str, why: str, only: str | None = None
) -> str:
    """Try the challenger no longer, and return its hash.

    Parameters
    ----------
    workspace
        Its challenger is meant.
    at, who, why
        What is remembered of it.
    only
        The challenger that must be meant; None for any.

    Raises
    ------
    DepartedError
        When it is another one by now, or none.
    WorkspaceError
        When there is none.
    """
    gone: list[str] = []

    def change(stand: Aliases) -> Aliases:
        _require(only, None if stand.challenge is None else stand.challenge.bundle)
        gone.append(require_challenger(stand))
        return stand.assign("challenger", None, at=at, who=who, why=why)

    change_aliases(workspace, change)
    return gone[0]


def promote(workspace: Workspace, *, at: datetime, who: str, why: str) -> str:
    """Make the challenger the champion, watch the champion before beside it, return the hash.

    Both happen in one step, so no server ever sees the half of it.

    Raises
    ------
    WorkspaceError
        When there is no challenger, or its bundle is gone.
    BundleError
        When its bundle is damaged; the champion stays.
    """
    require_challenger(Aliases.read(workspace))

    def change(stand: Aliases) -> Aliases:
        digest, before = require_challenger(stand), stand.bundle("champion")
        read_bundle(find_folder(workspace, digest))
        promoted = stand.assign("champion", digest, at=at, who=who, why=why)
        watched = Trial(role="shadow", former=True, since=microseconds(at))
        return promoted.assign("challenger", before, at=at, trial=watched, who=who, why=WATCH)

    return change_aliases(workspace, change).bundle("champion") or ""


def roll_back(
    workspace: Workspace,
    *,
    clock: Callable[[], datetime],
    who: str = "",
    why: str = "",
    only: str | None = None,
) -> str:
    """Make the champion before the champion again; once more goes further back.

    Parameters
    ----------
    workspace
        No lock is needed: a build that is at work does not stand in the way.
    clock
        Tells the time, with its zone.
    who, why
        What is remembered of it.
    only
        The champion that must be meant; None for any.

    Returns
    -------
    str
        The hash of the bundle that is champion now.

    Raises
    ------
    DepartedError
        When another one is champion by now.
    WorkspaceError
        When there was no champion before, or its bundle is no longer there.
    BundleError
        When its bundle is damaged; the champion stays.
    """
    at = clock()

    def change(stand: Aliases) -> Aliases:
        _require(only, stand.bundle("champion"))
        back = stand.roll_back("champion", at=at, who=who, why=why)
        # It was tested when it was released; that it is whole is checked before anything moves.
        read_bundle(find_folder(workspace, back.bundle("champion") or ""))
        if back.bundle("challenger") is None:
            return back
        # It was tried beside the one that is gone: that says nothing about the one that is back.
        return back.assign("challenger", None, at=at, who=who, why=ENDED)

    return change_aliases(workspace, change).bundle("champion") or ""


def champion_of(workspace: Workspace) -> Bundle:
    """Return the champion.

    Raises
    ------
    WorkspaceError
        When nothing was released.
    """
    digest = Aliases.read(workspace).bundle("champion")
    if digest is None:
        raise WorkspaceError(
            f"{workspace.path} has released no bundle yet, so there is nothing to challenge.",
            f"Run: modelwright run --workspace {workspace.path}",
        )
    return read_bundle(find_folder(workspace, digest))


def require_challenger(aliases: Aliases) -> str:
    """Return the hash of the challenger.

    Raises
    ------
    WorkspaceError
        When there is none.
    """
    challenge = aliases.challenge
    if challenge is None or challenge.bundle is None:
        raise WorkspaceError(
            "There is no challenger.", "Name one: modelwright challenge BUNDLE --shadow"
        )
    return challenge.bundle


def _require(only: str | None, present: str | None) -> None:
    if only is not None and only != present:
        raise DepartedError(f"{only[:12]} is gone already.", "See: modelwright releases")


def folder_of(workspace: Workspace, bundle: str | Path) -> Path:
    """Return the folder of a bundle: itself, or the one that a hash names.

    Raises
    ------
    BundleError
        When there is none.
    """
    if Path(bundle).is_dir():
        return Path(bundle)
    try:
        return find_folder(workspace, str(bundle))
    except WorkspaceError as error:
        raise BundleError(
            f"{bundle} is neither a folder nor the hash of a bundle in {workspace.bundles}.",
            "Name the folder of a bundle, or see: modelwright releases",
        ) from error


def _require_key(trial: Trial, champion: Bundle) -> None:
    if trial.key:
        champion.schema[trial.key]  # raises, with the column that was perhaps meant


def _keep(workspace: Workspace, folder: Path, bundle: Bundle) -> Path:
    """Keep a bundle in the workspace, where nothing changes it any more."""
    if folder.parent == workspace.bundles:
        return folder
    draft = draft_folder(workspace, "challenger")
    try:
        shutil.copytree(folder, draft, dirs_exist_ok=True)
        return store_folder(workspace, draft, bundle.name)
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def _built_at(bundle: Bundle) -> int:
    if not bundle.facts.made_at:
        return 0
    built = datetime.fromisoformat(bundle.facts.made_at)
    return microseconds(built if built.tzinfo else built.replace(tzinfo=UTC))
