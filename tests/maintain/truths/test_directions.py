from dataclasses import replace

import numpy as np
import polars as pl
import pytest

from flights_example import draw_flights, draw_labels, make_flights_bundle
from modelwright.maintain.look.look import Look
from modelwright.maintain.look.misses import Misses
from modelwright.maintain.look.past import PastWindow
from modelwright.maintain.look.sketch import Sketch
from modelwright.maintain.truths.directions import log_turn
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


def test_it_is_one_of_answers_that_are_much_too_sure():
    found = []
    for seed in range(4):
        look = look_at_last(make_flights_bundle(), flights(seed))
        found.append(log_turn(too_sure(look)))
    assert np.exp(found).mean() <= 1.0


def too_sure(look: Look) -> Look:
    """Return a look at the same rows with answers of eight times the log-odds."""

    def sharpened(answers: np.ndarray) -> np.ndarray:
        positive = 1 / (1 + (answers[:, 0] / answers[:, 1]) ** 8)
        return np.column_stack([1 - positive, positive])

    def with_them(window: PastWindow) -> PastWindow:
        answers = sharpened(window.answers)
        moved = window.residuals + window.answers[:, 1] - answers[:, 1]
        return replace(window, answers=answers, residuals=moved)

    rows = replace(look.rows, answers=sharpened(look.rows.answers))
    past = tuple(map(with_them, look.sketch.past))
    return replace(look, sketch=Sketch(look.bundle, past), rows=rows, misses=Misses.of(rows))


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
