"""The page of the findings."""

from collections.abc import Sequence

from modelwright.documents import Findings, Growth, Leak
from modelwright.report.related import related_lines
from modelwright.report.terminal.layout import aligned, bounded, field, left_out, title
from modelwright.report.terminal.phrases import metric_line, risk_lines
from modelwright.report.words import clip, gain, interval, listed, plural

_VERDICT = 400
"""A verdict is read to its end."""
_SHOWN = 6


def findings_page(findings: Findings) -> list[str]:
    """Return the lines of the findings."""
    by_verdict = {
        verdict: [leak for leak in findings.leaks if leak.verdict == verdict]
        for verdict in ("certain", "suspicious")
    }
    leaking = {name for leak in by_verdict["certain"] for name in leak.columns}
    others = [refusal for refusal in findings.refused if refusal.column not in leaking]
    rows = f"{findings.training_rows:,} for training, {findings.duplicate_rows:,} of them repeated"
    return [
        title("Findings"),
        *field("Rows", rows),
        *field("Refused", *_leaks("✗", by_verdict["certain"], 8)),
        *field("Look at", *_leaks("?", by_verdict["suspicious"], 5)),
        *field(
            "Left out",
            *aligned((clip(each.column, 30), clip(each.reason, 120)) for each in others[:_SHOWN]),
            *left_out(len(others) - _SHOWN, "in findings.json"),
        ),
        *field("Problems", *risk_lines(findings.problems, 5, "in findings.json")),
        *_outlook(findings),
        *related_lines(findings),
        *field("Reads", f"{plural(len(findings.schema.features), 'column')}"),
        *field("Contract", clip(findings.contract_path)),
    ]


def doubted_lines(findings: Findings) -> list[str]:
    """Return the columns that were refused as leaks, or should be looked at, without evidence."""
    certain, suspicious = (
        [name for leak in findings.leaks if leak.verdict == verdict for name in leak.columns]
        for verdict in ("certain", "suspicious")
    )
    return [
        *(field("Refused", f"{listed(certain)}: leaks of the answer") if certain else []),
        *(field("Look at", f"{listed(suspicious)}: known in time?") if suspicious else []),
    ]


def _outlook(findings: Findings) -> list[str]:
    outlook = findings.outlook
    if outlook is None:
        return field(
            "Worth it", *([clip(findings.unforeseen, _VERDICT)] if findings.unforeseen else [])
        )
    expected = aligned((each.title, interval(each.score)) for each in outlook.expected)
    more = aligned(
        (
            f"{each.rows:,} rows",
            f"{interval(each.score)}, better by {gain(each.gain)}{_worth(each)}",
        )
        for each in outlook.growth
    )
    goal = outlook.feasibility
    return [
        *field("Worth it", clip(outlook.sentence, _VERDICT)),
        *field("Expected", metric_line(findings.plan.metric), *expected),
        *field("More rows", *more),
        *(
            field("Goal", clip(f"{goal.goal}, {goal.verdict}: {goal.sentence}", _VERDICT))
            if goal
            else []
        ),
    ]


def _worth(growth: Growth) -> str:
    saves = growth.saves
    return "" if saves is None else f"; in 1,000 cases mistakes cost {interval(saves)} less"


def _leaks(mark: str, leaks: Sequence[Leak], most: int) -> list[str]:
    rows = [(f"{mark} {listed(leak.columns, 4)}", clip(leak.evidence, 240)) for leak in leaks]
    lines = [f"{names}: {evidence}" for names, evidence in rows]
    return bounded(lines, most, "in findings.json")
