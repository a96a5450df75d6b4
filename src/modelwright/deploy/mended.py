"""A mended bundle becomes the champion, through the tests that every release passes."""

import shutil
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import msgspec

from modelwright.deploy.acceptance import accept
from modelwright.documents import Gate, Release
from modelwright.predictor.bundle_folder import read_bundle, write_bundle
from modelwright.workspace.aliases import Aliases
from modelwright.workspace.artifacts import draft_folder, fingerprint, store_folder
from modelwright.workspace.folder import Workspace


def release_mended(
    folder: Path,
    release: Release,
    workspace: Workspace,
    *,
    gate: Gate,
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
    gate
        What the past says of it; red means no release, and no test.
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
    return _released(release, gates, workspace, stored=stored, now=clock(), report=report)


def _released(
    release: Release,
    gates: tuple[Gate, ...],
    workspace: Workspace,
    *,
    stored: Path,
    now: datetime,
    report: Callable[[str], None],
) -> Release:
    digest, aliases = fingerprint(stored), Aliases.read(workspace)
    before = aliases.bundle("champion") or release.bundle_hash
    aliases.assign("champion", digest, at=now).write(workspace)
    report(f"Released as {stored.name}")
    return msgspec.structs.replace(
        _release(release, gates, released=True, now=now),
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
