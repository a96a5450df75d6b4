"""The answer says what the holdout says, and no more."""

from types import SimpleNamespace

from modelwright.build.judging.verdict import say_verdict
from modelwright.tasks.interval import Interval
from modelwright.tasks.metrics import METRICS


def test_too_little_time_is_no_verdict_on_machine_learning():
    score = Interval(value=0.75, low=0.7, high=0.8, method="bootstrap")
    said = say_verdict(
        SimpleNamespace(),
        SimpleNamespace(score=score),
        metric=METRICS["roc_auc"],
        baseline="Rule on one column",
        too_short_s=3.1,
    )
    assert said.startswith("No learner came to an end in the time given: the model is the simplest")
    assert "0.75 (0.7 to 0.8)" in said
    assert said.endswith("is not known; give more time, 10 s say.")


def test_a_part_of_the_holdout_is_called_one():
    score = Interval(value=0.75, low=0.7, high=0.8, method="bootstrap")
    evaluation = SimpleNamespace(
        score=score, baseline_score=score, gain=score, rows=1_000, there=20_000, is_of_part=True
    )
    said = say_verdict(
        SimpleNamespace(plan=SimpleNamespace(target="late")),
        evaluation,
        metric=METRICS["roc_auc"],
        baseline="Rule on one column",
        too_short_s=None,
    )
    assert "on 1,000 of 20,000 rows it has never seen" in said
