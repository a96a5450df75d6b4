"""A broken world, and whether what is proposed mends it."""

from dataclasses import replace
from datetime import UTC, datetime
from itertools import count

import msgspec
import numpy as np
import polars as pl
import pytest

from flights_example import draw_flights, draw_labels, make_flights_bundle
from modelwright.compute.budget import Budget
from modelwright.engineer.care.proposals import gate_of
from modelwright.maintain.health import judge_rows
from modelwright.maintain.log.live_rows import live_rows_of
from modelwright.maintain.remedies.base import Situation
from modelwright.maintain.remedies.losses import Judge
from modelwright.maintain.remedies.mended import Workbench, mend_bundle
from modelwright.maintain.remedies.proposals import propose, situation_of
from modelwright.maintain.remedies.registry import remedies_named
from modelwright.predictor.bundle_folder import read_bundle, write_bundle
from modelwright.predictor.mending import convert_column
from modelwright.tasks.metrics import METRICS

NOW = datetime(2026, 3, 1, tzinfo=UTC)
BUNDLE = make_flights_bundle()
ROWS = 1_500


def world(*changes: pl.Expr, rarer: float = 0.0) -> pl.DataFrame:
    """Return sound flights, and then some with a change."""
    sound, later = draw_flights(ROWS, seed=3), draw_flights(ROWS, seed=8)
    sound = sound.with_columns(draw_labels(sound, seed=3))
    later = later.with_columns(draw_labels(later, seed=4, rarer=rarer)).with_columns(*changes)
    return pl.concat([sound, later])


def proposed(table: pl.DataFrame, *names: str):
    rows = live_rows_of(table, BUNDLE)
    situation = situation_of(Situation(bundle=BUNDLE, rows=rows, judge=Judge.of(BUNDLE)), rows)
    found = propose(
        situation, remedies_named(names), metric=METRICS["roc_auc"], report=lambda _: None
    )
    return situation, found


BROKEN = {
    "fix units": world(pl.col("temp") * 1.8 + 32),
    "swap back": world(pl.col("temp").alias("load"), pl.col("load").alias("temp")),
    "map levels": world(pl.col("carrier").replace({"AA": "American"})),
    "recalibrate": world(rarer=1.5),
}


@pytest.mark.parametrize("name", BROKEN)
def test_what_is_broken_is_mended_by_what_undoes_it(name):
    situation, (first, *_) = proposed(BROKEN[name])
    assert abs(situation.onset - ROWS) <= 100
    assert first.proposal.remedy == name
    assert first.proposal.helps
    assert first.proposal.saves.low > 0.005
    assert first.proposal.worst > -0.2
    assert first.proposal.windows >= 3
    # Where something is wrong, four to one is certain enough.
    assert first.proposal.led.level == pytest.approx(0.6)


@pytest.mark.parametrize("name", ["fix units", "swap back", "map levels"])
def test_what_undoes_a_break_needs_little_proof(name):
    """Of 300 rows no remedy could prove much: the inputs have spoken."""
    situation, (first, *_) = proposed(BROKEN[name].head(ROWS + 300))
    assert situation.broken == first.proposal.columns
    assert (first.proposal.remedy, first.proposal.undoes) == (name, True)
    assert "undoes what broke" in gate_of(first.proposal, anyway=False).evidence
    against = msgspec.structs.replace(first.proposal.saves, value=-0.01, low=-0.1)
    assert not msgspec.structs.replace(first.proposal, saves=against, led=None).helps


@pytest.mark.parametrize("name", ["fix units", "swap back", "map levels"])
def test_what_is_mended_answers_as_it_would_have(name):
    _, (first, *_) = proposed(BROKEN[name], name)
    sound = live_rows_of(world().tail(ROWS), BUNDLE)
    broken = live_rows_of(BROKEN[name].tail(ROWS), BUNDLE)
    again = first.treatment.program.run(broken.columns)
    assert np.abs(again - sound.answers).max() < 1e-9


def test_what_was_tested_when_the_time_was_over_is_proposed():
    ticks, said = count(), list[str]()
    rows = live_rows_of(BROKEN["fix units"], BUNDLE)
    found = propose(
        situation_of(Situation(bundle=BUNDLE, rows=rows, judge=Judge.of(BUNDLE)), rows),
        remedies_named(["fix units", "recalibrate"]),
        metric=METRICS["roc_auc"],
        report=said.append,
        budget=Budget.start(8, clock=lambda: float(next(ticks))),
    )
    assert [each.proposal.remedy for each in found] == ["fix units", "call a person"]
    assert said[-1] == "The time is over; not tested: recalibrate"


def test_where_nothing_is_wrong_a_person_is_called_first():
    situation, (first, *others) = proposed(world())
    assert situation.onset == 0
    assert first.proposal.remedy == "call a person"
    assert not any(each.proposal.helps for each in others)
    assert {each.proposal.led.level for each in others if each.proposal.led} <= {0.9}


def test_when_a_break_is_mended_at_its_source_the_way_is_back():
    mended = convert_column(BUNDLE.program, "temp", factor=1.8, offset=32.0)
    bundle = replace(BUNDLE, program=mended, hash="mended")
    rows = live_rows_of(pl.concat([BROKEN["fix units"].tail(ROWS), world().head(ROWS)]), bundle)
    standing = Situation(bundle=bundle, rows=rows, judge=Judge.of(bundle), earlier=(BUNDLE,))
    found = propose(
        situation_of(standing, rows),
        remedies_named(["fix units", "roll back"]),
        metric=METRICS["roc_auc"],
        report=lambda _: None,
    )
    # To convert once more spares as much, and would be something new.
    first, second = (each.proposal for each in found[:2])
    assert (first.remedy, second.remedy) == ("roll back", "fix units")
    assert second.saves.value == pytest.approx(first.saves.value, rel=0.01)


def test_a_threshold_moves_when_the_positive_class_gets_rarer():
    _, found = proposed(BROKEN["recalibrate"], "move threshold")
    moved = next(each for each in found if each.treatment)
    assert moved.treatment.program.threshold > 0.6
    assert moved.proposal.gain is None
    assert moved.proposal.saves.value > 0.1


def test_few_labels_give_no_figure():
    _, found = proposed(world(pl.col("temp") * 1.8 + 32).tail(110), "fix units")
    fix = next(each.proposal for each in found if each.treatment)
    assert (fix.saves, fix.helps, fix.windows) == (None, False, 0)


def test_a_mended_bundle_is_written_read_and_at_peace(tmp_path):
    situation, (first, *_) = proposed(BROKEN["fix units"], "fix units")
    bench = Workbench(metric=METRICS["roc_auc"], cover=lambda *_: None, made_at=NOW)
    mended = mend_bundle(situation, "fix units", first.treatment, first.replayed, bench)
    write_bundle(mended, tmp_path / "mended")
    bundle = read_bundle(tmp_path / "mended")
    assert "Read ('temp' - 32) / 1.8." in bundle.card_text
    assert bundle.facts.holdout_score.value > 0.7
    later = draw_flights(2_000, seed=21)
    later = later.with_columns(draw_labels(later, seed=21)).with_columns(pl.col("temp") * 1.8 + 32)
    health = judge_rows(bundle, live_rows_of(later, bundle), made_at=NOW)
    assert health.healthy, health.sentence
