from dataclasses import replace

import numpy as np
import polars as pl
import pytest

from flights_example import draw_flights, draw_labels, make_flights_bundle
from modelwright.maintain.gameday.harm import measure_harm
from modelwright.maintain.log.live_rows import LiveRows, live_rows_of

BUNDLE = make_flights_bundle()
TABLE = draw_flights(1_500, seed=8)
TRUTH = draw_labels(TABLE, seed=8)


def rows(table: pl.DataFrame) -> LiveRows:
    return live_rows_of(table.with_columns(TRUTH), BUNDLE)


def unlabelled(given: LiveRows) -> LiveRows:
    return replace(given, truth=np.full_like(given.truth, -1))


@pytest.mark.parametrize("change", [lambda given: given, unlabelled])
def test_a_lost_column_does_harm(change):
    lost = rows(TABLE.with_columns(temp=pl.lit(None, dtype=pl.Float64)))
    harm = measure_harm(change(rows(TABLE)), change(lost), paired=True)
    assert harm.is_certain
    assert harm.low < harm.growth < harm.high


@pytest.mark.parametrize("change", [lambda given: given, unlabelled])
def test_a_column_that_is_not_read_does_none(change):
    other = rows(TABLE.with_columns(pl.col("unused") * 1000))
    harm = measure_harm(change(rows(TABLE)), change(other), paired=True)
    assert not harm.is_certain
    assert harm.growth == 0


def test_other_rows_of_the_same_kind_do_none():
    one, other = rows(TABLE), rows(TABLE)
    halves = [
        replace(given, answers=given.answers[part], truth=given.truth[part])
        for given, part in ((one, slice(0, 750)), (other, slice(750, None)))
    ]
    assert not measure_harm(*halves, paired=False).is_certain


def test_few_rows_show_nothing():
    few = [
        replace(given, answers=given.answers[:20], truth=given.truth[:20])
        for given in (rows(TABLE), rows(TABLE))
    ]
    assert not measure_harm(*few, paired=True).is_certain
