from dataclasses import replace
from datetime import UTC, datetime

import msgspec
import numpy as np
import polars as pl
import pytest

from flights_example import SCHEMA, draw_flights, draw_labels, make_flights_bundle
from modelwright.documents import Health
from modelwright.maintain.log.live_rows import live_rows_of
from modelwright.maintain.look.past import MOST_WINDOWS, restore_window, store_window
from modelwright.maintain.watch.creep import Creep
from modelwright.maintain.watch.watch import Watch
from modelwright.predictor.reference.beyond import Beyond
from modelwright.predictor.reference.reference import Roughness
from modelwright.tasks.metrics import METRICS

NOW = datetime(2026, 3, 1, tzinfo=UTC)
ROWS = 400


def flights(windows: int, *, seed: int, warmer: float = 0.0) -> list[pl.DataFrame]:
    table = draw_flights(windows * ROWS, seed=seed).with_columns(pl.col("temp") + warmer)
    table = table.with_columns(draw_labels(table, seed=seed))
    return [table[start : start + ROWS] for start in range(0, len(table), ROWS)]


def judged(tables: list[pl.DataFrame], watch: Watch | None = None) -> tuple[list[Health], Watch]:
    bundle = make_flights_bundle()
    watch = watch or Watch(bundle, METRICS["roc_auc"])
    healths = []
    for table in tables:
        health, watch = watch.judge(live_rows_of(table, bundle), made_at=NOW)
        healths.append(health)
    return healths, watch


@pytest.fixture(scope="module")
def steady() -> tuple[list[Health], Watch]:
    return judged(flights(12, seed=21))


def test_steady_windows_raise_no_alarm(steady):
    healths, watch = steady
    assert all(health.healthy for health in healths)
    assert len(watch.past) == MOST_WINDOWS


def test_what_is_broken_is_alarmed_once(steady):
    broken = [each.with_columns(temp=pl.lit(21.5)) for each in flights(3, seed=22)]
    healths, watch = judged(broken, steady[1])
    assert [health.healthy for health in healths] == [False, True, True]
    assert healths[0].causes[0].kind == "stuck values"
    assert healths[0].action == "fix input"
    assert "Nothing new; what was alarmed lasts" in healths[1].sentence
    # What is broken is not what the next windows are compared with.
    assert watch.past == steady[1].past


def test_what_was_mended_and_breaks_again_is_alarmed_again(steady):
    first, second = flights(2, seed=23), flights(1, seed=24)
    lost = pl.lit(None, dtype=pl.Float64).alias("temp")
    tables = [first[0].with_columns(lost), first[1], second[0].with_columns(lost)]
    healths, _ = judged(tables, steady[1])
    assert [health.healthy for health in healths] == [False, True, False]


def test_a_change_that_does_no_harm_is_a_note(steady):
    table = flights(1, seed=25)[0]
    milder = table.with_columns(pl.lit(1.0).alias("unused"))
    (health,), _ = judged([milder], steady[1])
    assert health.healthy


def test_a_column_that_training_knew_as_rough_must_change_by_more(steady):
    _, watch = steady
    rows = live_rows_of(flights(1, seed=25, warmer=12.0)[0], watch.bundle)
    rough = msgspec.structs.replace(
        watch.bundle.reference, roughness=Roughness(columns={"temp": 1000.0})
    )
    calm, tolerant = watch, replace(watch, bundle=replace(watch.bundle, reference=rough))
    told, _ = calm.see(rows)
    assert "temp" in {name for each in (*told.news, *told.notes) for name in each.columns}
    told, _ = tolerant.see(rows)
    assert "covariate drift" not in {each.kind for each in (*told.news, *told.notes)}


def test_a_column_that_goes_on_beyond_training_as_it_did_within_is_a_note(steady):
    _, watch = steady
    (table,) = flights(1, seed=25)
    fresh = pl.when(pl.int_range(pl.len()) % 3 == 0).then(pl.lit("ZZ")).otherwise("carrier")
    rows = live_rows_of(table.with_columns(carrier=fresh), watch.bundle)
    told, _ = watch.see(rows)
    assert told.news[0].kind == "new categories"
    knowing = msgspec.structs.replace(
        watch.bundle.reference, roughness=Roughness(further={"carrier": Beyond(levels=0.5)})
    )
    told, _ = replace(watch, bundle=replace(watch.bundle, reference=knowing)).see(rows)
    assert {"new categories", "broken rule"} <= {each.kind for each in told.notes}
    assert not {"new categories", "broken rule"} & {each.kind for each in told.news}
    # Another name for what was always there is no such thing.
    renamed = table.with_columns(carrier=pl.col("carrier").replace({"UA": "United"}))
    told, _ = replace(watch, bundle=replace(watch.bundle, reference=knowing)).see(
        live_rows_of(renamed, watch.bundle)
    )
    assert "renamed categories" in {each.kind for each in told.news}


def test_another_world_is_alarmed_once_and_then_the_past(steady):
    warm = flights(3, seed=26)
    turned = [
        each.with_columns(late=pl.col("late").replace({"yes": "no", "no": "yes"})) for each in warm
    ]
    healths, _ = judged(turned, steady[1])
    assert [health.healthy for health in healths] == [False, True, True]
    assert healths[0].causes[0].kind == "concept drift"


def test_a_loss_that_crept_up_is_alarmed_once_and_measured_anew(steady):
    watch = steady[1]
    last = float(np.log(np.nanmean(watch.past[-1].losses)))
    calm = np.resize([0.0, 0.01, -0.01], 12) - 0.5
    levels = (*(last + calm), *(last + np.linspace(-0.48, 0.0, 24)))
    crept = Creep(levels=levels, since=("then",) * 36, total=1200 * np.exp(last), labels=1200)
    crept = msgspec.structs.replace(crept, windows=3, begun="then")
    (first, second), after = judged(flights(2, seed=29), replace(watch, creep=crept))
    assert "by little in each window" in first.sentence
    assert first.causes[0].kind == "concept drift"
    assert second.healthy
    assert (after.creep.levels, after.creep.windows, len(after.anchors)) == ((), 1, 2)


def test_labels_are_late_only_among_windows_as_old(steady):
    table = flights(1, seed=28)[0].with_columns(late=pl.lit(None, dtype=pl.String))
    (health,), _ = judged([table], steady[1])
    assert health.causes[0].kind == "late labels"
    (health,), _ = judged([table], replace(steady[1], ages_alike=False))
    assert health.healthy


def test_few_rows_are_not_remembered(steady):
    (_,), watch = judged([flights(1, seed=27)[0][:50]], steady[1])
    assert watch == steady[1]


def test_a_window_of_the_past_travels_as_data(steady):
    window = steady[1].past[-1]
    again = restore_window(store_window(window), SCHEMA)
    assert store_window(again) == store_window(window)
    older = msgspec.structs.replace(store_window(window), truth=None)
    assert np.isnan(restore_window(older, SCHEMA).truth).all()
