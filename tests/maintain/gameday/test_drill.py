from datetime import UTC, datetime

import msgspec
import polars as pl
import pytest

from flights_example import draw_flights, draw_labels, make_flights_bundle
from modelwright.documents.gameday import Gameday, Outcome
from modelwright.maintain.gameday.drill import Drill, run_drill
from modelwright.maintain.gameday.faults.registry import faults_named
from modelwright.maintain.gameday.traffic import Span, Traffic
from modelwright.maintain.log.live_rows import live_rows_of
from modelwright.maintain.watch.watch import Watch
from modelwright.tasks.metrics import METRICS

NOW = datetime(2026, 3, 1, tzinfo=UTC)


def drilled(
    *names: str,
    labels: bool = True,
    starts: int = 1,
    lasts: int = 2,
    mends: bool = False,
    change: pl.Expr | None = None,
    window_rows: int = 300,
) -> Gameday:
    bundle, table = make_flights_bundle(), draw_flights(8 * window_rows, seed=12)
    if change is not None:
        table = table.with_columns(change)
    if labels:
        table = table.with_columns(draw_labels(table, seed=12))
    return run_drill(
        Watch(bundle, METRICS["roc_auc"]),
        Traffic.of(Span.of(live_rows_of(table, bundle), bundle), window_rows=window_rows),
        Drill(faults=faults_named(names), starts=starts, lasts=lasts, mends=mends),
        source="flights",
        clock=lambda: NOW,
        report=lambda _: None,
    )


@pytest.fixture(scope="module")
def gameday() -> Gameday:
    return drilled("unit change", "missing values", "concept drift", "harmless season")


def of(gameday: Gameday, fault: str, *columns: str) -> Outcome:
    return next(
        each for each in gameday.outcomes if each.fault == fault and each.columns == columns
    )


def test_a_harmful_fault_is_found_at_once_with_its_cause(gameday):
    lost = of(gameday, "missing values", "temp")
    assert (lost.harm, lost.found, lost.late, lost.is_right) == ("harmful", True, 0, True)
    assert lost.causes[0].columns == ("temp",)
    assert "missing" in lost.sentence


def test_the_opposite_coming_true_is_a_concept_drift(gameday):
    turned = of(gameday, "concept drift")
    assert (turned.harm, turned.found, turned.is_right) == ("harmful", True, True)
    assert turned.growth > 0.5


def test_untouched_windows_of_steady_rows_raise_no_alarm(gameday):
    assert (gameday.windows, gameday.window_rows, gameday.false_alarms) == (8, 300, ())


def test_a_harmless_season_is_no_alarm(gameday):
    season = next(each for each in gameday.outcomes if each.fault == "harmless season")
    assert season.harm == "harmless"
    assert not season.found


def test_faults_begin_at_several_places():
    gameday = drilled("missing values", labels=False, starts=2)
    assert {each.window for each in gameday.outcomes} == {2, 4}
    assert gameday.passed


def test_what_was_found_is_mended_and_told():
    gameday = drilled("unit change", lasts=3, mends=True)
    first = next(each for each in gameday.outcomes if each.remedy)
    assert (first.found, first.remedy) == (True, "fix units")
    assert first.mended == pytest.approx(1.0, abs=0.2)


def test_codes_that_mean_something_else_are_found():
    gameday = drilled("retrained encoder", window_rows=500)
    turned = of(gameday, "retrained encoder", "carrier")
    assert (turned.harm, turned.found, turned.late) == ("harmful", True, 0)


def test_it_travels_as_json(gameday):
    assert msgspec.json.decode(msgspec.json.encode(gameday), type=Gameday) == gameday


def test_a_fault_beside_another_alarm_is_found():
    lost = pl.when(pl.int_range(pl.len()) < 900).then(pl.col("load"))
    gameday = drilled("missing values", change=lost)
    assert len(gameday.false_alarms) == 1
    found = of(gameday, "missing values", "temp")
    assert (found.late, found.is_right, [each.columns for each in found.causes]) == (
        0,
        True,
        [("temp",)],
    )
