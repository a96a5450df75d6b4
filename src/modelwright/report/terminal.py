"""A document as plain text: at most some thirty lines, each with its label."""

from collections.abc import Iterable, Sequence

from modelwright.compute.budget import format_duration
from modelwright.compute.limits import format_latency
from modelwright.data.checks.base import CheckResult
from modelwright.data.contract import CheckReport
from modelwright.documents import (
    Candidate,
    Cost,
    Document,
    Findings,
    Gate,
    Health,
    Leak,
    Outlook,
    Plan,
    Record,
    Release,
    Risk,
    Trial,
)
from modelwright.report.everyday import hundreds, judgement
from modelwright.report.layout import aligned, bounded, field, left_out, title
from modelwright.report.live_score import cost_lines, estimate_lines, period_lines
from modelwright.report.loss_split import split_lines
from modelwright.report.related import related_lines
from modelwright.report.remedies import remedy_lines
from modelwright.report.words import (
    better_is,
    clip,
    gain,
    interval,
    listed,
    metric_title,
    moment,
    number,
    percent,
    plural,
    size,
    times,
)

_NAMES = 60
_SENTENCE = 160
_VERDICT = 400
"""A verdict is read to its end."""
_SHOWN = 6
_BROKEN, _DRIFTED = 4, 5
"""Of a health, which has most to tell."""
_TRIALS = 8
_RULES = 8
"""Broken rules that are shown; each takes at most three lines."""


def describe(document: Document) -> str:
    """Return a document as text for a terminal, without colours and without a final newline.

    Parameters
    ----------
    document
        A plan, findings, candidate, release or health.
    """
    match document:
        case Plan():
            lines = _plan(document)
        case Findings():
            lines = _findings(document)
        case Candidate():
            lines = _candidate(document)
        case Release():
            lines = _release(document)
        case Health():
            lines = _health(document)
        case _:
            lines = [title(type(document).__name__)]
    return "\n".join(lines)


def describe_check(report: CheckReport) -> str:
    """Return what the checks of a contract found, the broken rules with some of their rows.

    Parameters
    ----------
    report
        Of `check_table`.
    """
    broken = [line for result in report.broken[:_RULES] for line in _broken_rule(result)]
    kept = sum(result.passed for result in report.results)
    verdict = "The table keeps the contract" if report.passed else "The table breaks the contract"
    return "\n".join(
        [
            title("Check"),
            *field("Verdict", f"{_sign(report.passed)} {verdict}."),
            *field(
                "Rules",
                f"{kept:,} of {plural(len(report.results), 'rule')} kept, "
                f"{plural(report.rows, 'row')} read",
            ),
            *field("Broken", *broken, *_more_rules(len(report.broken))),
            *field("Unchecked", *_sentences(report.unchecked, 5)),
        ]
    )


def _plan(plan: Plan) -> list[str]:
    table, split = plan.table, plan.split
    return [
        title("Plan"),
        *field("Question", clip(plan.question, _SENTENCE)),
        *field("Data", f"{clip(table.address)}: {_shape(table.rows, table.columns)}"),
        *field("Target", f"{clip(plan.target, _NAMES)}, {plan.task.kind} ({_classes(plan)})"),
        *field("Metric", f"{_metric(plan.metric)}: {_clause(plan.metric_reason)}"),
        *field("Split", f"{_split(plan)}: {_clause(split.reason)}"),
        *field("Schemes", *aligned(_schemes(plan), right=[2, 3])),
        *field("Risks", *_risks(plan.risks, 5, "in plan.json")),
        *field("Gates", *aligned((rule.name, rule.condition) for rule in plan.gates)),
        *field("Budget", f"{format_duration(plan.budget_s)}, seed {plan.seed}"),
        *(field("Takes", _cost(plan.cost)) if plan.cost else []),
    ]


def _cost(cost: Cost) -> str:
    time, memory, disk = cost.seconds, cost.memory_bytes, cost.size_bytes
    return (
        f"about {format_duration(time.value)} ({format_duration(time.low)} to "
        f"{format_duration(time.high)}), {size(int(memory.value))} of memory "
        f"({size(int(memory.low))} to {size(int(memory.high))}), {size(int(disk.value))} on disk; "
        f"as {plural(cost.runs, 'past run')} did, {cost.own_runs:,} of them yours"
    )


def _findings(findings: Findings) -> list[str]:
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
            *aligned((clip(each.column, 30), clip(each.reason, 70)) for each in others[:_SHOWN]),
            *left_out(len(others) - _SHOWN, "in findings.json"),
        ),
        *field("Problems", *_risks(findings.problems, 5, "in findings.json")),
        *(_outlook(findings.outlook, findings.plan.metric) if findings.outlook else []),
        *related_lines(findings),
        *field("Reads", f"{plural(len(findings.schema.features), 'column')}"),
        *field("Contract", clip(findings.contract_path)),
    ]


