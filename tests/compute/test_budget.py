import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from modelwright.compute.budget import Budget, format_duration, parse_duration
from modelwright.errors import BriefError, BudgetError


class Clock:
    now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("5m", 300),
        ("90s", 90),
        ("1h30m", 5400),
        ("1h 30m 5s", 5405),
        ("300", 300),
        (" 2 min ", 120),
        ("1H", 3600),
        ("1d", 86_400),
        ("1d 12h", 129_600),
        ("1.5h", 5400),
        ("0.5", 0.5),
        (300, 300),
        (2.5, 2.5),
    ],
)
def test_durations(text: str | float, seconds: float) -> None:
    assert parse_duration(text) == seconds


@pytest.mark.parametrize(
    "text",
    [
        *(
            "",
            " ",
            "0",
            "0s",
            "0h0m",
            "-5m",
            "+5",
            "5 x",
            "m",
            "30m1h",
            "1h1d",
            "1h30",
            "5ms",
            "5m5m",
        ),
        *("nan", "inf", "1e3", "1_000", "5,5m", ".5h", "5.", "٣m", "9" * 400, "9" * 400 + "h"),
        *(0, -1, math.nan, math.inf, True, False, 10**400),
    ],
)
def test_what_is_no_duration_is_refused_with_an_example(text: str | float) -> None:
    with pytest.raises(BriefError, match="Write '5m'"):
        parse_duration(text)


@given(st.text(alphabet="0123456789dhms. in-"))
def test_parsing_gives_time_above_zero_or_refuses(text: str) -> None:
    try:
        seconds = parse_duration(text)
    except BriefError:
        return
    assert 0 < seconds < math.inf


@given(h=st.integers(0, 99), m=st.integers(0, 999), s=st.floats(0, 999).map(lambda x: round(x, 3)))
def test_parts_add_up(h: int, m: int, s: float) -> None:
    if h + m + s > 0:
        assert parse_duration(f"{h}h{m}m{s:.3f}s") == pytest.approx(3600 * h + 60 * m + s)


@given(st.floats(0.01, 1e7))
def test_what_is_written_can_be_read(seconds: float) -> None:
    slack = 0.01 if seconds < 1 else 0.06 if seconds < 10 else 0.51 if seconds < 3600 else 30.1
    assert parse_duration(format_duration(seconds)) == pytest.approx(seconds, abs=slack)


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0, "0.00 s"),
        (0.999, "1.0 s"),
        (9.97, "10 s"),
        (59.7, "1 min"),
        (252, "4 min 12 s"),
        (3599.9, "1 h"),
        (14399, "4 h"),
        (93600, "26 h"),
        (-3, "-3.0 s"),
    ],
)
def test_durations_for_people(seconds: float, text: str) -> None:
    assert format_duration(seconds) == text


def test_a_budget_runs_down_and_never_below_zero() -> None:
    clock = Clock()
    budget = Budget.start(60, clock)
    assert (budget.seconds, budget.remaining_s, budget.deadline) == (60, 60, 160)
    clock.now += 45
    assert (budget.elapsed_s, budget.remaining_s) == (45, 15)
    assert budget.has(15)
    assert not budget.has(15.1)
    clock.now += 100
    assert (budget.elapsed_s, budget.remaining_s) == (145, 0)


def test_a_reserve_ends_earlier() -> None:
    clock = Clock()
    budget = Budget.start(60, clock)
    clock.now += 10
    assert budget.reserve(20).deadline == 140
    assert budget.reserve(20).remaining_s == 30
    assert budget.reserve(500).remaining_s == 0


def test_a_share_begins_now() -> None:
    clock = Clock()
    budget = Budget.start(60, clock)
    clock.now += 20
    share = budget.share(0.25)
    assert (share.started, share.seconds, share.elapsed_s) == (120, 10, 0)
    clock.now += 100
    assert budget.share(0.5).remaining_s == 0


@given(st.floats(0.1, 1e6), st.floats(0, 1e6), st.floats(0, 1), st.floats(0, 1e6))
def test_no_part_outlives_the_whole(
    seconds: float, passed: float, fraction: float, reserve: float
) -> None:
    clock = Clock()
    budget = Budget.start(seconds, clock)
    clock.now += passed
    slack = 1e-6
    assert budget.share(fraction).remaining_s <= budget.remaining_s + slack
    assert budget.reserve(reserve).remaining_s <= budget.remaining_s + slack


def test_a_budget_may_have_begun_before() -> None:
    clock = Clock()
    budget = Budget.start(10, clock, began=clock() - 4)
    assert (budget.elapsed_s, budget.remaining_s) == (4, 6)


@pytest.mark.parametrize("seconds", [0, -1, math.nan, math.inf])
def test_no_time_is_no_budget(seconds: float) -> None:
    with pytest.raises(BudgetError, match="too short"):
        Budget.start(seconds)


def test_wrong_parts_are_faults_of_ours() -> None:
    budget = Budget.start(60)
    with pytest.raises(ValueError, match="between 0 and 1"):
        budget.share(1.5)
    with pytest.raises(ValueError, match="reserved"):
        budget.reserve(-1)
