import time
from dataclasses import replace
from pathlib import Path

import pytest

from example_bundle import make_bundle
from modelwright.data.records import Columns
from modelwright.predictor.bundle import Bundle
from modelwright.predictor.operations.base import Floats
from modelwright.serving.metrics import Memory, Metrics
from modelwright.serving.trials.breaker import Breaker
from modelwright.serving.trials.lineup import Rival
from modelwright.workspace.trial import Trial

CANARY = Trial(role="canary", share=0.1)
FORMER = Trial(role="shadow", former=True)


@pytest.fixture
def metrics() -> Metrics:
    metrics = Metrics(Memory())
    metrics.name_endpoints(["predict"])
    return metrics


def _breaker(metrics: Metrics, trial: Trial, champion: Bundle | None = None) -> Breaker:
    rival = Rival(bundle=make_bundle(), trial=trial, folder=Path())
    return Breaker(metrics, rival, champion or make_bundle())


def _count(metrics: Metrics, who: str, calls: int, each_s: float) -> None:
    metrics.count(f"{who}_calls", calls)
    metrics.count(f"{who}_seconds", calls * each_s)


def test_nothing_is_said_of_a_champion_alone(metrics):
    metrics.count("model_faults", 1000)
    assert Breaker(metrics, None, make_bundle()).verdict() == ""


def test_a_canary_that_fails_again_and_again_goes(metrics):
    breaker = _breaker(metrics, CANARY)
    metrics.count("canary_calls", 200)
    metrics.count("canary_faults", 1)
    assert breaker.verdict() == ""
    metrics.count("canary_calls", 30)
    metrics.count("canary_faults", 30)
    assert breaker.verdict() == "it failed to answer 31 of 230 requests"
    # What was counted before a trial says nothing about it.
    assert _breaker(metrics, CANARY).verdict() == ""


def test_a_canary_that_dawdles_goes(metrics):
    breaker = _breaker(metrics, CANARY)
    _count(metrics, "champion", 1000, 0.001)
    _count(metrics, "canary", 99, 0.009)
    assert breaker.verdict() == ""
    _count(metrics, "canary", 10, 0.009)
    assert breaker.verdict() == "it takes 9.0 ms a request, the other 1.0"


def test_a_canary_that_takes_seconds_for_a_row_goes_after_a_few(metrics):
    breaker = _breaker(metrics, CANARY)
    _count(metrics, "champion", 20, 0.001)
    _count(metrics, "canary", 3, 5.0)
    assert breaker.verdict() == ""
    metrics.count("canary_late", 3)
    assert breaker.verdict() == "it takes 5000.0 ms a request, the other 1.0"


def test_a_canary_that_is_late_as_the_champion_is_stays(metrics):
    breaker = _breaker(metrics, CANARY)
    _count(metrics, "champion", 20, 4.0)
    _count(metrics, "canary", 3, 5.0)
    metrics.count("canary_late", 3)
    assert breaker.verdict() == ""


def test_parts_of_files_that_were_answered_count(metrics):
    breaker = _breaker(metrics, CANARY)
    metrics.count("canary_parts", 297)
    for name in ("canary_calls", "canary_faults"):
        metrics.count(name, 3)
    assert breaker.verdict() == ""


def test_a_difference_that_nobody_feels_is_none(metrics):
    breaker = _breaker(metrics, CANARY)
    _count(metrics, "champion", 1000, 0.0001)
    _count(metrics, "canary", 1000, 0.001)
    assert breaker.verdict() == ""


class _Slow:
    """Runs a program, and takes its time."""

    def run(self, columns: Columns) -> Floats:
        time.sleep(0.02)
        return make_bundle().program.run(columns)


def test_a_promoted_champion_is_held_against_the_one_before(metrics):
    for _ in range(200):
        metrics.count_request("predict", 200, 0.001)
    breaker = _breaker(metrics, FORMER, replace(make_bundle(), runner=_Slow()))
    for _ in range(150):
        metrics.count_request("predict", 200, 0.002)
    assert breaker.verdict() == ""
    for _ in range(150):
        metrics.count_request("predict", 200, 0.02)
    assert breaker.verdict() == "it takes 11.0 ms a request, the other 1.0"


def test_a_busy_machine_is_not_the_fault_of_a_promoted_champion(metrics):
    for _ in range(200):
        metrics.count_request("predict", 200, 0.001)
    breaker = _breaker(metrics, FORMER)
    for _ in range(300):
        metrics.count_request("predict", 200, 0.02)
    assert breaker.verdict() == ""


def test_where_nothing_is_recorded_to_ask_a_slow_champion_goes(metrics):
    for _ in range(200):
        metrics.count_request("predict", 200, 0.001)
    breaker = _breaker(metrics, FORMER, replace(make_bundle(), cases=()))
    for _ in range(300):
        metrics.count_request("predict", 200, 0.02)
    assert breaker.verdict() == "it takes 20.0 ms a request, the other 1.0"


def test_a_promoted_champion_that_fails_goes(metrics):
    breaker = _breaker(metrics, FORMER)
    for _ in range(3):
        metrics.count_request("predict", 500, 0.001)
        metrics.count("model_faults")
    assert breaker.verdict() == "it failed to answer 3 of 3 requests"


def test_a_challenger_in_the_shadow_bothers_nobody(metrics):
    breaker = _breaker(metrics, Trial(role="shadow"))
    metrics.count("model_faults", 100)
    assert breaker.verdict() == ""
