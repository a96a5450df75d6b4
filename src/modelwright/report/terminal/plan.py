"""The page of a plan."""

from collections.abc import Sequence

from modelwright.compute.budget import format_duration
from modelwright.documents import Cost, Plan
from modelwright.report.terminal.layout import aligned, field, title
from modelwright.report.terminal.phrases import (
    NAMES,
    SENTENCE,
    clause,
    metric_line,
    risk_lines,
    shape,
)
from modelwright.report.words import clip, listed, moment, number, percent, plural, size

_MOST_FACTS = 5


def plan_page(plan: Plan) -> list[str]:
    """Return the lines of a plan."""
    table, split = plan.table, plan.split
    return [
        title("Plan"),
        *field("Question", clip(plan.question, SENTENCE)),
        *field("Data", f"{clip(table.address)}: {shape(table.rows, table.columns)}"),
        *field("Read", *_read(table.facts)),
        *field("Target", f"{clip(plan.target, NAMES)}, {plan.task.kind} ({_classes(plan)})"),
        *field("Metric", f"{metric_line(plan.metric)}: {clause(plan.metric_reason)}"),
        *field("Split", f"{_split(plan)}: {clause(split.reason)}"),
        *field("Schemes", *aligned(_schemes(plan), right=[2, 3, 4, 5]), *_caution(plan)),
        *field("Risks", *risk_lines(plan.risks, 5, "in plan.json")),
        *field("Gates", *aligned((rule.name, rule.condition) for rule in plan.gates)),
        *field("Budget", f"{format_duration(plan.budget_s)}, seed {plan.seed}"),
        *(field("Takes", _takes(plan)) if plan.cost else []),
    ]


def _read(facts: Sequence[str]) -> list[str]:
    """Return how the table was read, where that may not go without saying."""
    told = [fact for fact in facts if not fact.startswith("Read ")]
    more = [f"and {len(told) - _MOST_FACTS} more in plan.json"] * (len(told) > _MOST_FACTS)
    return [f"· {clip(fact, SENTENCE)}" for fact in told[:_MOST_FACTS]] + more


def _takes(plan: Plan) -> str:
    if plan.foreseen is not None:
        return _cost(plan.foreseen)
    expected = format_duration(plan.scheme.expected_s)
    return f"about {expected} by the scheme that was chosen instead, on a probe"


def _cost(cost: Cost) -> str:
    time, memory, disk = cost.seconds, cost.memory_bytes, cost.bundle_bytes or cost.size_bytes
    return (
        f"about {format_duration(time.value)} ({format_duration(time.low)} to "
        f"{format_duration(time.high)}), {size(int(memory.value))} of memory "
        f"({size(int(memory.low))} to {size(int(memory.high))}), at most {size(int(disk.high))} on "
        f"disk (mostly about {size(int(disk.value))}, by the models that win); "
        f"as {plural(cost.runs, 'past run')} did, {cost.own_runs:,} of them yours"
    )


def _caution(plan: Plan) -> list[str]:
    """Say what a score on a probe is not: it may come from a column that knows the answer."""
    if all(scheme.expected_score is None for scheme in plan.schemes):
        return []
    return [
        "Probes are scored before leaks are looked for and removed: `modelwright explore` says "
        "what score is left"
    ]


def _classes(plan: Plan) -> str:
    return listed(plan.task.classes) if plan.task.classes else "a number"


def _split(plan: Plan) -> str:
    split = plan.split
    by = f"{split.kind} ({clip(split.column, NAMES)})" if split.column else split.kind
    held = (
        f"from {moment(split.boundary)} on" if split.boundary else percent(split.holdout_fraction)
    )
    return f"{by}, holdout {held}, {split.folds} folds"


def _schemes(plan: Plan) -> list[tuple[str, ...]]:
    return [
        ("", "", "time", "memory", "on disk", "probe score"),
        *(
            (
                "→" if scheme.chosen else " ",
                clip(scheme.title, 40),
                format_duration(scheme.expected_s),
                size(int(scheme.memory_bytes)) if scheme.memory_bytes else "",
                size(int(scheme.size_bytes)) if scheme.size_bytes else "",
                number(scheme.expected_score),
            )
            for scheme in plan.schemes
        ),
    ]
