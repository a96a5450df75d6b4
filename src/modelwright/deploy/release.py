"""The room's function: a candidate becomes a release, or the reason why there is none."""

import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import msgspec

from modelwright.deploy.acceptance import Acceptance, accept
from modelwright.deploy.card import write_card
from modelwright.deploy.rollout import challenge, champion_of
from modelwright.documents import Candidate, Release
from modelwright.predictor.bundle_folder import read_bundle, write_bundle
from modelwright.workspace.aliases import Aliases, change_aliases
from modelwright.workspace.artifacts import draft_folder, fingerprint, store_folder
from modelwright.workspace.folder import Workspace
from modelwright.workspace.trial import Trial

_WHO, _WHY = "modelwright deploy", "released: every gate is green"
_WHY_TRIED = "every gate is green"


def deploy(
    candidate: Candidate,
    workspace: Workspace,
    *,
    clean_environment: bool = False,
    trial: Trial | None = None,
    clock: Callable[[], datetime],
    report: Callable[[str], None],
) -> Release:
    """Test a candidate's bundle as its clients would, and make it the champion.

    Deploying the same candidate again gives the same bundle and changes nothing.

    Parameters
    ----------
    candidate
        What was built; a red gate of its means no release, and no test.
    workspace
        Where the draft of the bundle is, and where the release goes; the caller holds its lock.
    clean_environment
        Whether the bundle is also installed from its lock file.
    trial
        How it is tried beside the champion; None when it takes the champion's place.
    clock
        Tells the time, with its zone.
    report
        Told what happens, a sentence at a time.

    Raises
    ------
    BundleError
        When the draft is missing or damaged.
    WorkspaceError
        When the disk is full, or there is no champion beside whom it could be tried.
    """
    if trial is not None:
        champion_of(workspace)
    if not candidate.passed:
        report("A gate of the candidate is red: nothing is released")
        return _refused(candidate, Acceptance(gates=(), row_latency_s=None), clock)
    staged = _stage(candidate, workspace)
    try:
        acceptance = accept(
            staged,
            limits=candidate.limits,
            clean_environment=clean_environment,
            report=report,
        )
        if not acceptance.passed:
            report("An acceptance test failed: nothing is released")
            return _refused(candidate, acceptance, clock)
        stored = store_folder(workspace, staged, read_bundle(staged).name)
    finally:
        # Gone when it was stored; what cannot be removed here, the next command clears away.
        shutil.rmtree(staged, ignore_errors=True)
    now, digest = clock(), fingerprint(stored)
    if trial is None:
        report(f"Released as {stored.name}")
        before = _made_champion(workspace, digest, now)
    else:
        report(f"Tried beside the champion as {stored.name}")
        before = champion_of(workspace).hash
        challenge(workspace, digest, trial=trial, at=now, who=_WHO, why=_WHY_TRIED)
    released = _released(candidate, acceptance, workspace, stored=stored, now=now)
    return msgspec.structs.replace(released, previous_hash=before, on_trial=trial is not None)


def _made_champion(workspace: Workspace, digest: str, now: datetime) -> str:
    """Make a bundle the champion, and return the hash of the one before."""
    aliases = Aliases.read(workspace)
    if aliases.bundle("champion") != digest:
        change_aliases(
            workspace, lambda stand: stand.assign("champion", digest, at=now, who=_WHO, why=_WHY)
        )
    return _previous(aliases, digest)


def _stage(candidate: Candidate, workspace: Workspace) -> Path:
    """Copy the draft, with its card, to where it is tested; the draft itself stays."""
    draft = read_bundle(workspace.path / candidate.program_path)
    staged = draft_folder(workspace, "release")
    facts = draft.facts
    card = write_card(
        candidate, no_source=facts.no_source, carried=facts.carried, formulas=facts.formulas
    )
    write_bundle(replace(draft, card_text=card), staged)
    return staged


def _refused(
    candidate: Candidate, acceptance: Acceptance, clock: Callable[[], datetime]
) -> Release:
    return Release(
        made_at=clock().isoformat(),
        target=candidate.target,
        task=candidate.task,
        metric=candidate.metric,
        released=False,
        gates=(*candidate.gates, *acceptance.gates),
        row_latency_s=acceptance.row_latency_s,
        holdout_score=candidate.evaluation.score,
    )


def _released(
    candidate: Candidate,
    acceptance: Acceptance,
    workspace: Workspace,
    *,
    stored: Path,
    now: datetime,
) -> Release:
    return Release(
        made_at=now.isoformat(),
        target=candidate.target,
        task=candidate.task,
        metric=candidate.metric,
        released=True,
        gates=(*candidate.gates, *acceptance.gates),
        bundle_path=stored.relative_to(workspace.path).as_posix(),
        bundle_hash=fingerprint(stored),
        bundle_bytes=sum(path.stat().st_size for path in stored.rglob("*") if path.is_file()),
        row_latency_s=acceptance.row_latency_s,
        holdout_score=candidate.evaluation.score,
    )


def _previous(aliases: Aliases, digest: str) -> str:
    champions = (change.bundle for change in aliases.history if change.alias == "champion")
    others = [bundle for bundle in champions if bundle not in (None, digest)]
    return others[-1] or "" if others else ""
