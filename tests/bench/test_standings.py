import pytest

from bench.standings import complete_contests, duel, mean_ranks
from bench_results import result

RESULTS = [
    result("modelwright", "a", 0.9),
    result("flaml", "a", 0.8),
    result("mljar", "a", 0.8),
    result("modelwright", "b", 3.0, metric="rmse"),
    result("flaml", "b", 2.0, metric="rmse"),
    result("mljar", "b", None, metric="rmse"),
]


def test_ranks_follow_the_direction_and_failures_are_last() -> None:
    assert mean_ranks(RESULTS) == {"modelwright": 1.5, "flaml": 1.75, "mljar": 2.75}


def test_a_contest_that_somebody_did_not_enter_does_not_count() -> None:
    results = [*RESULTS, result("modelwright", "c", 0.5)]
    assert complete_contests(results) == ["a", "b"]
    assert mean_ranks(results) == mean_ranks(RESULTS)


def test_a_duel_counts_wins_and_says_how_sure_that_is() -> None:
    found = duel(RESULTS, "modelwright", "flaml")
    assert (found.wins, found.ties, found.losses) == (1, 0, 1)
    assert found.share is not None
    assert found.share.value == 0.5
    assert 0 < found.share.low < 0.1
    assert found.error_ratio == pytest.approx((2.0 * 2 / 3) ** 0.5)


def test_to_fail_is_to_lose_and_has_no_ratio() -> None:
    found = duel(RESULTS, "modelwright", "mljar")
    assert (found.wins, found.losses) == (2, 0)
    assert found.error_ratio == pytest.approx(2.0)


def test_ties_are_no_wins() -> None:
    found = duel(RESULTS[:3], "flaml", "mljar")
    assert (found.wins, found.ties, found.losses, found.share) == (0, 1, 0, None)
    both_failed = [result("flaml", "a", None), result("mljar", "a", None)]
    assert duel(both_failed, "flaml", "mljar").ties == 1
