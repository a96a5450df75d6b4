"""A mended bundle becomes the champion, through the tests that every release passes."""

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import msgspec

from modelwright.deploy.acceptance import accept
from modelwright.documents import Gate, Release
from modelwright.predictor.bundle_folder import read_bundle, write_bundle
from modelwright.workspace.aliases import Aliases
from modelwright.workspace.artifacts import draft_folder, fingerprint, store_folder
from modelwright.workspace.folder import Workspace


@dataclass(frozen=True, kw_only=True)
class Decision:
    """What decided that a mended bundle shall take the champion's place.

    Parameters
    ----------
    gate
        What the past says of it; red means no release, and no test.
    who, why
        What is remembered of it.
    """

    gate: Gate
    who: str
    why: str


def release_mended(
    folder: Path,
    release: Release,
    workspace: Workspace,
    *,
    decision: Decision,
    clock: Callable[[], datetime],
    report: Callable[[str], None],
) -> Release:
    """Test a mended bundle as its clients would, and make it the champion.

    Parameters
    ----------
    folder
        The bundle.
    release
        The release that it mends.
    workspace
        Where it goes; the caller holds its lock.
    decision
        Who takes it, and what the past says of it.
    clock
        Tells the time, with its zone.
    report
        Told what happens, a sentence at a time.

    Raises
    ------
    BundleError
        When the folder is no sound bundle.
    WorkspaceError
        When the disk is full.
    """
    gate = decision.gate
    if not gate.passed:
        report("The past does not speak for it: nothing is released")
        return _release(release, (gate,), released=False, now=clock())
    staged = draft_folder(workspace, "mended")
    try:
        bundle = read_bundle(folder)
        write_bundle(bundle, staged)
        acceptance = accept(staged, report=report)
        gates = (gate, *acceptance.gates)
        if not acceptance.passed:
            report("An acceptance test failed: nothing is released")
            return _release(release, gates, released=False, now=clock())
        stored = store_folder(workspace, staged, bundle.name)
    finally:
        shutil.rmtree(staged, ignore_errors=True)
    report(f"Released as {stored.name}")
    made = _release(release, gates, released=True, now=clock())
    return _promoted(made, release.bundle_hash, workspace, stored=stored, decision=decision)


def _promoted(
    made: Release, mended: str, workspace: Workspace, *, stored: Path, decision: Decision
) -> Release:
    """Make a stored bundle the champion, and return its release."""
    digest, aliases = fingerprint(stored), Aliases.read(workspace)
    before = aliases.bundle("champion") or mended
    at = datetime.fromisoformat(made.made_at)
    aliases.assign("champion", digest, at=at, who=decision.who, why=decision.why).write(workspace)
    return msgspec.structs.replace(
        made,
        bundle_path=stored.relative_to(workspace.path).as_posix(),
        bundle_hash=digest,
        bundle_bytes=sum(path.stat().st_size for path in stored.rglob("*") if path.is_file()),
        previous_hash=before if before != digest else "",
        holdout_score=read_bundle(stored).facts.holdout_score,
    )


def _release(
    release: Release, gates: tuple[Gate, ...], *, released: bool, now: datetime
) -> Release:
    return Release(
        made_at=now.isoformat(),
        target=release.target,
        task=release.task,
        metric=release.metric,
        released=released,
        gates=gates,
    )
