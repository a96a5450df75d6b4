from dataclasses import replace

import msgspec
import pytest

from example_bundle import MULTICLASS, REGRESSION, make_bundle
from modelwright.deploy import release as room
from modelwright.deploy.acceptance import Acceptance
from modelwright.deploy.release import deploy
from modelwright.deploy.rollout import roll_back
from modelwright.documents import Gate
from modelwright.errors import BundleError, WorkspaceError
from modelwright.predictor.bundle_folder import read_bundle, write_bundle
from modelwright.workspace.aliases import Aliases
from modelwright.workspace.artifacts import find_folder
from modelwright.workspace.trial import Trial


def _silent(sentence: str) -> None: ...


@pytest.fixture
def accepted(monkeypatch):
    """No process serves the bundle: what follows from a yes is not what the tests of it find."""
    green = Gate(name="accepted", passed=True, evidence="as said here")
    monkeypatch.setattr(room, "accept", lambda folder, **how: Acceptance((green,), 0.001))


def test_a_sound_candidate_becomes_the_champion(candidate, workspace, clock):
    said: list[str] = []
    release = deploy(candidate, workspace, clock=clock, report=said.append)
    assert release.released, release.gates
    assert release.gates[0] == candidate.gates[0]
    assert len(release.gates) == 10
    stored = workspace.path / release.bundle_path
    assert stored.name == f"left-{release.bundle_hash[:12]}"
    bundle = read_bundle(stored)
    assert bundle.hash == release.bundle_hash == Aliases.read(workspace).bundle("champion")
    assert bundle.card_text.startswith("# Will the customer leave?")
    assert release.bundle_bytes > 1000
    assert 0 < release.row_latency_s < 1
    assert release.previous_hash == ""
    assert release.holdout_score == candidate.evaluation.score
    assert said[-1] == f"Released as {stored.name}"
    assert [path.name for path in workspace.bundles.iterdir()] == [stored.name]


def test_a_red_gate_means_no_release(candidate, workspace, clock):
    red = Gate(name="better than the baseline", passed=False, evidence="gain 0")
    refused = msgspec.structs.replace(candidate, gates=(red,))
    release = deploy(refused, workspace, clock=clock, report=_silent)
    assert (release.released, release.gates, release.bundle_path) == (False, (red,), "")
    assert Aliases.read(workspace).bundle("champion") is None
    assert not workspace.bundles.exists()


def test_a_failed_acceptance_test_means_no_release(candidate, workspace, clock):
    bundle = make_bundle()
    first, *others = bundle.cases
    wrong = msgspec.structs.replace(first, expected=(0.25, 0.75))
    write_bundle(replace(bundle, cases=(wrong, *others)), workspace.path / "candidate")
    release = deploy(candidate, workspace, clock=clock, report=_silent)
    assert not release.released
    failed = [gate for gate in release.gates if not gate.passed]
    assert failed[0].name == "recorded rows get their recorded answers"
    assert failed[0].evidence.startswith("row 1: [0.25, 0.75] recorded")
    assert Aliases.read(workspace).bundle("champion") is None
    assert list(workspace.bundles.iterdir()) == []


def test_a_damaged_draft_cannot_be_tested(candidate, workspace, clock):
    (workspace.path / "candidate" / "program.json").write_text("{}")
    with pytest.raises(BundleError, match=r"program\.json"):
        deploy(candidate, workspace, clock=clock, report=_silent)


def test_releases_follow_each_other_and_roll_back(candidate, workspace, clock, accepted):
    first = deploy(candidate, workspace, clock=clock, report=_silent)
    again = deploy(candidate, workspace, clock=clock, report=_silent)
    assert (again.bundle_hash, again.previous_hash) == (first.bundle_hash, "")
    assert len(Aliases.read(workspace).history) == 1

    write_bundle(make_bundle(REGRESSION), workspace.path / "candidate")
    second = deploy(candidate, workspace, clock=clock, report=_silent)
    assert second.released, second.gates
    assert second.previous_hash == first.bundle_hash != second.bundle_hash
    repeated = deploy(candidate, workspace, clock=clock, report=_silent)
    assert repeated.previous_hash == first.bundle_hash

    assert roll_back(workspace, clock=clock) == first.bundle_hash
    assert Aliases.read(workspace).bundle("champion") == first.bundle_hash
    with pytest.raises(WorkspaceError, match="nothing to roll back to"):
        roll_back(workspace, clock=clock)


def test_a_candidate_is_tried_beside_the_champion(candidate, workspace, clock, accepted):
    trial = Trial(role="shadow")
    with pytest.raises(WorkspaceError, match="nothing to challenge"):
        deploy(candidate, workspace, trial=trial, clock=clock, report=_silent)
    first = deploy(candidate, workspace, clock=clock, report=_silent)
    bundle = make_bundle()
    other = replace(bundle, facts=msgspec.structs.replace(bundle.facts, seed=9))
    write_bundle(other, workspace.path / "candidate")
    second = deploy(candidate, workspace, trial=trial, clock=clock, report=_silent)
    assert (second.released, second.on_trial) == (True, True), second.gates
    stand = Aliases.read(workspace)
    assert stand.bundle("champion") == first.bundle_hash == second.previous_hash
    assert stand.challenge is not None
    assert (stand.challenge.bundle, stand.challenge.why) == (
        second.bundle_hash,
        "every gate is green",
    )


def test_a_damaged_bundle_is_not_rolled_back_to(candidate, workspace, clock, accepted):
    first = deploy(candidate, workspace, clock=clock, report=_silent)
    write_bundle(make_bundle(MULTICLASS), workspace.path / "candidate")
    second = deploy(candidate, workspace, clock=clock, report=_silent)
    assert second.released, second.gates
    (find_folder(workspace, first.bundle_hash) / "facts.json").write_text("{}")
    with pytest.raises(BundleError):
        roll_back(workspace, clock=clock)
    assert Aliases.read(workspace).bundle("champion") == second.bundle_hash
