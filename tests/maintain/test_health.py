from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import numpy as np
import polars as pl
import pytest

from flights_example import TASK, draw_flights, draw_labels, make_flights_bundle
from modelwright.data.conform import columns_of, conform
from modelwright.data.schema import Column, Kind, Schema
from modelwright.documents import ColumnDrift, Health, Release
from modelwright.errors import BriefError, WorkspaceError
from modelwright.maintain.health import judge_rows, maintain, maintain_rows
from modelwright.maintain.inputs.drift import ANSWERS
from modelwright.maintain.log.labels import join_labels
from modelwright.maintain.log.live_rows import live_rows_of
from modelwright.maintain.log.window import Window
from modelwright.predictor.bundle_folder import write_bundle
from modelwright.predictor.reference.reference import with_training
from modelwright.workspace.aliases import Aliases
from modelwright.workspace.artifacts import draft_folder, store_folder
from modelwright.workspace.folder import Workspace
from modelwright.workspace.ledger.ledger import Ledger, Prediction, microseconds

NOW = datetime(2026, 3, 1, tzinfo=UTC)
_CARRIER = Column(name="carrier", kind=Kind.CATEGORICAL)


def judge(table: pl.DataFrame, *, metric: str = "roc_auc") -> Health:
    bundle = make_flights_bundle(metric)
    return judge_rows(bundle, live_rows_of(table, bundle), made_at=NOW)


def drift_of(health: Health, name: str) -> ColumnDrift:
    return next(each for each in health.drift if each.column == name)


def labelled(table: pl.DataFrame, *, seed: int = 5) -> pl.DataFrame:
    return table.with_columns(draw_labels(table, seed=seed))


FLIGHTS = draw_flights(3_000, seed=2)


class TestSteadyRows:
    def test_without_labels(self) -> None:
        health = judge(FLIGHTS)
        assert (health.action, health.healthy, health.contract_passed) == ("keep", True, True)
        assert {each.verdict for each in health.drift} == {"steady"}
        assert (health.realised, health.labelled, health.rows) == (None, 0, 3_000)
        assert health.expected is not None

    @pytest.mark.parametrize("metric", ["roc_auc", "log_loss", "accuracy"])
    def test_with_labels(self, metric: str) -> None:
        health = judge(labelled(FLIGHTS), metric=metric)
        assert (health.action, health.labelled) == ("keep", 3_000)
        assert health.realised is not None
        assert health.expected is not None
        assert health.realised.low < health.expected.value < health.realised.high
        assert "as well as promised" in health.sentence

    def test_one_column_per_feature_and_the_answers(self) -> None:
        names = {each.column for each in judge(FLIGHTS).drift}
        assert names == {"temp", "load", "carrier", "unused", ANSWERS}

    def test_many_checkups_of_steady_rows_raise_no_alarm(self) -> None:
        healths = [judge(draw_flights(500, seed=seed)) for seed in range(100, 130)]
        reported = sum(any(e.verdict != "steady" for e in each.drift) for each in healths)
        # Thirty at 1 % give three or more in fewer than 1 % of cases.
        assert reported <= 2
        assert all(each.healthy for each in healths)

    def test_labels_of_steady_rows_are_hardly_ever_worse(self) -> None:
        tables = [labelled(draw_flights(400, seed=seed), seed=seed) for seed in range(20)]
        actions = [judge(table).action for table in tables]
        assert actions.count("keep") >= 19

    def test_few_rows(self) -> None:
        health = judge(FLIGHTS.head(40))
        assert (health.action, health.drift) == ("keep", ())
        assert "40 rows are too few" in health.sentence

    def test_no_rows(self) -> None:
        health = judge(FLIGHTS.head(0))
        assert (health.healthy, health.rows, health.realised) == (True, 0, None)
        assert "nothing to judge" in health.sentence


