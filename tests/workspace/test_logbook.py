import signal
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from modelwright.errors import InputError
from modelwright.workspace.alarm import Sign
from modelwright.workspace.logbook import Logbook

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
CENTS = Sign(kind="unit change", columns=("amount",), sentence="In cents.", action="fix input")
STUCK = Sign(kind="stuck values", columns=("items",), sentence="Always 7.", action="fix input")

RECORD_FOREVER = """
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from modelwright.workspace.alarm import Sign
from modelwright.workspace.logbook import Logbook
logbook = Logbook.open(Path(sys.argv[1]))
now = datetime(2026, 3, 1, tzinfo=UTC)
for number in range(10**9):
    sign = Sign(kind=f"kind {number}", sentence="It is so.")
    logbook.record(str(number).encode(), [sign], at=now + timedelta(hours=number))
    print(number, flush=True)
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "logbook.db"


@pytest.fixture
def logbook(path: Path) -> Iterator[Logbook]:
    with Logbook.open(path) as opened:
        yield opened


def test_judgements_come_back_in_their_order(logbook: Logbook, path: Path) -> None:
    for number in range(3):
        logbook.record(str(number).encode(), [], at=NOW + number * HOUR)
    with Logbook.open(path) as again:
        assert again.judgements() == (b"0", b"1", b"2")
        assert again.judgements(last=2) == (b"1", b"2")


def test_the_same_trouble_is_told_once(logbook: Logbook) -> None:
    (told,) = logbook.record(b"{}", [CENTS], at=NOW, bundle_hash="a1")
    assert (told.number, told.bundle_hash) == (1, "a1")
    assert logbook.record(b"{}", [CENTS], at=NOW + HOUR) == ()
    (new,) = logbook.record(b"{}", [CENTS, STUCK], at=NOW + 2 * HOUR)
    assert new.kind == "stuck values"
    assert [each.times_seen for each in logbook.alarms()] == [3, 1]


def test_a_trouble_that_comes_and_goes_is_told_once_a_day_at_most(logbook: Logbook) -> None:
    told = [
        logbook.record(b"{}", [CENTS] if hour % 2 else [], at=NOW + hour * HOUR)
        for hour in range(48)
    ]
    assert sum(map(len, told)) == 1


def test_what_is_gone_is_not_listed_unless_asked_for(logbook: Logbook) -> None:
    logbook.record(b"{}", [CENTS], at=NOW)
    assert logbook.record(b"{}", [], at=NOW + HOUR) == ()
    assert logbook.alarms() == ()
    assert [each.state for each in logbook.alarms(closed=True)] == ["closed"]
    (new,) = logbook.record(b"{}", [CENTS], at=NOW + 72 * HOUR)
    assert new.number == 2


def test_a_judgement_of_nothing_closes_nothing(logbook: Logbook) -> None:
    logbook.record(b"{}", [CENTS], at=NOW)
    assert logbook.record(b"{}", None, at=NOW + HOUR) == ()
    assert len(logbook.alarms()) == 1
    assert len(logbook.judgements()) == 2


def test_people_answer_and_the_end_of_a_snooze_is_told(logbook: Logbook) -> None:
    logbook.record(b"{}", [CENTS, STUCK], at=NOW)
    assert logbook.acknowledge(1, by="Ann", note="asked", at=NOW).state == "acknowledged"
    assert logbook.snooze(2, NOW + 2 * HOUR, by="Bob", at=NOW).state == "snoozed"
    assert logbook.record(b"{}", [CENTS, STUCK], at=NOW + HOUR) == ()
    (told,) = logbook.record(b"{}", [CENTS, STUCK], at=NOW + 3 * HOUR)
    assert (told.number, told.state) == (2, "open")


def test_an_alarm_that_is_not_there(logbook: Logbook) -> None:
    logbook.record(b"{}", [CENTS, STUCK], at=NOW)
    with pytest.raises(InputError, match=r"no alarm 7. Alarms that are not closed: 1, 2."):
        logbook.acknowledge(7, by="Ann", at=NOW)
    with pytest.raises(InputError, match="Nobody"):
        logbook.acknowledge(1, by="", at=NOW)
    assert [each.state for each in logbook.alarms()] == ["open", "open"]


def test_a_kill_leaves_each_judgement_with_its_alarm_or_neither(path: Path) -> None:
    for _ in range(3):
        writer = subprocess.Popen(
            [sys.executable, "-c", RECORD_FOREVER, str(path)], stdout=subprocess.PIPE, text=True
        )
        assert writer.stdout is not None
        said = [writer.stdout.readline() for _ in range(5)]
        writer.send_signal(signal.SIGKILL)
        said += writer.communicate()[0].splitlines()
        with Logbook.open(path) as logbook:
            judged, alarms = logbook.judgements(), logbook.alarms(closed=True)
        assert {line.strip().encode() for line in said if line.endswith("\n")} <= set(judged)
        assert len(alarms) == len(judged)
        path.unlink()
        for rest in path.parent.glob("logbook.db-*"):
            rest.unlink()
