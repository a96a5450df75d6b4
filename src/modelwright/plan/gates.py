"""What must hold before a release."""

from modelwright.documents import GateRule
from modelwright.tasks.metrics import Metric


def list_gates(metric: Metric) -> tuple[GateRule, ...]:
    """Return the conditions that build and deploy will judge."""
    rules = {
        "better than the baseline": f"the holdout's paired gain in {metric.title} is above zero "
        "with 95 % confidence",
        "the holdout is fresh": "these rows were not opened more than 20 times",
        "the stored program answers the same": "from disk it equals the one measured, bit for bit",
        "the budget is kept": "everything ends inside the time given",
        "the served bundle answers the same": "a fresh process serves the recorded answers",
        "bad requests are refused": "unknown, missing, mistyped, empty and huge input gets a clear "
        "answer and never an error of the server",
    }
    return tuple(GateRule(name=name, condition=condition) for name, condition in rules.items())
