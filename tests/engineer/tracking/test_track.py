import shutil

import pytest
from msgspec.structs import replace

from dossiers import flights_dossier
from modelwright.documents import write_document
from modelwright.engineer.archive import hash_of
from modelwright.engineer.rollout.rollout import Rollout
from modelwright.engineer.tracking.run import BUNDLE
from modelwright.engineer.tracking.track import Tracking
from modelwright.errors import ServiceError
from modelwright.workspace.trial import Trial
from rival_bundles import NOW, workspace_of_two
from tracking_server import MemoryServer


@pytest.fixture
def two(tmp_path):
    """A workspace whose candidate became its first bundle, and which has another one."""
    workspace, first, second = workspace_of_two(tmp_path / "left-model")
    dossier = flights_dossier()
    for document in (dossier.plan, dossier.findings, dossier.candidate):
        write_document(document, workspace)
    release = replace(dossier.release, bundle_hash=first, made_from=hash_of(dossier.candidate))
    write_document(release, workspace)
    return workspace, first, second


@pytest.fixture
def server():
    return MemoryServer()


@pytest.fixture
def rollout(two):
    return Rollout(two[0], lambda: NOW, who=lambda: "ann@host")


@pytest.fixture
def track(two, server):
    def tell(*judgements):
        return Tracking(two[0], server, report=lambda sentence: None).track(judgements)

    return tell


def test_a_release_is_a_run_and_a_version(two, server, track):
    _, first, _ = two
    tracked = track()
    (run,) = server.runs
    assert tracked.versions == {first: "1"}
    assert tracked.runs[first] == run
    assert server.aliases == {"champion": "1"}
    assert server.versions["1"][BUNDLE] == first
    assert {"documents/candidate.json", "report.html"} <= set(server.files[run])


def test_twice_writes_nothing_new(server, track):
    first, writes = track(), server.writes
    assert (track(), server.writes) == (first, writes)


def test_aliases_move_with_decisions(two, server, track, rollout):
    _, _, second = two
    track()
    rollout.challenge(second, trial=Trial(role="shadow"), why="it reads a column less")
    tracked = track()
    assert server.aliases == {"champion": "1", "challenger": "2"}
    assert server.tags[tracked.runs[second]][BUNDLE] == second
    rollout.promote(force=True, why="the old column ends")
    track()
    assert server.aliases == {"champion": "2", "challenger": "1"}
    assert "ann@host: forced: the old column ends" in server.versions["2"]["modelwright.champion"]
    rollout.roll_back(why="it was wrong")
    tracked = track()
    assert (server.aliases, tracked.aliases) == ({"champion": "1"}, {"champion": "1"})
    assert len(server.versions) == 2


def test_what_was_interrupted_is_done_the_next_time(two, server, track):
    server.full = True
    with pytest.raises(ServiceError):
        track()
    server.full = False
    assert track().versions == {two[1]: "1"}
    assert len(server.runs) == 1


def test_a_bundle_that_is_gone_keeps_its_version(two, server, track, rollout):
    workspace, _, second = two
    rollout.challenge(second, trial=Trial(role="shadow"), why="")
    track()
    shutil.rmtree(workspace.bundles / f"left-{second[:12]}")
    assert track().aliases == {"champion": "1", "challenger": "2"}


def test_judgements_are_measured_once(two, server, track):
    _, first, _ = two
    health = replace(flights_dossier().health, bundle_hash=first, made_at="2026-11-01T00:00:00Z")
    later = replace(health, made_at="2026-11-02T00:00:00Z", until="2026-11-02T00:00:00Z")
    other = replace(health, bundle_hash="f" * 64)
    assert track(health, other).judgements == 1
    assert track(health, later).judgements == 1
    assert [each.metrics["live.rows"] for _, each in server.measured] == [health.rows] * 2
    assert server.measured[1][1].at_ms == 1_793_577_600_000


def test_a_workspace_without_documents_tells_of_its_bundles(tmp_path, server):
    workspace, first, _ = workspace_of_two(tmp_path / "left-model")
    tracked = Tracking(workspace, server, report=lambda sentence: None).track(())
    assert tracked.versions == {first: "1"}
