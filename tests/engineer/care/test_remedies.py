import shutil
from contextlib import chdir
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import numpy as np
import polars as pl
import pytest
from msgspec.structs import replace

from modelwright.documents import Health, Proposal, Release, write_document
from modelwright.engineer.archive import hash_of, read
from modelwright.engineer.care.proposals import best_alone, proposal_named, slug
from modelwright.engineer.project import Project
from modelwright.errors import BriefError, BundleError, InputError, WorkspaceError
from modelwright.maintain.champion import open_champion
from modelwright.maintain.remedies.base import Lesson
from modelwright.tasks.interval import Interval
from modelwright.workspace.aliases import Aliases
from modelwright.workspace.journal import Journal
from modelwright.workspace.ledger.address import ledger_of
from modelwright.workspace.ledger.ledger import Ledger, Prediction, microseconds
from orders_example import TARGET, finished_folder, orders

_LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)


def broken(rows: int = 1_000) -> pl.DataFrame:
    """Return orders whose amounts come in cents from the middle on."""
    table = orders(rows, seed=5)
    late = pl.int_range(pl.len()) >= rows // 2
    return table.with_columns(amount=pl.when(late).then(pl.col("amount") * 100).otherwise("amount"))


def champion(project: Project) -> str | None:
    return Aliases.read(project.workspace).bundle("champion")


@pytest.fixture(scope="module")
def folder_with_proposals(tmp_path_factory) -> Path:
    """Return a finished workspace in which remedies were tested; nobody changes it."""
    folder = tmp_path_factory.mktemp("proposed") / "orders"
    shutil.copytree(finished_folder(tmp_path_factory.getbasetemp()), folder)
    with chdir(folder):
        Project.open("orders-model").propose(broken())
    return folder


@pytest.fixture
def project(tmp_path, folder_with_proposals, monkeypatch) -> Project:
    folder = tmp_path / "orders"
    shutil.copytree(folder_with_proposals, folder)
    monkeypatch.chdir(folder)
    return Project.open("orders-model")


@pytest.fixture
def proposed(project) -> Health:
    return read(Health, project.workspace)


def test_remedies_are_proposed_applied_noted_and_taken_back(project, proposed):
    before = champion(project)
    first = proposed.remedies[0]
    assert (first.remedy, first.columns, first.helps) == ("fix units", ("amount",), True)
    assert first.sentence == "Read 'amount' / 100."
    assert first.command.startswith('modelwright remedy "fix units" --apply')
    assert {"retrain", "call a person"} <= {each.remedy for each in proposed.remedies}

    release = project.apply_remedy("fix units", who="Ann", why="the supplier said so")
    assert release.released
    assert champion(project) == release.bundle_hash == first.bundle_hash
    assert release.gates[0].name == "the past speaks for the remedy"
    assert release.previous_hash == before
    assert project.maintain(broken().tail(500)).action == "keep"
    with Journal.open(project.workspace.path / "journal.db") as journal:
        (event,) = journal.events("remedy")
    assert (event.facts["by"], event.facts["why"]) == ("Ann", "the supplier said so")
    assert event.facts["bundle"] == first.bundle_hash

    taken = Aliases.read(project.workspace).history[-1]
    assert (taken.who, taken.why) == ("Ann", "remedy “fix units”: the supplier said so")

    # The candidate is as it was: nobody deploys it over the mended one.
    assert project.ensure_release().bundle_hash == release.bundle_hash
    with pytest.raises(InputError, match="No remedy was proposed yet"):
        project.apply_remedy("fix units")
    assert project.roll_back() == before


def test_another_champion_since_then(project, proposed):
    write_document(replace(proposed, bundle_hash="0" * 64), project.workspace)
    with pytest.raises(WorkspaceError, match="by now"):
        project.apply_remedy("fix units")


def test_a_remedy_that_the_past_does_not_speak_for(project, proposed):
    weak = next(each for each in proposed.remedies if each.bundle_path and not each.helps)
    release = project.apply_remedy(weak.remedy)
    assert not release.released
    assert not release.gates[0].passed
    assert champion(project) == proposed.bundle_hash


def test_what_there_is_nothing_to_apply_of(project, proposed):
    with pytest.raises(InputError, match="There is nothing to apply in 'call a person'"):
        project.apply_remedy("call a person")
    with pytest.raises(InputError, match="Did you mean 'fix units'"):
        project.apply_remedy("fix unit")


def test_a_bundle_that_was_changed_after_the_test(project, proposed):
    card = project.workspace.path / proposed.remedies[0].bundle_path / "MODEL_CARD.md"
    card.write_text("# Another\n")
    with pytest.raises(BundleError, match="MODEL_CARD"):
        project.apply_remedy("fix units")


