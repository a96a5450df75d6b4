import numpy as np
import polars as pl
import pytest

from flights_example import draw_flights, draw_labels, make_flights_bundle
from modelwright.maintain.directions import log_turn
from modelwright.testing import look_at_last

ROWS = 400


def flights(seed: int) -> pl.DataFrame:
    table = draw_flights(4 * ROWS, seed=seed)
    return table.with_columns(draw_labels(table, seed=seed))


def turn_of(table: pl.DataFrame, *, last: pl.DataFrame | None = None) -> float:
    last = table[3 * ROWS :] if last is None else last
    return log_turn(look_at_last(make_flights_bundle(), pl.concat([table[: 3 * ROWS], last])))


def test_it_is_an_e_value_where_nothing_changes():
    found = np.exp([turn_of(flights(seed)) for seed in range(6)])
    assert found.mean() <= 1.0


def test_another_mix_of_rows_moves_nothing():
    table = flights(7)
    pool = draw_flights(40 * ROWS, seed=8)
    warm = pool.with_columns(draw_labels(pool, seed=8)).sort("temp").tail(ROWS)
    assert turn_of(table, last=warm) < 2.0


@pytest.mark.parametrize("where", [pl.col("temp") > 15, pl.col("carrier") == "AA"])
def test_the_opposite_comes_true_in_a_part(where):
    table = flights(9)
    other = pl.col("late").replace({"yes": "no", "no": "yes"})
    turned = pl.when(where).then(other).otherwise(pl.col("late")).alias("late")
    assert turn_of(table, last=table[3 * ROWS :].with_columns(turned)) > 10.0


def test_without_labels_nothing_is_bet():
    unknown = flights(10).with_columns(late=pl.lit(None, dtype=pl.String))
    assert turn_of(unknown) == 0.0
