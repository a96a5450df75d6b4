import numpy as np
from numpy.typing import NDArray

from modelwright.maintain.watch.volume import DAYS, WEEK, judge_counts

LEAST = float(np.log(2 * 10 * 8760))
"""What `flow` asks for."""


def traffic(weeks: int, *, rate: float = 500.0, seed: int = 0) -> NDArray[np.int64]:
    """Draw the rows of each hour: days that differ, quiet nights and hardly any at weekends."""
    random = np.random.default_rng(seed)
    hours = np.arange(weeks * WEEK)
    is_day = (hours % 24 >= 8) & (hours % 24 < 20)
    is_weekend = hours // 24 % DAYS >= 5
    rates = rate * np.where(is_day, 1.0, 0.01) * np.where(is_weekend, 0.02, 1.0)
    return random.poisson(rates * np.repeat(random.gamma(40, 1 / 40, weeks * DAYS), 24))


def most(counts: NDArray[np.int64], judged: int = 1, *, period: int = WEEK) -> float:
    return float(judge_counts(counts, judged, period=period).evidence.max())


def test_half_a_year_of_quiet_nights_and_weekends_raises_no_alarm() -> None:
    counts = traffic(26)
    ends = range(3 * WEEK, len(counts), 24)
    assert max(most(counts[max(0, end - 9 * WEEK) : end], 24) for end in ends) < LEAST


def test_an_hour_of_silence_in_the_day_is_found_and_one_at_night_is_not() -> None:
    counts = traffic(6)
    monday_noon, monday_night = 5 * WEEK + 12, 5 * WEEK + 3
    assert most(np.append(counts[:monday_noon], 0)) > LEAST
    assert most(np.append(counts[:monday_night], 0)) < LEAST / 2


def test_far_too_many_rows_are_found() -> None:
    counts = traffic(6)[: 5 * WEEK + 12]
    assert most(np.append(counts, 8_000)) > LEAST


def test_of_little_traffic_a_day_of_silence_is_found() -> None:
    days = traffic(9, rate=8.0)[: 8 * WEEK + 24].reshape(-1, 24).sum(axis=1)
    assert most(np.append(days[:-1], 0), period=DAYS) > LEAST


def test_a_clock_turned_by_an_hour_is_no_alarm() -> None:
    counts = traffic(8)
    turned = np.concatenate([counts[: 7 * WEEK], counts[7 * WEEK + 1 :]])
    assert most(turned, 100) < LEAST


def test_weeks_that_nobody_has_seen_twice_say_nothing() -> None:
    counts = traffic(2)
    assert most(np.append(counts[:-WEEK], 0)) == 0.0
