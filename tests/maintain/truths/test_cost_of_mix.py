from dataclasses import replace

import numpy as np
import polars as pl
import pytest

from flights_example import draw_flights, draw_labels, make_flights_bundle
from modelwright.maintain.look.look import Look
from modelwright.maintain.truths.cost_of_mix import cost_of_mix
from modelwright.testing import look_at_last

ROWS = 400


@pytest.fixture(scope="module")
def doubtful() -> Look:
    """Look at a window of flights whose degrees are mostly those of which answers are unsure."""
    table = draw_flights(4 * ROWS, seed=5)
    table = table.with_columns(draw_labels(table, seed=5))
    unsure = pl.col("temp").is_between(12.0, 18.0)
    pool = draw_flights(20 * ROWS, seed=6)
    pool = pool.with_columns(draw_labels(pool, seed=6)).filter(unsure)[: ROWS * 3 // 4]
    last = pl.concat([pool, table[3 * ROWS :][: ROWS - len(pool)]])
    return look_at_last(make_flights_bundle(), pl.concat([table[: 3 * ROWS], last]))


def times(look: Look, factor: float) -> Look:
    """Return the look at a window that is as much harder for another reason."""
    return replace(look, misses=replace(look.misses, losses=look.losses * factor))


def dearer(look: Look) -> Look:
    """Return the look where rows of these degrees lose twice as much, now and before."""

    def lost(degrees: np.ndarray, losses: np.ndarray) -> np.ndarray:
        return losses * np.where((degrees > 12.0) & (degrees < 18.0), 2.0, 1.0)

    past = tuple(
        replace(each, losses=lost(each.columns["temp"], each.losses)) for each in look.sketch.past
    )
    now = replace(look.misses, losses=lost(look.values["temp"], look.losses))
    return replace(look, misses=now, sketch=replace(look.sketch, past=past))


def test_what_other_rows_cost_is_told(doubtful):
    cost = cost_of_mix(dearer(doubtful), "temp")
    assert cost is not None
    assert cost.growth > cost.doubt


def test_a_cost_that_is_hardly_a_twentieth_may_not_matter(doubtful):
    cost = cost_of_mix(doubtful, "temp")
    assert cost is not None
    assert 0.05 < cost.growth < cost.doubt


def test_a_window_that_is_easier_or_harder_anyway_changes_it_little(doubtful):
    looks = (times(doubtful, by) for by in (0.7, 1.0, 1.4))
    easier, usual, harder = (cost_of_mix(look, "temp").growth for look in looks)
    assert easier > 0.05
    assert harder - usual < 0.2


def test_a_window_of_next_to_no_loss_is_told_by_numbers(doubtful):
    cost = cost_of_mix(times(doubtful, 1e-25), "temp")
    assert -1 <= cost.growth < np.inf
    assert 0 <= cost.doubt < np.inf


def test_a_column_that_is_as_before_costs_nothing(doubtful):
    cost = cost_of_mix(times(doubtful, 1.4), "carrier")
    assert cost is not None
    assert cost.growth < cost.doubt


def test_without_labels_the_answers_tell_it(doubtful):
    past = tuple(each.of_another_world for each in doubtful.sketch.past)
    unknown = replace(doubtful.sketch, past=past)
    cost = cost_of_mix(replace(doubtful, sketch=unknown), "temp")
    assert cost is not None
    assert cost.growth > 0.05


def test_where_nothing_was_lost_no_part_costs_anything(doubtful):
    sketch = doubtful.sketch
    past = tuple(replace(each, losses=each.losses * 0.0) for each in sketch.past)
    never = replace(times(doubtful, 0.0), sketch=replace(sketch, past=past))
    cost = cost_of_mix(never, "temp")
    assert (cost.growth, np.isfinite(cost.doubt)) == (0.0, True)
