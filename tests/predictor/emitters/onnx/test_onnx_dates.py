from datetime import UTC, datetime, timedelta
from functools import cache

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from modelwright.data.records import MISSING_DATETIME
from modelwright.predictor.operations.dates import DateParts
from onnx_graphs import Steps, check_steps

PARTS = ("year", "month", "day", "weekday", "day_of_year", "hour", "minute", "epoch_day")
STEP = DateParts(inputs=("column:at",), output="out", parts=PARTS)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
LEAST, MOST = np.iinfo(np.int64).min, np.iinfo(np.int64).max


@cache
def graph_of_all_parts() -> Steps:
    return Steps([STEP], {"at": np.zeros(1, dtype=np.int64)})


def micros(year: int, month: int, day: int, *rest: int) -> int:
    return (datetime(year, month, day, *rest, tzinfo=UTC) - EPOCH) // timedelta(microseconds=1)


def test_the_calendar_is_the_interpreters():
    edges = [
        micros(year, month, day, hour, minute, second, 999_999)
        for year in (1, 4, 100, 399, 400, 1582, 1900, 1968, 1969, 1970, 2000, 2024, 2100, 9999)
        for month, day in ((1, 1), (2, 28), (3, 1), (12, 31))
        for hour, minute, second in ((0, 0, 0), (23, 59, 59))
    ]
    edges += [micros(year, 2, 29) for year in (4, 400, 1600, 1972, 2000, 2024)]
    near = [edge + more for edge in edges for more in (-1, 0, 1)]
    moments = np.array([*near, MISSING_DATETIME, LEAST + 1, MOST, 0, -1, 1], dtype=np.int64)
    graph = graph_of_all_parts()
    assert np.isnan(graph.check({"at": moments})[len(near)]).all()
    for at in range(0, len(moments), 41):
        graph.check({"at": moments[at : at + 1]})


@given(st.lists(st.integers(LEAST, MOST), min_size=1, max_size=30))
def test_any_moment_has_a_date(moments):
    graph_of_all_parts().check({"at": np.array(moments, dtype=np.int64)})


def test_a_part_alone_needs_no_others():
    for part in PARTS:
        step = DateParts(inputs=("column:at",), output="out", parts=(part,))
        check_steps([step], {"at": np.array([micros(1969, 12, 31, 23, 59)], dtype=np.int64)})
