from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from modelwright.data.records import MISSING_DATETIME
from modelwright.errors import BundleError
from modelwright.predictor.operations.dates import DateParts

PARTS = ("year", "month", "day", "weekday", "day_of_year", "hour", "minute", "epoch_day")
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
STEP = DateParts(inputs=("column:at",), output="parts", parts=PARTS)


def _microseconds(moment: datetime) -> int:
    return (moment - EPOCH) // timedelta(microseconds=1)


@given(st.datetimes(timezones=st.just(UTC)))
@example(datetime(1, 1, 1, tzinfo=UTC))
@example(datetime(9999, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC))
@example(datetime(1969, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC))
@example(datetime(1900, 2, 28, tzinfo=UTC))
@example(datetime(2000, 2, 29, tzinfo=UTC))
@example(datetime(2100, 3, 1, tzinfo=UTC))
def test_parts_are_those_of_python(moment):
    got = STEP.run(np.array([_microseconds(moment)]))[0]
    expected = [
        moment.year,
        moment.month,
        moment.day,
        moment.weekday(),
        moment.timetuple().tm_yday,
        moment.hour,
        moment.minute,
        float(_microseconds(moment)) / 86_400_000_000,
    ]
    assert got.tolist() == expected


def test_every_day_of_four_centuries():
    days = [datetime(1800, 1, 1, tzinfo=UTC) + timedelta(days=n) for n in range(0, 146_097, 3)]
    parts = STEP.run(np.array([_microseconds(day) for day in days]))
    expected = [[d.year, d.month, d.day, d.weekday(), d.timetuple().tm_yday] for d in days]
    np.testing.assert_array_equal(parts[:, :5], expected)


@given(st.lists(st.integers(MISSING_DATETIME, 2**63 - 1), max_size=40))
@example([])
@example([2**53 + 1, -(2**53) - 1])
def test_a_moment_alone_has_the_bits_of_the_batch(moments):
    batch = STEP.run(np.array(moments * 2 + [0] * 20, dtype=np.int64))
    alone = [STEP.run(np.array([moment]))[0] for moment in moments]
    expected = np.array(alone).reshape(-1, len(PARTS))
    np.testing.assert_array_equal(batch[: len(moments)], expected)
    few = STEP.run(np.array(moments[:3], dtype=np.int64))
    np.testing.assert_array_equal(few, expected[:3])


def test_all_parts_of_a_missing_moment_are_missing():
    parts = STEP.run(np.array([MISSING_DATETIME, 0]))
    assert np.isnan(parts[0]).all()
    assert not np.isnan(parts[1]).any()


@pytest.mark.parametrize("moment", [MISSING_DATETIME + 1, np.iinfo(np.int64).max])
def test_the_outermost_moments_have_finite_parts(moment):
    assert np.isfinite(STEP.run(np.array([moment]))).all()


def test_no_part_is_refused():
    with pytest.raises(BundleError, match="no part"):
        DateParts(inputs=("a",), output="b", parts=()).check((1,))