class TestBrokenInput:
    def test_fahrenheit(self) -> None:
        health = judge(FLIGHTS.with_columns(pl.col("temp") * 1.8 + 32))
        assert (health.action, health.healthy) == ("fix input", False)
        assert "'temp' looks as if degrees Celsius had become degrees Fahrenheit" in health.sentence
        assert drift_of(health, "temp").verdict == "alarm"
        assert drift_of(health, "carrier").verdict == "steady"

    def test_a_column_goes_missing(self) -> None:
        health = judge(FLIGHTS.with_columns(temp=pl.lit(None, dtype=pl.Float64)))
        assert health.action == "fix input"
        assert "'temp' is mostly missing. 'temp': 100 % of rows missing, 0 %" in health.sentence

    def test_a_flood_of_new_levels(self) -> None:
        health = judge(FLIGHTS.with_columns(pl.col("carrier").str.to_lowercase()))
        assert health.action == "fix input"
        assert "'carrier' is full of levels that training did not have" in health.sentence

    def test_levels_that_early_training_had_are_not_new(self) -> None:
        small = FLIGHTS.with_columns(pl.col("carrier").str.to_lowercase())
        bundle = make_flights_bundle()
        columns = columns_of(conform(small, bundle.schema), bundle.schema)
        early = np.concatenate([columns["carrier"]] * 7)  # more than were answered out of fold
        reference = with_training(
            bundle.reference, dict.fromkeys(columns, early), Schema(columns=(_CARRIER,))
        )
        known = replace(bundle, reference=reference)
        health = judge_rows(known, live_rows_of(small, known), made_at=NOW)
        told = drift_of(health, "carrier")
        assert told.verdict == "alarm"
        assert "with a level rare before" in told.sentence
        assert not any(each.kind == "new categories" for each in health.causes)

    def test_labels_do_not_hide_it(self) -> None:
        table = labelled(FLIGHTS).with_columns(temp=pl.lit(None, dtype=pl.Float64))
        assert judge(table).action == "fix input"

    def test_the_contract_is_broken(self) -> None:
        bundle = make_flights_bundle()
        text = bundle.contract_text
        table = FLIGHTS.with_columns(
            carrier=pl.when(pl.int_range(pl.len()) % 20 == 0)
            .then(pl.lit("XX"))
            .otherwise("carrier")
        )
        health = judge(table)
        assert "XX" not in text
        assert not health.contract_passed
        assert [each.column for each in health.broken_rules] == ["carrier"]
        assert health.action == "fix input"
        assert "break the data contract" in health.sentence


class TestChangedWorld:
    def test_a_small_drift_is_a_note(self) -> None:
        table = draw_flights(20_000, seed=4)
        health = judge(table.with_columns(pl.col("temp") + 0.8))
        assert drift_of(health, "temp").verdict == "note"
        assert (health.action, health.healthy) == ("keep", True)

    def test_a_drift_of_the_answers_without_labels(self) -> None:
        health = judge(FLIGHTS.with_columns(pl.col("temp") + 5.0))
        assert drift_of(health, ANSWERS).verdict == "alarm"
        assert (health.action, health.healthy) == ("call a person", False)

    def test_a_drift_that_hardly_moves_the_answers(self) -> None:
        table = FLIGHTS.with_columns(pl.col("load") + 1.0)
        health = judge(table)
        assert drift_of(health, "load").verdict == "alarm"
        assert health.action == "wait for labels"
        assert "'load'" in health.sentence

    def test_a_drift_that_does_no_harm(self) -> None:
        health = judge(labelled(FLIGHTS.with_columns(pl.col("temp") + 5.0)))
        assert drift_of(health, "temp").verdict == "alarm"
        assert (health.action, health.healthy) == ("keep", True)

    def test_what_the_model_does_not_read_is_a_note(self) -> None:
        health = judge(FLIGHTS.with_columns(pl.col("unused") + 50.0))
        assert drift_of(health, "unused").verdict == "note"

    @pytest.mark.parametrize("metric", ["roc_auc", "log_loss", "accuracy"])
    def test_flipped_labels(self, metric: str) -> None:
        table = labelled(FLIGHTS).with_columns(pl.col("late").replace({"yes": "no", "no": "yes"}))
        health = judge(table, metric=metric)
        assert (health.action, health.healthy) == ("retrain", False)
        assert "worse than promised" in health.sentence

    @pytest.mark.parametrize("metric", ["roc_auc", "log_loss"])
    def test_probabilities_that_are_off(self, metric: str) -> None:
        table = draw_flights(6_000, seed=3)
        table = table.with_columns(draw_labels(table, seed=5, rarer=1.5))
        health = judge(table, metric=metric)
        assert (health.action, health.healthy) == ("recalibrate", False)
        assert "came true" in health.sentence

    @pytest.mark.parametrize("rows", [0, 1, 99])
    def test_too_few_labels(self, rows: int) -> None:
        labels = draw_labels(FLIGHTS, seed=1).set(pl.int_range(3_000, eager=True) >= rows, None)
        health = judge(FLIGHTS.with_columns(labels))
        assert (health.labelled, health.realised, health.action) == (rows, None, "keep")
        assert "a score needs 100" in health.sentence

    def test_labels_of_one_class(self) -> None:
        health = judge(FLIGHTS.with_columns(late=pl.lit("no")))
        assert health.realised is None
        assert "undefined" in health.sentence


