import numpy as np
import polars as pl
import pytest

from flights_example import draw_flights, draw_labels, make_flights_bundle
from modelwright.maintain.inputs.blameless import rules_to_blame
from modelwright.maintain.inputs.rules import find_broken_rules
from modelwright.maintain.log.live_rows import LiveRows, live_rows_of
from modelwright.maintain.score.performance import Performance
from modelwright.tasks.interval import Interval

FLIGHTS, BUNDLE = draw_flights(600, seed=3), make_flights_bundle()


def scored(value: float, *, is_worse: bool) -> Performance:
    promised, found = (
        Interval(value=each, low=each - 0.1, high=each + 0.1, method="stated")
        for each in (0.8, value)
    )
    return Performance(realised=found, expected=promised, is_worse=is_worse, sentence="")


def blamed(odd: int, performance: Performance, without: Performance) -> list[str]:
    """Return the columns whose rules are a reason for an alarm; some rows have a new carrier."""
    carrier = pl.Series(np.where(np.arange(600) < odd, "XX", FLIGHTS["carrier"].to_numpy()))
    table = FLIGHTS.with_columns(draw_labels(FLIGHTS, seed=3), carrier=carrier)
    rows = live_rows_of(table, BUNDLE)
    breaches = find_broken_rules(BUNDLE, rows, false_alarm_rate=0.01)
    assert [each.is_news for each in breaches] == [True]

    def measure(some: LiveRows) -> Performance:
        assert len(some) == 600 - odd
        return without

    found = rules_to_blame(BUNDLE, rows, breaches, performance, measure)
    return [each.column for each in found]


@pytest.mark.parametrize(
    ("odd", "was", "without", "columns"),
    [
        (20, scored(0.5, is_worse=True), scored(0.5, is_worse=True), []),
        (20, scored(0.5, is_worse=True), scored(0.68, is_worse=True), ["carrier"]),
        (20, scored(0.5, is_worse=True), scored(0.8, is_worse=False), ["carrier"]),
        (20, scored(0.8, is_worse=False), scored(0.8, is_worse=False), ["carrier"]),
        (200, scored(0.5, is_worse=True), scored(0.5, is_worse=True), ["carrier"]),
    ],
    ids=["no loss of theirs", "most of it", "all of it", "none is lost", "many rows"],
)
def test_a_handful_of_rows_is_no_cause_of_what_others_lost(
    odd: int, was: Performance, without: Performance, columns: list[str]
) -> None:
    assert blamed(odd, was, without) == columns
