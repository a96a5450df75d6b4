from bench.drift.__main__ import _row
from bench.drift.measured import drill, watch_year
from bench.drift.worlds import World
from flights_example import draw_flights, draw_labels, make_flights_bundle

TABLE = draw_flights(1_600, seed=41)
WORLD = World("flights", make_flights_bundle(), TABLE.with_columns(draw_labels(TABLE, seed=41)))


def test_a_year_of_steady_rows_raises_no_alarm():
    year = watch_year(WORLD, rows=120 * 60, checks=60)
    assert (year.checks, year.rows, year.alarms) == (60, 7_200, 0)


def test_a_row_of_the_table_counts_what_was_found():
    gameday = drill(WORLD, starts=1, window_rows=200)
    harmful = len(gameday.harmful)
    assert harmful > 3
    assert _row("flights", [gameday]).startswith(f"| flights | {harmful} | ")
    assert _row("all", [gameday, gameday]).startswith(f"| all | {2 * harmful} | ")