@pytest.fixture
def deployed(tmp_path: Path) -> tuple[Workspace, Release]:
    workspace = Workspace.create(tmp_path / "flights")
    with workspace.lock():
        draft = draft_folder(workspace, "release")
        digest = write_bundle(make_flights_bundle(), draft)
        stored = store_folder(workspace, draft, "release")
    release = Release(
        target="late",
        task=TASK,
        metric="roc_auc",
        released=True,
        gates=(),
        bundle_path=str(stored),
        bundle_hash=digest,
    )
    return workspace, release


def serve(workspace: Workspace, table: pl.DataFrame, *, version: str) -> None:
    """Log a table as the server does, 300 rows a day."""
    with Ledger.open(workspace.path / "ledger.db") as ledger:
        ledger.append(
            [
                Prediction(
                    id=f"{version[:4]}-{number}",
                    at=microseconds(NOW + timedelta(days=number / 300)),
                    version=version,
                    inputs=msgspec.json.encode(row),
                    output=b'{"answer":"no"}',
                    latency_s=0.001,
                )
                for number, row in enumerate(table.iter_rows(named=True))
            ]
        )


def check_up(workspace: Workspace, release: Release, **choice: Window) -> Health:
    told: list[str] = []
    health = maintain(release, workspace, clock=lambda: NOW, report=told.append, **choice)
    assert told
    return health


