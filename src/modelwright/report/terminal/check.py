"""What the checks of a contract found, as plain text."""

from collections.abc import Sequence

from modelwright.data.checks.base import CheckResult
from modelwright.data.contracts.contract import CheckReport
from modelwright.report.terminal.layout import bounded, field, left_out, title
from modelwright.report.terminal.phrases import SENTENCE, sign
from modelwright.report.words import clip, plural

_RULES = 8
"""Broken rules that are shown; each takes at most three lines."""


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
            *field("Verdict", f"{sign(report.passed)} {verdict}."),
            *field(
                "Rules",
                f"{kept:,} of {plural(len(report.results), 'rule')} kept, "
                f"{plural(report.rows, 'row')} read",
            ),
            *field("Broken", *broken, *_more_rules(len(report.broken))),
            *field("Unchecked", *_sentences(report.unchecked, 5)),
        ]
    )


def _broken_rule(result: CheckResult) -> list[str]:
    mark = "✗" if result.severity == "error" else "!"
    rows = [f"row {row:,}: {clip(value, 40)}" for row, value in result.examples[:5]]
    return [
        f"{mark} {clip(result.sentence, 2 * SENTENCE)}",
        *([f"  {', '.join(rows)}"] if len(rows) > 1 else []),
    ]


def _more_rules(broken: int) -> list[str]:
    return left_out(broken - _RULES, "(--json shows all of them)")


def _sentences(sentences: Sequence[str], most: int) -> list[str]:
    return bounded([clip(each, SENTENCE) for each in sentences], most, "in the contract")
