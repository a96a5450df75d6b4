from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from modelwright.documents import Cause
from modelwright.maintain.watch.flow import find_odd_flow
from modelwright.workspace.ledger.ledger import Ledger, Prediction, microseconds
from modelwright.workspace.ledger.rows import IMPORTED

MONDAY = datetime(2026, 3, 2, tzinfo=UTC)
WEEKS = 3
A_ROW = timedelta(seconds=90)
NOW = MONDAY + timedelta(weeks=WEEKS, hours=12)


def answers(until: datetime, *, host: str = "a") -> Iterator[Prediction]:
    """Yield an answer every ninety seconds by day."""
    moment, number = MONDAY, 0
    while moment < until:
        if 8 <= moment.hour < 20:
            yield Prediction(
                id=str(number),
                at=microseconds(moment),
                version="v",
                inputs=None,
                output=b"1",
                latency_s=0.0,
                host=host,
            )
        moment, number = moment + A_ROW, number + 1


def flow(path: Path, until: datetime, now: datetime = NOW, *, host: str = "a") -> tuple[Cause, ...]:
    with Ledger.open(path / "ledger.db") as ledger:
        ledger.append(list(answers(until, host=host)))
        return find_odd_flow(ledger, since=now - timedelta(hours=6), until=now)


def test_nights_and_steady_days_are_no_alarm(tmp_path: Path) -> None:
    assert flow(tmp_path, NOW) == ()
    with Ledger.open(tmp_path / "ledger.db") as ledger:
        assert find_odd_flow(ledger, since=None, until=NOW - timedelta(hours=8)) == ()


def test_silence_is_told_with_its_hours(tmp_path: Path) -> None:
    (cause,) = flow(tmp_path, NOW - timedelta(hours=2))
    assert cause.kind == "unusual volume"
    assert cause.sentence.startswith("No row came from 2026-03-23 1")
    assert "UTC; at this time of the week 40 came before, on average." in cause.sentence


def test_a_log_that_is_not_imported_yet_is_no_silence(tmp_path: Path) -> None:
    assert flow(tmp_path, NOW - timedelta(hours=2), host=IMPORTED) == ()


@pytest.mark.parametrize("weeks", [0, 1])
def test_a_short_past_says_nothing(tmp_path: Path, weeks: int) -> None:
    end = MONDAY + timedelta(weeks=weeks, hours=15)
    assert flow(tmp_path, end, end + timedelta(hours=3)) == ()
