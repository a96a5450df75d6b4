from datetime import UTC, datetime, timedelta

import pytest

from modelwright.errors import InputError
from modelwright.workspace.alarm import Alarm, Sign, next_alarms

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
CENTS = Sign(kind="unit change", columns=("amount",), sentence="In cents.", action="fix input")
STUCK = Sign(kind="stuck values", columns=("items",), sentence="Always 7.", action="fix input")


def opened(sign: Sign = CENTS, number: int = 1) -> Alarm:
    return Alarm.open_for(sign, number=number, at=NOW, bundle_hash="a1")


def judge(known: list[Alarm], *signs: Sign, at: datetime = NOW + HOUR) -> tuple[Alarm, ...]:
    return next_alarms(
        known, signs, at=at, free_number=len(known) + 1, same_within=timedelta(days=1)
    )


def test_each_trouble_is_an_alarm_of_its_own() -> None:
    first, second = judge([], CENTS, STUCK)
    assert [(each.number, each.title, each.state) for each in (first, second)] == [
        (1, "unit change: amount", "open"),
        (2, "stuck values: items", "open"),
    ]


def test_a_trouble_that_is_told_twice_in_one_judgement_is_one() -> None:
    (alarm,) = judge([], CENTS, Sign(kind="unit change", columns=("amount",), sentence="Again."))
    assert alarm.sentence == "In cents."


def test_a_trouble_seen_again_is_the_same_alarm_with_its_latest_evidence() -> None:
    again = Sign(kind="unit change", columns=("amount",), sentence="In cents still.")
    (alarm,) = judge([opened()], again)
    assert (alarm.number, alarm.times_seen, alarm.sentence) == (1, 2, "In cents still.")
    assert (alarm.first_seen, alarm.last_seen) == (NOW, NOW + HOUR)
    assert [step.what for step in alarm.steps] == ["opened"]


def test_a_trouble_that_is_gone_is_closed_also_when_acknowledged() -> None:
    known = [opened().acknowledge("Ann", at=NOW), opened(STUCK, 2)]
    seen, closed = judge(known, STUCK)
    assert (seen.number, seen.state) == (2, "open")
    assert (closed.number, closed.state) == (1, "closed")
    assert judge([closed]) == ()


def test_a_trouble_that_is_soon_back_is_the_same_and_later_a_new_one() -> None:
    closed = opened().close(at=NOW)
    (same,) = judge([closed], CENTS)
    assert (same.number, same.state, same.steps[-1].what) == (1, "open", "reopened")
    (new,) = judge([closed], CENTS, at=NOW + timedelta(days=2))
    assert (new.number, new.state, new.steps[-1].what) == (2, "open", "opened")


def test_a_snooze_ends_when_its_time_is_over_and_the_trouble_is_still_there() -> None:
    snoozed = opened().snooze(NOW + 3 * HOUR, by="Ann", note="the sale", at=NOW)
    assert snoozed.steps[-1].note == "until 2026-03-01T15:00+00:00; the sale"
    (silent,) = judge([snoozed], CENTS)
    assert silent.state == "snoozed"
    (woken,) = judge([silent], CENTS, at=NOW + 4 * HOUR)
    assert (woken.state, woken.silent_until, woken.steps[-1].what) == ("open", None, "snooze ended")


def test_an_answer_ends_a_snooze() -> None:
    known = opened().snooze(NOW + HOUR, by="Ann", at=NOW).acknowledge("Bob", at=NOW)
    assert judge([known], CENTS, at=NOW + 2 * HOUR)[0].state == "acknowledged"


@pytest.mark.parametrize("by", ["", "  "])
def test_nobody_cannot_answer(by: str) -> None:
    with pytest.raises(InputError, match=r"Nobody is named\. Say who you are: --by NAME"):
        opened().acknowledge(by, at=NOW)


def test_what_is_closed_needs_no_answer() -> None:
    with pytest.raises(InputError, match="Alarm 1 is closed"):
        opened().close(at=NOW).snooze(NOW + HOUR, by="Ann", at=NOW)


def test_a_snooze_ends_at_a_moment_ahead() -> None:
    with pytest.raises(InputError, match="has passed"):
        opened().snooze(NOW, by="Ann", at=NOW)
    with pytest.raises(InputError, match="no time zone"):
        opened().snooze(datetime(2026, 4, 1), by="Ann", at=NOW)  # noqa: DTZ001
