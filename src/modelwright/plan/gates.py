"""What must hold before a release."""

from modelwright.documents import GateRule
from modelwright.tasks.metrics import Metric


def list_gates(metric: Metric, *, goal: str = "") -> tuple[GateRule, ...]:
    """Return the conditions that build and deploy will judge.

    Parameters
    ----------
    metric
        In which models are compared.
    goal
        The score that is good enough; empty where none was set.
    """
    reached = {"the goal is reached": f"the holdout's score: {goal}"} if goal else {}
    rules = reached | {
        "better than the baseline": f"the holdout's paired gain in {metric.title} is above zero "
        "with 95 % confidence",
        "the holdout is fresh": "these rows were not opened more than 20 times",
        "the stored program answers the same": "from disk it equals the one measured, bit for bit",
        "the budget is kept": "everything ends inside the time given, or up to a tenth later",
        "serving needs no training library": "the server's process has loaded none",
        "a fresh process serves the bundle": "it starts from the folder alone and answers",
        "recorded rows get their recorded answers": "bit for bit, through JSON and back",
        "a row alone is answered as in a batch": "bit for bit",
        "the inference protocol gives the same answers": "bit for bit, as tensors",
        "missing fields and unknown levels are answered": "none is an error of the server",
        "wrong requests are refused with a sentence": "unknown, mistyped, empty and huge input",
    }
    return tuple(GateRule(name=name, condition=condition) for name, condition in rules.items())
