"""Since when a column is another, in columns and losses that swing by themselves."""

import numpy as np
import polars as pl
import pytest

from flights_example import draw_flights, draw_labels, make_flights_bundle
from modelwright.maintain.log.live_rows import live_rows_of
from modelwright.maintain.remedies.base import Situation
from modelwright.maintain.remedies.breaks import find_break
from modelwright.maintain.remedies.losses import Judge
from modelwright.maintain.remedies.onset import find_onset

BUNDLE = make_flights_bundle()
ROWS, BROKEN = 3_000, 2_000
IS_BROKEN = pl.int_range(pl.len()) >= BROKEN
SWINGS = 0.8 * (pl.int_range(pl.len()) // 400 % 2)
"""It is warm for 400 rows and cold for 400."""


def world(**broken: pl.Expr) -> Situation:
    """Return flights of changing weather, half of which nothing foretells from 1,200 on."""
    table = draw_flights(ROWS, seed=5).with_columns(temp=pl.col("temp") + 10 * SWINGS)
    labels = draw_labels(table, seed=5).to_numpy().copy()
    labels[1_200::2] = np.random.default_rng(5).choice(["yes", "no"], len(labels[1_200::2]))
    changed = {
        name: pl.when(IS_BROKEN).then(each).otherwise(pl.col(name)) for name, each in broken.items()
    }
    table = table.with_columns(**changed).with_columns(pl.Series("late", labels))
    return Situation(bundle=BUNDLE, rows=live_rows_of(table, BUNDLE), judge=Judge.of(BUNDLE))


@pytest.mark.parametrize(
    "broken",
    [
        {"temp": pl.col("temp") * 1.8 + 32},
        {"load": pl.lit(0.61)},
        {"carrier": pl.lit(None, dtype=pl.String)},
        {"temp": pl.col("load"), "load": pl.col("temp")},
    ],
)
def test_a_break_is_found_where_losses_rose_before(broken):
    situation = world(**broken)
    assert find_break(situation) == (BROKEN, tuple(broken))
    assert find_onset(situation) == find_break(situation)


def test_weather_that_swings_is_no_break():
    assert find_break(world()) == (0, ())


def test_few_rows_say_nothing():
    situation = world()
    few = situation.rows.part(0, 200)
    assert find_break(Situation(bundle=BUNDLE, rows=few, judge=Judge.of(BUNDLE))) == (0, ())
