"""What the pages of several documents say in the same words."""

from collections.abc import Iterable, Sequence

from modelwright.documents import Gate, Risk
from modelwright.report.terminal.layout import bounded
from modelwright.report.words import better_is, clip, metric_title, plural

NAMES = 60
SENTENCE = 160
_RISK = 2 * SENTENCE
"""A sentence that warns is read to its end, which says what to do."""


def shape(rows: int, columns: int) -> str:
    """Say how large a table is."""
    return f"{plural(rows, 'row')}, {plural(columns, 'column')}"


def metric_line(name: str) -> str:
    """Name a metric, and say which way is better."""
    better = better_is(name)
    return f"{metric_title(name)} ({better})" if better else metric_title(name)


def clause(sentence: str) -> str:
    """Return a sentence as part of a line."""
    return clip(sentence, _RISK).rstrip(".")


def risk_lines(risks: Sequence[Risk], most: int, rest: str) -> list[str]:
    """Return a line for each risk, the rest counted."""
    marks = {"note": "·", "warning": "!", "serious": "!"}
    lines = [f"{marks[risk.severity]} {clip(risk.sentence, _RISK)}" for risk in risks]
    return bounded(lines, most, rest)


def gate_lines(gates: Iterable[Gate]) -> list[str]:
    """Return a line for each gate, with what it saw."""
    return [
        f"{sign(each.passed)} {clip(each.name, NAMES)}: {clip(each.evidence, SENTENCE)}"
        for each in gates
    ]


def sign(passed: bool) -> str:
    """Return a tick or a cross."""
    return "✓" if passed else "✗"
