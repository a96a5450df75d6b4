from datetime import UTC, datetime, timedelta, timezone

import pytest

from modelwright.errors import InputError
from modelwright.maintain.log.window import Window

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


class TestWindow:
    def test_everything_by_default(self) -> None:
        assert Window().bounds == (None, None)
        assert Window().version is None

    def test_bounds_are_microseconds_in_utc(self) -> None:
        east = timezone(timedelta(hours=2))
        window = Window(since=NOON.astimezone(east), until=NOON + timedelta(microseconds=1))
        assert window.bounds == (1772366400000000, 1772366400000001)

    def test_the_first_moment_there_is(self) -> None:
        assert Window(since=datetime(1970, 1, 1, tzinfo=UTC)).bounds == (0, None)

    def test_a_moment_without_zone_is_refused(self) -> None:
        with pytest.raises(InputError, match="has no time zone"):
            Window(since=datetime(2026, 3, 1))  # noqa: DTZ001

    @pytest.mark.parametrize("until", [NOON, NOON - timedelta(days=1)])
    def test_an_end_before_the_beginning_is_refused(self, until: datetime) -> None:
        with pytest.raises(InputError, match="before it begins"):
            Window(since=NOON, until=until)
