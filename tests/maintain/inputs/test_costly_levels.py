from dataclasses import replace

import numpy as np
import polars as pl
import pytest

from flights_example import draw_flights, draw_labels, make_flights_bundle
from modelwright.documents import Cause
from modelwright.maintain.inputs.costly_levels import find_costly_levels
from modelwright.maintain.log.live_rows import LiveRows, live_rows_of
from modelwright.maintain.score.performance import Performance
from modelwright.tasks.interval import Interval

FLIGHTS, BUNDLE = draw_flights(600, seed=3), make_flights_bundle()
LABELLED = FLIGHTS.with_columns(draw_labels(FLIGHTS, seed=3))


def scored(value: float, *, is_worse: bool) -> Performance:
    promised, found = (
        Interval(value=each, low=each - 0.1, high=each + 0.1, method="stated")
        for each in (0.8, value)
    )
    return Performance(realised=found, expected=promised, is_worse=is_worse, sentence="")


WORSE = scored(0.5, is_worse=True)


def strange_rows(every: int, *, are_missed: bool = True) -> LiveRows:
    """Every so many rows have a level that nobody knew, and may be answered wrongly."""
    strange = np.arange(len(LABELLED)) % every == 0
    carrier = pl.Series(np.where(strange, "ZZ", LABELLED["carrier"].to_numpy()))
    rows = live_rows_of(LABELLED.with_columns(carrier=carrier), BUNDLE)
    missed = np.where(strange & are_missed, rows.answers.argmin(axis=1), rows.truth)
    return replace(rows, truth=missed)


def found_of(rows: LiveRows, without: Performance) -> Cause | None:
    def measure(some: LiveRows) -> Performance:
        return WORSE if "ZZ" in some.columns["carrier"].tolist() else without

    return find_costly_levels(BUNDLE, rows, measure, false_alarm_rate=0.01)


@pytest.mark.parametrize(("every", "explained"), [(12, True), (300, False)])
def test_few_rows_of_levels_that_nobody_knew_explain_what_is_lost(
    every: int, explained: bool
) -> None:
    found = found_of(strange_rows(every), scored(0.78, is_worse=False))
    assert (found is not None) is explained
    if found is not None:
        assert (found.kind, found.columns) == ("new categories", ("carrier",))
        assert "such as 'ZZ', in 8 % of rows" in found.sentence


def test_levels_that_cost_nothing_explain_nothing() -> None:
    rows = strange_rows(12, are_missed=False)
    assert found_of(rows, scored(0.78, is_worse=False)) is None


@pytest.mark.parametrize(
    "without",
    [scored(0.5, is_worse=True), scored(0.6, is_worse=False)],
    ids=["worse without them too", "they carry a third of what is lost"],
)
def test_what_is_lost_without_them_too_has_another_cause(without: Performance) -> None:
    assert found_of(strange_rows(12), without) is None


def test_nothing_is_explained_without_labels() -> None:
    rows = strange_rows(12)
    bare = replace(rows, truth=np.full(len(rows), -1))
    assert found_of(bare, scored(0.78, is_worse=False)) is None