def _outlook(outlook: Outlook, metric: str) -> list[str]:
    expected = aligned((each.title, interval(each.score)) for each in outlook.expected)
    more = aligned(
        (f"{each.rows:,} rows", f"{interval(each.score)}, better by {gain(each.gain)}")
        for each in outlook.growth
    )
    goal = outlook.feasibility
    return [
        *field("Worth it", clip(outlook.sentence, _VERDICT)),
        *field("Expected", _metric(metric), *expected),
        *field("More rows", *more),
        *(
            field("Goal", clip(f"{goal.goal}, {goal.verdict}: {goal.sentence}", _VERDICT))
            if goal
            else []
        ),
    ]


def _candidate(candidate: Candidate) -> list[str]:
    evaluation = candidate.evaluation
    scores = aligned(
        [
            ("the model", interval(evaluation.score)),
            ("the baseline", f"{interval(evaluation.baseline_score)}  {_baseline(candidate)}"),
            ("paired gain", gain(evaluation.gain)),
        ]
    )
    return [
        title("Candidate"),
        *field("Question", clip(candidate.question, _SENTENCE)),
        *field("Answer", judgement(candidate)),
        *field("", *(f"{each.sentence[:-1]} ({each.beside[:-1]})" for each in hundreds(candidate))),
        *field(
            "Holdout",
            f"{_metric(candidate.metric)}, on {plural(evaluation.rows, 'row')}, "
            f"opened {times(evaluation.openings)}",
            *scores,
        ),
        *(field("All rows", candidate.streaming.sentence) if candidate.streaming else []),
        *field("Blend", _blend(candidate), f"calibration: {_clause(candidate.calibration)}"),
        *field(
            "Takes",
            f"{format_latency(candidate.latency_s)} a row, {size(candidate.size_bytes)} on disk",
        ),
        *field("Trials", *_trials(candidate)),
        *field("Drivers", *_drivers(candidate)),
        *field("Gates", *_gates(candidate.gates)),
        *field("Time", f"{format_duration(candidate.seconds)} of {_budget(candidate)}"),
    ]


def _release(release: Release) -> list[str]:
    verdict = "released" if release.released else "not released: a gate is shut"
    verdict = "on trial beside the champion" if release.on_trial else verdict
    return [
        title("Release"),
        *field("Verdict", f"{_sign(release.released)} {clip(release.target, _NAMES)}: {verdict}"),
        *field("Gates", *_gates(release.gates)),
        *(_bundle(release) if release.bundle_path else []),
        *([] if release.released else field("Look into", *_looking_into(release))),
    ]


def _looking_into(release: Release) -> list[str]:
    """Return how a person finds out why a gate is red."""
    red = "; ".join(gate.name for gate in release.gates if not gate.passed)
    return [
        f"{clip(red, _SENTENCE)}: the whole evidence is in release.json.",
        "What was judged is the folder candidate of the workspace; serve it, and ask it yourself.",
    ]


def _health(health: Health) -> list[str]:
    span = f" from {moment(health.since)} to {moment(health.until)}" if health.since else ""
    told = [each for each in health.drift if each.verdict != "steady"]
    drift = [(each.verdict, clip(each.column, 30), clip(each.sentence, 70)) for each in told]
    scores = aligned(
        [("realised", interval(health.realised)), ("expected", interval(health.expected))]
    )
    rules = [
        f"✗ {clip(f'{each.column}: {each.sentence}', _SENTENCE)}" for each in health.broken_rules
    ]
    broken = bounded(rules, _BROKEN, "in health.json")
    return [
        title("Health"),
        *field("Verdict", f"{_sign(health.healthy)} {clip(health.sentence, 2 * _SENTENCE)}"),
        *field("Rows", f"{health.rows:,}{span}, {health.labelled:,} with labels"),
        *field("Record", *_record(health.record)),
        *field("Score", metric_title(health.metric), *scores),
        *field("Estimated", *(clip(each, _SENTENCE) for each in estimate_lines(health))),
        *field("By time", *period_lines(health)),
        *field("Costs", *cost_lines(health)),
        *field("Why", *split_lines(health)),
        *field("Contract", *(broken or ["✓ no rule is broken"])),
        *field(
            "Drift",
            f"{_alarms(health)} among {plural(len(health.drift), 'column')}; the chance of any "
            f"false alarm is {percent(health.false_alarm_rate)}",
            *aligned(drift[:_DRIFTED]),
            *left_out(len(drift) - _DRIFTED, "in health.json"),
        ),
        *field("Action", health.action),
        *field("Remedies", *bounded(remedy_lines(health.remedies), 5, "in health.json")),
    ]


def _record(record: Record | None) -> list[str]:
    """Return what is missing in the ledger."""
    if record is None:
        return []
    lines = []
    if record.without_inputs:
        lines.append(
            f"! {record.without_inputs:,} of {record.answers:,} answers were logged without their "
            "row, and are not judged"
        )
    if record.set_aside:
        lines.append(f"{record.set_aside:,} of {record.answers:,} answers are set aside")
    if record.unlogged:
        why = clip(f": {record.why}", _SENTENCE) if record.why else ""
        lines.append(f"! {record.unlogged:,} answers that clients got are not in the ledger{why}")
    return lines


