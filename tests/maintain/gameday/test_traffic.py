import numpy as np
import polars as pl
import pytest

from flights_example import draw_flights, draw_labels, make_flights_bundle
from modelwright.errors import InputError
from modelwright.maintain.gameday.traffic import Span, Traffic
from modelwright.maintain.log.live_rows import live_rows_of


def span(rows: int) -> Span:
    return Span(pl.DataFrame({"age": np.arange(float(rows))}), np.arange(rows) % 2)


def test_windows_follow_each_other():
    traffic = Traffic.of(span(4_100), window_rows=500)
    assert traffic.windows == 8
    parts = traffic.cut(traffic.span(2, 5))
    assert [part.table["age"][0] for part in parts] == [1_000, 1_500, 2_000]
    assert {len(part) for part in parts} == {500}


def test_windows_are_smaller_where_there_are_few_rows():
    traffic = Traffic.of(span(1_000), window_rows=500)
    assert (traffic.window_rows, traffic.windows) == (125, 8)


def test_too_few_rows_are_told():
    with pytest.raises(InputError, match="There are 799 rows of traffic; a drill needs 800"):
        Traffic.of(span(799), window_rows=500)


def test_rows_are_answered_as_they_were():
    bundle, table = make_flights_bundle(), draw_flights(300, seed=1)
    rows = live_rows_of(table.with_columns(draw_labels(table, seed=1)), bundle)
    again = Span.of(rows, bundle).answered(bundle)
    assert np.array_equal(again.answers, rows.answers)
    assert np.array_equal(again.truth, rows.truth)
    assert not Span.of(rows, bundle).without_labels().answered(bundle).labelled.any()