class TestMaintain:
    def test_before_any_answer(self, deployed: tuple[Workspace, Release]) -> None:
        workspace, release = deployed
        health = check_up(workspace, release)
        assert (health.rows, health.healthy, health.since, health.until) == (0, True, "", "")
        assert health.made_at == NOW.isoformat()

    def test_the_whole_job(self, deployed: tuple[Workspace, Release]) -> None:
        workspace, release = deployed
        serve(workspace, FLIGHTS, version=release.bundle_hash)
        serve(workspace, FLIGHTS.with_columns(pl.col("temp") + 100), version="another")
        ids = [f"{release.bundle_hash[:4]}-{number}" for number in range(3_000)]
        labels = pl.DataFrame({"id": ids, "late": draw_labels(FLIGHTS, seed=5)})
        with Ledger.open(workspace.path / "ledger.db") as ledger:
            count = join_labels(
                ledger, labels, id_column="id", target="late", task=TASK, at=microseconds(NOW)
            )
        health = check_up(workspace, release)
        assert count.matched == 3_000
        assert (health.action, health.rows, health.labelled) == ("keep", 3_000, 3_000)
        assert health.bundle_hash == release.bundle_hash
        assert health.since == "2026-03-01T00:00:00+00:00"
        assert health.until.startswith("2026-03-10T23:55:12")
        assert health.realised is not None
        assert health.realised.method == "bootstrap over groups"

    def test_rows_of_the_ledger_are_judged_as_rows_of_a_table(
        self, deployed: tuple[Workspace, Release]
    ) -> None:
        workspace, release = deployed
        table = FLIGHTS.head(900)
        serve(workspace, table, version=release.bundle_hash)
        logged, direct = check_up(workspace, release), judge(table)
        assert logged.drift == direct.drift

    def test_rows_of_a_table(self, deployed: tuple[Workspace, Release]) -> None:
        workspace, release = deployed
        table, told = labelled(FLIGHTS.head(900)), list[str]()
        health = maintain_rows(release, table, workspace, clock=lambda: NOW, report=told.append)
        assert health.drift == judge(table).drift
        assert health.bundle_hash == release.bundle_hash
        assert told == ["Judging 900 rows, 900 of them with a label"]

    def test_a_function_is_run_only_when_the_release_names_it(
        self, deployed: tuple[Workspace, Release]
    ) -> None:
        workspace, release = deployed
        own, table = "minimize m.py:miss", labelled(FLIGHTS.head(900))
        text = "def miss(truth, prediction): return abs(truth - prediction).mean()"
        (workspace.path / "m.py").write_text("raise AssertionError('it was run')")
        bundle = make_flights_bundle()
        with workspace.lock():
            draft = draft_folder(workspace, "release")
            facts = msgspec.structs.replace(bundle.facts, metric=own)
            digest = write_bundle(replace(bundle, facts=facts), draft)
            store_folder(workspace, draft, "release")
        forged = msgspec.structs.replace(release, bundle_hash=digest)
        with pytest.raises(BriefError, match="run only where the brief names"):
            maintain_rows(forged, table, workspace, clock=lambda: NOW, report=lambda _: None)
        (workspace.path / "m.py").write_text(text)
        named = msgspec.structs.replace(forged, metric=own)
        health = maintain_rows(named, table, workspace, clock=lambda: NOW, report=lambda _: None)
        assert health.realised is not None
        assert 0 < health.realised.value < 1

    def test_a_window(self, deployed: tuple[Workspace, Release]) -> None:
        workspace, release = deployed
        serve(workspace, FLIGHTS, version=release.bundle_hash)
        last = Window(since=NOW + timedelta(days=8))
        assert check_up(workspace, release, window=last).rows == 600
        first = Window(until=NOW + timedelta(days=1))
        assert check_up(workspace, release, window=first).rows == 300

    def test_the_champion_is_judged(self, deployed: tuple[Workspace, Release]) -> None:
        workspace, release = deployed
        champion = Aliases().assign("champion", "0" * 64, at=NOW)
        champion.write(workspace)
        with pytest.raises(WorkspaceError, match="There is no bundle '000000000000'"):
            check_up(workspace, release)
        named = Window(version=release.bundle_hash[:12])
        assert check_up(workspace, release, window=named).bundle_hash == release.bundle_hash

    def test_the_document_travels_as_json(self) -> None:
        health = judge(labelled(FLIGHTS.head(200)))
        assert msgspec.json.decode(msgspec.json.encode(health), type=Health) == health


def test_a_rule_that_a_handful_of_rows_break_is_no_cause_of_another_relation() -> None:
    carrier = pl.when(pl.int_range(pl.len()) < 80).then(pl.lit("XX")).otherwise("carrier")
    turned = pl.col("late").replace({"yes": "no", "no": "yes"})
    health = judge(labelled(FLIGHTS).with_columns(turned, carrier=carrier))
    assert [each.column for each in health.broken_rules] == ["carrier"]
    assert health.action == "retrain"
    assert [each.kind for each in health.causes][:1] == ["concept drift"]
    assert "broken rule" not in {each.kind for each in health.causes}