def test_the_policy_lets_a_remedy_act_alone(project):
    plan = hash_of(project.plan())
    Project.ask(project.workspace.path, {"maintain": {"may": ["fix units"]}})
    allowed = Project.open(project.workspace.path)
    health, release = allowed.act(broken())
    assert health.remedies[0].alone
    assert release.released
    with Journal.open(project.workspace.path / "journal.db") as journal:
        (event,) = journal.events("remedy")
    assert event.facts["by"] == "policy"
    # What may act alone asks nothing of the plan.
    assert hash_of(allowed._chain.planned(allowed._start(None))) == plan


def test_a_policy_of_what_is_not_known(project):
    with pytest.raises(BriefError, match="unknown key 'my'"):
        Project.ask(project.workspace.path, {"maintain": {"my": ["recalibrate"]}})
    Project.ask(project.workspace.path, {"maintain": {"may": ["recalibrat"]}})
    with pytest.raises(InputError, match="Did you mean 'recalibrate'"):
        Project.open(project.workspace.path).propose(broken())


def test_the_members_of_the_blend_learn_again(project):
    from modelwright.engineer.care.patient import look_at
    from modelwright.maintain.log.live_rows import live_rows_of

    bundle = open_champion(read(Release, project.workspace), project.workspace)
    rows = live_rows_of(orders(400, seed=6), bundle)
    school = look_at(bundle, rows, project._rooms, report=lambda *_: None).school
    again = school.learn(Lesson(rows=rows))
    assert np.array_equal(
        again.run(rows.columns), school.learn(Lesson(rows=rows)).run(rows.columns)
    )
    assert again.threshold == bundle.program.threshold
    assert np.abs(again.run(rows.columns) - rows.answers).mean() < 0.15
    without = school.learn(Lesson(rows=rows, without=("amount",), with_training=False))
    assert "amount" not in {each.name for each in without.inputs}


def test_what_champions_before_met_is_learned_from_and_not_judged(project):
    """A model that was mended has met few rows; those of the others since the build count too."""
    from modelwright.engineer.care.patient import look_at

    workspace, at = project.workspace, datetime.now(UTC) + timedelta(hours=1)
    built, table = champion(project), orders(70, seed=8)
    aliases = Aliases.read(workspace)
    earlier = replace(aliases.history[0], alias="champion", bundle="stranger", at=_LONG_AGO)
    aliases = replace(aliases, history=(earlier, *aliases.history))
    aliases = aliases.assign("champion", "mended", at=at)
    aliases.assign("champion", built, at=at).write(workspace)
    # What came before the build it may have learned; what comes after these rows would foretell.
    # Who was asked something else is nobody to learn from, and a label may be unknown.
    versions = ["stranger"] * 5 + ["mended"] * 20 + [built] * 40 + ["mended"] * 5
    served = [
        Prediction(
            id=str(number),
            at=microseconds(at + timedelta(minutes=number) - timedelta(days=9 * (number == 10))),
            version=version,
            inputs=msgspec.json.encode({"amount": "much"} if version == "stranger" else row),
            output=b"0.5",
            latency_s=0.001,
        )
        for number, (version, row) in enumerate(
            zip(versions, table.drop(TARGET, "order_id").iter_rows(named=True), strict=True)
        )
    ]
    with Ledger.open(ledger_of(workspace.path)) as ledger:
        ledger.append(served)
        labels = [(each.id, table[TARGET][place]) for place, each in enumerate(served)]
        labels[12] = (served[12].id, None)
        ledger.label([*labels[:4], *labels[6:]], at=served[-1].at)
    bundle = open_champion(read(Release, workspace), workspace)
    rows = project._rooms.live_rows(bundle, None)
    situation = look_at(bundle, rows, project._rooms, report=lambda *_: None)
    assert (len(situation.rows), len(situation.before)) == (40, 17)
    assert situation.before.labelled.all()


def test_the_best_that_may_act_alone():
    proposals = (
        Proposal(remedy="retrain", sentence="Learn."),
        Proposal(remedy="recalibrate", sentence="Correct.", alone=True),
    )
    assert best_alone(proposals, healthy=False) is None
    spared = Interval(value=0.2, low=0.1, high=0.3, level=0.95, method="made up")
    learns = Proposal(remedy="retrain", sentence="Learn.", alone=True, saves=spared)
    undoes = replace(learns, remedy="fix units", is_evident=True)
    assert best_alone((learns, undoes), healthy=False) is learns
    assert best_alone((learns, undoes), healthy=True) is undoes
    assert best_alone((learns,), healthy=True) is None
    assert slug("fix units") == "fix-units"
    with pytest.raises(InputError):
        proposal_named(_health(proposals), "recalibrat")


def _health(remedies) -> Health:
    return Health(
        bundle_hash="",
        target="",
        metric="",
        since="",
        until="",
        rows=0,
        labelled=0,
        contract_passed=True,
        broken_rules=(),
        drift=(),
        false_alarm_rate=0.01,
        realised=None,
        expected=None,
        healthy=True,
        action="keep",
        sentence="",
        remedies=remedies,
    )
