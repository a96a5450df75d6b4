from datetime import UTC, datetime, timedelta

import pytest

from modelwright.maintain.log.due import Rhythm, next_window
from modelwright.workspace.ledger.ledger import Ledger, Prediction
from modelwright.workspace.ledger.rows import IMPORTED

HOUR = timedelta(hours=1)
START = datetime(2026, 3, 1, tzinfo=UTC)
HOURLY = Rhythm(HOUR, rows=10)


def micro(moment: datetime) -> int:
    return (moment - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)


@pytest.fixture
def ledger(tmp_path):
    with Ledger.open(tmp_path / "ledger.db") as opened:
        yield opened


def answer(ledger, *moments, version="a", host=""):
    ledger.append(
        [
            Prediction(
                id=f"{version}{moment}{number}",
                at=micro(moment),
                version=version,
                inputs=b"{}",
                output=b"1",
                latency_s=0.0,
                host=host,
            )
            for number, moment in enumerate(moments)
        ]
    )


def windows(ledger, *, since=None, now, rhythm=HOURLY):
    found = []
    end = None if since is None else micro(since)
    while window := next_window(ledger, "a", since=end, now=now, rhythm=rhythm):
        found.append((window.since - START, window.until - START))
        end = window.bounds[1]
    return found


def test_nothing_came(ledger):
    answer(ledger, *[START] * 50, version="another")
    assert windows(ledger, now=START + HOUR) == []


def test_windows_follow_each_other_without_a_gap(ledger):
    answer(ledger, *(START + timedelta(minutes=minute) for minute in range(180)))
    found = windows(ledger, now=START + 10 * HOUR)
    assert found == [(0 * HOUR, HOUR), (HOUR, 2 * HOUR), (2 * HOUR, 3 * HOUR)]


def test_few_rows_make_a_longer_window(ledger):
    answer(ledger, *(START + timedelta(minutes=10 * number) for number in range(30)))
    found = windows(ledger, now=START + 10 * HOUR)
    assert found == [(0 * HOUR, 2 * HOUR), (2 * HOUR, 4 * HOUR)]
    assert windows(ledger, since=START + 4 * HOUR, now=START + 90 * HOUR) == []


def test_a_silence_makes_no_row_of_empty_windows(ledger):
    late = START + 1000 * HOUR
    answer(ledger, *[START] * 10, *[late] * 10)
    assert windows(ledger, now=START + 2000 * HOUR) == [
        (0 * HOUR, HOUR),
        (HOUR, 1001 * HOUR),
    ]


def test_the_last_half_minute_is_left_for_later(ledger):
    answer(ledger, *(START + timedelta(seconds=second) for second in range(60)))
    found = windows(ledger, now=START + timedelta(seconds=60))
    assert found == [(timedelta(0), timedelta(seconds=30))]


def test_many_rows_at_one_moment_are_in_one_window(ledger):
    answer(ledger, *[START] * 500)
    assert windows(ledger, now=START + 9 * HOUR) == [(0 * HOUR, HOUR)]


def test_what_is_imported_is_judged_up_to_its_last_row(ledger):
    minutes = [START + timedelta(minutes=number) for number in range(20)]
    answer(ledger, *minutes, host=IMPORTED)
    ended = windows(ledger, now=START + 5 * HOUR)[-1][1]
    assert ended == timedelta(minutes=19, microseconds=1)
    # The next log has rows of the same hour.
    answer(ledger, *(each + timedelta(minutes=30) for each in minutes), host=IMPORTED)
    assert windows(ledger, since=START + ended, now=START + 9 * HOUR)
