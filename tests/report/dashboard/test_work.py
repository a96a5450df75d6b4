from datetime import UTC, datetime, timedelta

from modelwright.report.dashboard.work import Line, Work
from modelwright.tasks.interval import Interval

_NOW = datetime(2026, 3, 1, tzinfo=UTC)
_FORESEEN = Interval(value=60.0, low=40.0, high=100.0, method="past runs")


def _work(seconds: float, *, command: str = "run", rooms: tuple[str, ...] = (), **given) -> Work:
    now = _NOW + timedelta(seconds=seconds)
    lines = [Line(at=_NOW, room=room, sentence="") for room in rooms]
    return Work(command=command, started=_NOW, now=now, lines=lines, **given)


def test_what_is_left_comes_from_the_plan_and_then_from_the_budget():
    assert _work(20, foreseen_s=_FORESEEN).left == "about 40 s left"
    assert _work(80, foreseen_s=_FORESEEN).left.startswith("longer than foreseen; at most about 20")
    assert _work(110, foreseen_s=_FORESEEN, budget_s=120.0).left == "at most 10 s left"
    assert _work(130, foreseen_s=_FORESEEN, budget_s=120.0).left == ""
    assert _work(5, command="maintain").left == ""


def test_phases_go_as_far_as_the_last_room_told():
    states = [phase.state for phase in _work(9, rooms=("data", "plan", "explore")).phases]
    assert states == ["done", "now", "later", "later"]
    assert next(phase.state for phase in _work(1).phases) == "now"
    assert _work(1, command="maintain", rooms=("maintain",)).phases == ()


def test_a_clock_that_went_back_takes_no_time():
    assert _work(-5).elapsed_s == 0.0
