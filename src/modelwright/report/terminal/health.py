"""The page of a health."""

from modelwright.documents import Health, Record, Skew
from modelwright.report.pictures.live_score import cost_lines, estimate_lines, period_lines
from modelwright.report.pictures.loss_split import split_lines
from modelwright.report.remedies import remedy_lines
from modelwright.report.terminal.layout import aligned, bounded, field, left_out, title
from modelwright.report.terminal.phrases import SENTENCE, sign
from modelwright.report.words import clip, interval, metric_title, moment, percent, plural

_BROKEN, _DRIFTED = 4, 5
"""Of a health, which has most to tell."""


def health_page(health: Health) -> list[str]:
    """Return the lines of a health."""
    span = f" from {moment(health.since)} to {moment(health.until)}" if health.since else ""
    told = [each for each in health.drift if each.verdict != "steady"]
    drift = [(each.verdict, clip(each.column, 30), clip(each.sentence, 70)) for each in told]
    scores = aligned(
        [("realised", interval(health.realised)), ("expected", interval(health.expected))]
    )
    rules = [
        f"✗ {clip(f'{each.column}: {each.sentence}', SENTENCE)}" for each in health.broken_rules
    ]
    broken = bounded(rules, _BROKEN, "in health.json")
    return [
        title("Health"),
        *field("Verdict", f"{sign(health.healthy)} {clip(health.sentence, 2 * SENTENCE)}"),
        *field("Rows", f"{health.rows:,}{span}, {health.labelled:,} with labels"),
        *field("Record", *_record(health.record)),
        *field("Score", metric_title(health.metric), *scores),
        *field("Estimated", *(clip(each, SENTENCE) for each in estimate_lines(health))),
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
        *field("Skew", *_skew(health.skew)),
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
        why = clip(f": {record.why}", SENTENCE) if record.why else ""
        lines.append(f"! {record.unlogged:,} answers that clients got are not in the ledger{why}")
    return lines


def _skew(skew: Skew | None) -> list[str]:
    """Return where the server saw other values than a table has."""
    if skew is None:
        return []
    marks = {"alarm": "✗", "note": "·"}
    lines = [f"{marks[each.verdict]} {clip(each.sentence, 160)}" for each in skew.columns]
    return [skew.sentence, *bounded(lines, _DRIFTED, "in health.json")]


def _alarms(health: Health) -> str:
    return plural(sum(each.verdict == "alarm" for each in health.drift), "alarm")
