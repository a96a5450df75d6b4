import shutil
import threading
from dataclasses import replace

import pytest

from example_bundle import REGRESSION, make_bundle
from modelwright.deploy.rollout import challenge, promote, roll_back, withdraw
from modelwright.errors import BundleError, InputError, SchemaError, WorkspaceError
from modelwright.predictor.bundle_folder import write_bundle
from modelwright.workspace.aliases import Aliases
from modelwright.workspace.artifacts import find_folder
from modelwright.workspace.folder import Workspace
from modelwright.workspace.trial import Trial
from rival_bundles import NOW, another, keep, workspace_of_two

SHADOW = Trial(role="shadow")
BY_ANN = {"at": NOW, "who": "ann", "why": "because"}


@pytest.fixture
def two(tmp_path):
    return workspace_of_two(tmp_path / "model")


def test_a_challenger_takes_the_place_of_the_champion_which_is_watched_beside_it(two):
    workspace, first, second = two
    assert challenge(workspace, second, trial=SHADOW, **BY_ANN) == second
    assert promote(workspace, **BY_ANN) == second
    stand = Aliases.read(workspace)
    assert stand.bundle("champion") == second
    assert stand.challenge.bundle == first
    assert (stand.challenge.trial.role, stand.challenge.trial.former) == ("shadow", True)
    assert roll_back(workspace, clock=lambda: NOW, who="ann") == first
    # What was tried beside the one that is gone is tried no longer.
    assert Aliases.read(workspace).challenge is None


def test_every_change_is_remembered_with_who_and_why(two):
    workspace, _, second = two
    challenge(workspace, second, trial=SHADOW, **BY_ANN)
    withdraw(workspace, at=NOW, who="bob", why="too slow")
    told = [(each.alias, each.bundle, each.who, each.why) for each in _history(workspace)[1:]]
    assert told == [
        ("challenger", second, "ann", "because"),
        ("challenger", None, "bob", "too slow"),
    ]


def test_a_folder_from_elsewhere_is_kept(two, tmp_path):
    workspace, *_ = two
    bundle = replace(make_bundle(), card_text="# From elsewhere\n")
    digest = write_bundle(bundle, tmp_path / "elsewhere")
    assert challenge(workspace, tmp_path / "elsewhere", trial=SHADOW, **BY_ANN) == digest
    shutil.rmtree(tmp_path / "elsewhere")
    assert find_folder(workspace, digest).is_dir()


def test_what_cannot_be_compared_is_refused(two, tmp_path):
    workspace, first, _ = two
    with pytest.raises(InputError, match="is the champion itself"):
        challenge(workspace, first, trial=SHADOW, **BY_ANN)
    with pytest.raises(BundleError, match="regression"):
        challenge(workspace, keep(workspace, make_bundle(REGRESSION)), trial=SHADOW, **BY_ANN)
    other = replace(another(), facts=replace_target("churn"))
    with pytest.raises(BundleError, match="answers 'left', the bundle 'churn'"):
        challenge(workspace, keep(workspace, other), trial=SHADOW, **BY_ANN)
    with pytest.raises(BundleError, match="neither a folder nor the hash"):
        challenge(workspace, "0" * 12, trial=SHADOW, **BY_ANN)
    by_jobs = Trial(role="canary", share=0.1, key="jobs")
    with pytest.raises(SchemaError, match="Did you mean 'job'"):
        challenge(workspace, two[2], trial=by_jobs, **BY_ANN)
    assert len(_history(workspace)) == 1


def replace_target(target):
    import msgspec

    return msgspec.structs.replace(make_bundle().facts, target=target)


def test_a_damaged_challenger_is_not_promoted(two):
    workspace, first, second = two
    challenge(workspace, second, trial=SHADOW, **BY_ANN)
    (find_folder(workspace, second) / "facts.json").write_text("{}")
    with pytest.raises(BundleError):
        promote(workspace, **BY_ANN)
    assert Aliases.read(workspace).bundle("champion") == first


def test_without_a_challenger_there_is_nothing_to_promote_or_to_end(two):
    for change in (promote, withdraw):
        with pytest.raises(WorkspaceError, match="There is no challenger"):
            change(two[0], **BY_ANN)


def test_without_a_champion_there_is_nothing_to_challenge(tmp_path):
    workspace = Workspace.create(tmp_path / "empty")
    with pytest.raises(WorkspaceError, match="nothing to challenge"):
        challenge(workspace, "a" * 12, trial=SHADOW, **BY_ANN)


def test_nobody_waits_for_a_build_and_no_change_is_lost(two):
    workspace, _, second = two

    def change() -> None:
        for _ in range(5):
            challenge(workspace, second, trial=SHADOW, **BY_ANN)

    with workspace.lock("a build of hours"):
        threads = [threading.Thread(target=change) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert len(_history(workspace)) == 21


def _history(workspace):
    return Aliases.read(workspace).history