def _shape(rows: int, columns: int) -> str:
    return f"{plural(rows, 'row')}, {plural(columns, 'column')}"


def _classes(plan: Plan) -> str:
    return listed(plan.task.classes) if plan.task.classes else "a number"


def _metric(name: str) -> str:
    better = better_is(name)
    return f"{metric_title(name)} ({better})" if better else metric_title(name)


def _split(plan: Plan) -> str:
    split = plan.split
    by = f"{split.kind} ({clip(split.column, _NAMES)})" if split.column else split.kind
    held = (
        f"from {moment(split.boundary)} on" if split.boundary else percent(split.holdout_fraction)
    )
    return f"{by}, holdout {held}, {split.folds} folds"


def _clause(sentence: str) -> str:
    return clip(sentence, _SENTENCE).rstrip(".")


def _schemes(plan: Plan) -> list[tuple[str, ...]]:
    return [
        ("", "", "expected", "a probe's score"),
        *(
            (
                "→" if scheme.chosen else " ",
                clip(scheme.title, 40),
                format_duration(scheme.expected_s),
                number(scheme.expected_score),
            )
            for scheme in plan.schemes
        ),
    ]


def _risks(risks: Sequence[Risk], most: int, rest: str) -> list[str]:
    marks = {"note": "·", "warning": "!", "serious": "!"}
    lines = [f"{marks[risk.severity]} {clip(risk.sentence, _SENTENCE)}" for risk in risks]
    return bounded(lines, most, rest)


def _leaks(mark: str, leaks: Sequence[Leak], most: int) -> list[str]:
    rows = [(f"{mark} {listed(leak.columns, 4)}", clip(leak.evidence, 120)) for leak in leaks]
    lines = [f"{names}: {evidence}" for names, evidence in rows]
    return bounded(lines, most, "in findings.json")


def _baseline(candidate: Candidate) -> str:
    return clip(candidate.baseline, 40)


def _blend(candidate: Candidate) -> str:
    members = [
        f"{clip(trial.title, 30)} {percent(trial.weight)}"
        for trial in candidate.trials
        if trial.weight
    ]
    if candidate.streaming and candidate.streaming.used:
        streamed = set(candidate.streaming.weights) - {each.learner for each in candidate.trials}
        members += [
            f"{clip(name, 40)} {percent(candidate.streaming.weights[name])}"
            for name in sorted(streamed)
        ]
    return ", ".join(members) or "the baseline alone"


def _trials(candidate: Candidate) -> list[str]:
    shown = candidate.trials[:_TRIALS]
    rows = aligned(
        [
            ("", "score", "paired gain", "time", ""),
            *(
                (
                    clip(trial.title, 30),
                    number(trial.score),
                    gain(trial.gain),
                    format_duration(trial.seconds),
                    _remark(trial),
                )
                for trial in shown
            ),
        ],
        right=[1, 3],
    )
    return [*rows, *left_out(len(candidate.trials) - _TRIALS, "in candidate.json")]


def _remark(trial: Trial) -> str:
    return clip(trial.failure, 60) if trial.failure else "cut short" if trial.cut_short else ""


def _drivers(candidate: Candidate) -> list[str]:
    names = [each.column for each in candidate.evaluation.importances if each.low > 0]
    return [listed(names, 5)] if names else []


def _gates(gates: Iterable[Gate]) -> list[str]:
    return aligned(
        (f"{_sign(gate.passed)} {clip(gate.name, 40)}", clip(gate.evidence, 120)) for gate in gates
    )


def _budget(candidate: Candidate) -> str:
    return f"{format_duration(candidate.budget_s)}, seed {candidate.seed}"


def _bundle(release: Release) -> list[str]:
    return [
        *field("Bundle", f"{clip(release.bundle_path)}, {size(release.bundle_bytes)}"),
        *field("Hash", clip(release.bundle_hash)),
        *field("Before", *([clip(release.previous_hash)] if release.previous_hash else [])),
        *field("Latency", *_latency(release.row_latency_s)),
    ]


def _latency(seconds: float | None) -> list[str]:
    return [] if seconds is None else [f"{number(1000 * seconds)} ms for one row"]


def _alarms(health: Health) -> str:
    return plural(sum(each.verdict == "alarm" for each in health.drift), "alarm")


def _broken_rule(result: CheckResult) -> list[str]:
    mark = "✗" if result.severity == "error" else "!"
    rows = [f"row {row:,}: {clip(value, 40)}" for row, value in result.examples[:5]]
    return [
        f"{mark} {clip(result.sentence, 2 * _SENTENCE)}",
        *([f"  {', '.join(rows)}"] if len(rows) > 1 else []),
    ]


def _more_rules(broken: int) -> list[str]:
    return left_out(broken - _RULES, "(--json shows all of them)")


def _sentences(sentences: Sequence[str], most: int) -> list[str]:
    return bounded([clip(each, _SENTENCE) for each in sentences], most, "in the contract")


def _sign(passed: bool) -> str:
    return "✓" if passed else "✗"
