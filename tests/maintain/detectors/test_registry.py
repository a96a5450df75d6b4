import functools
from collections.abc import Callable

import numpy as np
import polars as pl
import pytest

from flights_example import draw_flights, draw_labels, make_flights_bundle
from modelwright.maintain.detectors.registry import DETECTORS, known_detectors
from modelwright.maintain.look.look import Look
from modelwright.testing import check_detector, look_at_last

ROWS = 400


@functools.cache
def flights() -> pl.DataFrame:
    table = draw_flights(4 * ROWS, seed=5)
    return table.with_columns(draw_labels(table, seed=5))


def look(change: pl.Expr | None = None, *, labels: pl.Series | None = None) -> Look:
    """Look at the last of four windows, changed."""
    table = flights()
    before, last = table[: 3 * ROWS], table[3 * ROWS :]
    if change is not None:
        last = last.with_columns(change)
    if labels is not None:
        last = last.with_columns(labels)
    return look_at_last(make_flights_bundle(), pl.concat([before, last]))


@pytest.fixture(scope="module")
def steady() -> Look:
    return look()


def swapped() -> Look:
    table = flights()
    last = table[3 * ROWS :].with_columns(temp=pl.col("load"), load=pl.col("temp"))
    return look_at_last(make_flights_bundle(), pl.concat([table[: 3 * ROWS], last]))


def turned() -> pl.Series:
    late = flights()[3 * ROWS :]["late"]
    return pl.Series("late", np.where(late == "yes", "no", "yes"))


def mixed_up() -> Look:
    return look_at_tied(scrambled)


def look_at_tied(change: Callable[[pl.DataFrame], pl.DataFrame]) -> Look:
    """Look at the last of six windows in which cold flights carry more, with another carrier."""
    table = draw_flights(6 * ROWS, seed=6)
    cold = pl.col("temp") < 15.0
    table = table.with_columns(
        load=pl.when(cold).then(pl.col("load") + 5.0).otherwise("load"),
        carrier=pl.when(cold)
        .then(pl.lit("AA"))
        .otherwise(pl.when(pl.col("temp") > 21.0).then(pl.lit("UA")).otherwise(pl.lit("DL"))),
    )
    before, last = table[: 5 * ROWS], table[5 * ROWS :]
    return look_at_last(make_flights_bundle(), pl.concat([before, change(last)]), windows=6)


def scrambled(table: pl.DataFrame) -> pl.DataFrame:
    return table.with_columns(pl.col("temp").shuffle(seed=1))


CHANGES = {
    "mixed-up rows": mixed_up,
    "swapped columns": swapped,
    "unit change": lambda: look(pl.col("temp") * 1.8 + 32),
    "stuck values": lambda: look(pl.lit(21.5).alias("temp")),
    "missing values": lambda: look(pl.lit(None, dtype=pl.Float64).alias("temp")),
    "new levels": lambda: look(pl.col("carrier").str.to_lowercase()),
    "repeated rows": lambda: look_at_last(
        make_flights_bundle(),
        pl.concat([flights()[: 3 * ROWS], flights()[3 * ROWS :][np.arange(ROWS) // 2]]),
    ),
    "late labels": lambda: look(labels=pl.Series("late", [None] * ROWS, dtype=pl.String)),
    "broken rules": lambda: look(
        pl.when(pl.int_range(pl.len()) % 3 == 0)
        .then(pl.lit("XX"))
        .otherwise("carrier")
        .alias("carrier")
    ),
    "misleading columns": lambda: look(labels=turned()),
    "another relation": lambda: look(labels=turned()),
    "another mix": lambda: look(pl.col("temp") + 12.0),
}


@pytest.mark.parametrize("name", CHANGES)
def test_every_detector_keeps_the_contract(name, steady):
    check_detector(DETECTORS[name], steady, CHANGES[name]())


def test_every_detector_is_tested():
    # The example has no column of moments: what reads one has a test of its own.
    assert set(DETECTORS) - set(CHANGES) == {"shifted clock", "stale rows"}
    assert set(DETECTORS) <= set(known_detectors())


def test_the_contract_sees_a_detector_that_finds_nothing(steady):
    with pytest.raises(AssertionError, match="where something changed"):
        check_detector(lambda look, least: (), steady, steady)


def test_values_of_other_rows_are_told_and_no_column_alone_shows_it():
    changed = look_at_tied(scrambled)
    (found,) = DETECTORS["mixed-up rows"](changed, 10.0)
    assert (found.kind, found.is_broken) == ("mixed-up rows", True)
    # Of two columns that only tell each other nobody knows which one is of other rows.
    assert set(found.columns) == {"carrier", "temp"}
    assert max(changed.surprise("values", name) for name in ("temp", "load", "carrier")) < 5.0
    assert not list(DETECTORS["mixed-up rows"](look_at_tied(lambda table: table), 10.0))


def test_another_mix_of_rows_that_belong_together_is_not_mixed_up():
    warm = pl.col("temp").rank() > pl.len() / 2
    changed = look_at_tied(lambda table: pl.concat([table.filter(warm), table.filter(warm)]))
    assert changed.surprise("values", "temp") > 10.0
    assert not list(DETECTORS["mixed-up rows"](changed, 10.0))


def test_other_values_that_do_not_belong_have_another_meaning():
    changed = look_at_tied(lambda table: table.with_columns(temp=30.0 - pl.col("temp") / 2))
    (found,) = DETECTORS["mixed-up rows"](changed, 10.0)
    assert (found.kind, found.columns) == ("unit change", ("temp",))
    assert "something else" in found.sentence


def test_levels_that_changed_places_have_another_meaning():
    codes = {"AA": "DL", "DL": "UA", "UA": "AA"}
    changed = look_at_tied(lambda table: table.with_columns(pl.col("carrier").replace(codes)))
    (found,) = DETECTORS["mixed-up rows"](changed, 10.0)
    assert (found.kind, found.columns) == ("renamed categories", ("carrier",))


def test_a_part_of_a_column_tells_less_and_is_no_other_meaning():
    narrow = pl.col("temp").is_between(16.0, 20.0)
    changed = look_at_tied(lambda table: pl.concat([table.filter(narrow)] * 4))
    assert changed.surprise("values", "temp") > 10.0
    assert not list(DETECTORS["mixed-up rows"](changed, 10.0))


def test_a_renamed_level_is_told_with_both_names(steady):
    changed = look(pl.col("carrier").replace("AA", "American"))
    (found,) = DETECTORS["new levels"](changed, 10.0)
    assert (found.kind, found.columns) == ("renamed categories", ("carrier",))
    assert "'American'" in found.sentence
    assert "'AA' is gone" in found.sentence


@pytest.mark.parametrize(("back", "said"), [(200, "an earlier one"), (ROWS, "the window before")])
def test_a_batch_that_is_sent_again_is_told(back, said):
    sent = np.arange(4 * ROWS)
    sent[-200:] -= back
    changed = look_at_last(make_flights_bundle(), flights()[sent])
    (found,) = DETECTORS["repeated rows"](changed, 10.0)
    assert said in found.sentence
