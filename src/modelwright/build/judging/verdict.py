"""The answer in a sentence."""

from math import ceil

from modelwright.compute.budget import format_duration
from modelwright.documents import Evaluation, Findings
from modelwright.tasks.figures import figure, ranged
from modelwright.tasks.metrics import Metric

_TIMES = 2.5


def is_worth_it(evaluation: Evaluation) -> bool:
    """Say whether the model gains over the baseline with confidence."""
    return evaluation.gain.low > 0


def say_verdict(
    findings: Findings,
    evaluation: Evaluation,
    *,
    metric: Metric,
    baseline: str,
    too_short_s: float | None,
) -> str:
    """Return what the holdout says, as a sentence for everybody.

    Parameters
    ----------
    findings
        The question.
    evaluation
        What was measured.
    metric
        The plan's.
    baseline
        What people call the simple thing to beat.
    too_short_s
        What everything took beside learners, when none of them came to an end; else None.
    """
    if too_short_s is not None:
        return (
            f"No learner came to an end in the time given: the model is the simplest answer "
            f"({baseline}), whose {metric.title} is {ranged(evaluation.score)}. Whether machine "
            f"learning is worth it here is not known; give more time, {_enough(too_short_s)} say."
        )
    scores = (
        f"{metric.title} is {ranged(evaluation.score)} on {_rows(evaluation)} it has never seen, "
        f"against {figure(evaluation.baseline_score.value)} for the simplest answer "
        f"({baseline})"
    )
    if not is_worth_it(evaluation):
        return (
            f"Machine learning is not worth it here: {scores}; the gain may be nil "
            f"({ranged(evaluation.gain)})."
        )
    return f"The model predicts {findings.plan.target}: {scores}."


def _rows(evaluation: Evaluation) -> str:
    part = f" of {evaluation.there:,}" if evaluation.is_of_part else ""
    return f"{evaluation.rows:,}{part} rows"


def _enough(others_s: float) -> str:
    """Return a time of which more than half is left for learners."""
    return format_duration(ceil(_TIMES * others_s / 5) * 5)
