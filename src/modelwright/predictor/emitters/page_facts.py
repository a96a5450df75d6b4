"""What a page with a form tells of a bundle's columns."""

from datetime import UTC, datetime, timedelta
from typing import Any

from modelwright.data.records import MISSING_DATETIME, RecordReader
from modelwright.data.schema import Column, Kind
from modelwright.data.values.cells import text_of_number
from modelwright.predictor.bundle import Bundle
from modelwright.predictor.emitters.facts import Facts
from modelwright.predictor.labels import label_text
from modelwright.predictor.operations.categories import Codes
from modelwright.predictor.program import column_value
from modelwright.predictor.reference.distribution import Binned, Distribution, Levels
from modelwright.tasks.figures import ranged

_EXAMPLES = 8
_FEW = 20
"""Levels that a list to choose from may have."""
_MOST_KNOWN = 2_000
_SUGGESTED = 100
_SHORT = 1_000
_OTHER = "another level"
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_INPUTS = {Kind.BOOLEAN: "boolean", Kind.TEXT: "text"}
_USUAL_INPUTS = {"number": "number", "string": "level", "datetime": "moment"}
_NOTES = {
    "number": "a number",
    "boolean": "yes or no",
    "level": "a category",
    "text": "a text",
    "moment": "a moment",
}
_HINTS = {"moment": "in UTC"}


def page_facts(facts: Facts) -> dict[str, Any]:
    """Return what the page's script is told, as values of JSON."""
    bundle = facts.bundle
    task, coverage = bundle.program.task, bundle.program.coverage
    columns = [cell.column for cell in facts.layout.cells]
    labels = [label_text(label) for label in task.classes]
    return {
        "columns": [_column(column, bundle) for column in columns],
        "examples": _examples(bundle, columns) or [[None] * len(columns)],
        "labels": labels or None,
        "threshold": bundle.program.threshold if task.kind == "binary" else None,
        "levels": [] if coverage is None else list(coverage.levels),
        "usual": None if coverage is None else coverage.usual_level,
        "usualAnswers": None if labels else _usual(bundle.reference.answers),
        "other": _OTHER,
    }


def learned_from(bundle: Bundle) -> str:
    """Return what the model learned from and how it did, as a sentence."""
    facts = bundle.facts
    learned = f"Learned from {facts.training_rows:,} rows."
    score = facts.holdout_score
    if score is None:
        return learned
    return f"{learned} On rows that it had not seen, its {facts.metric} is {ranged(score)}."


def related_tables(bundle: Bundle) -> str:
    """Return what is to be known of columns that are computed, as a sentence; often empty."""
    names, tables = bundle.features.names, bundle.features.tables
    if not names:
        return ""
    count = "One column is" if len(names) == 1 else f"{len(names)} columns are"
    return (
        f"{count} computed from rows of {' and '.join(tables)}, which this page does not read: "
        "what they are is told beside them, and modelwright's server computes them from the rows "
        "themselves."
    )


def _column(column: Column, bundle: Bundle) -> dict[str, Any]:
    kind = _INPUTS.get(column.kind, _USUAL_INPUTS[column.value_type])
    known = _known(column, bundle) if kind == "level" else []
    seen = bundle.reference.columns.get(column.name)
    common = [*seen.levels] if kind == "level" and isinstance(seen, Levels) else []
    few = 0 < len(known) <= _FEW and _OTHER not in known
    order = {level: place for place, level in enumerate(common)}
    meanings = {feature.name: feature.meaning for feature in bundle.features.features}
    known.sort(key=lambda level: (order.get(level, len(order)), level))
    return {
        "name": column.name,
        "kind": kind,
        "note": _NOTES[kind],
        "hint": meanings.get(column.name) or _HINTS.get(kind, ""),
        "few": few,
        "levels": known if few else (common or known)[:_SUGGESTED],
        "known": known if 0 < len(known) <= _MOST_KNOWN else None,
        "usual": _usual(seen) if kind == "number" else None,
    }


def _known(column: Column, bundle: Bundle) -> list[str]:
    """Return the levels that the program tells apart from what it does not know."""
    found: dict[str, None] = {}
    for step in bundle.program.steps:
        if isinstance(step, Codes) and column_value(column.name) in step.inputs:
            found |= dict.fromkeys((*step.levels, *step.rare))
    return [*found]


def _usual(seen: Distribution | None) -> list[float] | None:
    """Return the ends between which most training rows were."""
    if not isinstance(seen, Binned) or len(seen.edges) < 2:
        return None
    return [seen.edges[0], seen.edges[-1]]


def _examples(bundle: Bundle, columns: list[Column]) -> list[list[str | None]]:
    records = [case.record for case in bundle.cases[:_EXAMPLES]]
    read = RecordReader(bundle.schema)(records)
    return [
        [_shown(read[column.name].tolist()[row], column) for column in columns]
        for row in range(len(records))
    ]


def _shown(value: Any, column: Column) -> str | None:
    """Return a value as an input of the page holds it."""
    if value is None or value != value or value == MISSING_DATETIME:
        return None
    if column.value_type == "datetime":
        moment = _EPOCH + timedelta(microseconds=value)
        return moment.isoformat(timespec="milliseconds").removesuffix("+00:00")
    if column.value_type == "string":
        return str(value)[:_SHORT]
    if column.kind == Kind.BOOLEAN:
        return "yes" if value else "no"
    return None if abs(value) == float("inf") else text_of_number(value)
