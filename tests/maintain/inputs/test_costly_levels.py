import polars as pl
import pytest

from flights_example import draw_flights, make_flights_bundle
from modelwright.maintain.inputs.costly_levels import find_costly_levels
from modelwright.maintain.log.live_rows import LiveRows, live_rows_of
from modelwright.maintain.score.performance import Performance
from modelwright.tasks.interval import Interval

FLIGHTS, BUNDLE = draw_flights(600, seed=3), make_flights_bundle()
SCORE = Interval(value=0.8, low=0.7, high=0.9, method="bootstrap")


@pytest.mark.parametrize(("every", "explained"), [(12, True), (300, False)])
def test_few_rows_of_levels_that_nobody_knew_explain_what_is_lost(
    every: int, explained: bool
) -> None:
    strange = pl.int_range(pl.len()) % every == 0
    carrier = pl.when(strange).then(pl.lit("ZZ")).otherwise("carrier")
    rows = live_rows_of(FLIGHTS.with_columns(carrier=carrier), BUNDLE)

    def measured(some: LiveRows) -> Performance:
        is_worse = "ZZ" in some.columns["carrier"].tolist()
        return Performance(realised=SCORE, expected=SCORE, is_worse=is_worse, sentence="")

    found = find_costly_levels(BUNDLE, rows, measured)
    assert (found is not None) is explained
    if found is not None:
        assert (found.kind, found.columns) == ("new categories", ("carrier",))
        assert "such as 'ZZ', in 8 % of rows" in found.sentence


def test_what_is_worse_without_them_too_has_another_cause() -> None:
    strange = pl.int_range(pl.len()) % 12 == 0
    table = FLIGHTS.with_columns(
        pl.when(strange).then(pl.lit("ZZ")).otherwise("carrier").alias("carrier")
    )
    worse = Performance(realised=SCORE, expected=SCORE, is_worse=True, sentence="")
    assert find_costly_levels(BUNDLE, live_rows_of(table, BUNDLE), lambda _: worse) is None
