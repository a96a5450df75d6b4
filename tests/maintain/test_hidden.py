from dataclasses import replace

import numpy as np
import polars as pl

from flights_example import draw_flights, draw_labels, make_flights_bundle
from modelwright.maintain.hidden import Hidden, find_hidden, growth_without
from modelwright.testing import look_at_last

ROWS = 400


def flights(seed: int) -> pl.DataFrame:
    table = draw_flights(4 * ROWS, seed=seed)
    return table.with_columns(draw_labels(table, seed=seed))


def hidden(table: pl.DataFrame, least: float) -> Hidden | None:
    return find_hidden(look_at_last(make_flights_bundle(), table), least)


def test_where_nothing_changes_every_column_helps():
    assert not any(hidden(flights(seed), 0.0) for seed in range(4))


def test_a_column_of_other_rows_misleads_and_what_is_lost_is_told():
    table = flights(5)
    order = np.arange(len(table))
    order[3 * ROWS :] = np.roll(order[3 * ROWS :], 131)
    found = hidden(table.with_columns(temp=table["temp"].gather(order)), 5.0)
    assert found is not None
    assert found.column == "temp"
    assert found.growth > 0.05


def test_without_labels_nobody_knows():
    assert hidden(flights(5).drop("late"), 0.0) is None


def test_where_the_answers_are_of_another_program_nothing_is_hidden():
    look = look_at_last(make_flights_bundle(), flights(5))
    given = replace(look.sketch.past[-1], answers=look.sketch.past[-1].answers[:, ::-1])
    other = replace(look, sketch=replace(look.sketch, past=(given, given)))
    assert growth_without(look, ("temp",)) is not None
    assert growth_without(other, ("temp",)) is None
