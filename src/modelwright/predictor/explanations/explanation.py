"""All that is told of one row."""

from collections.abc import Mapping
from typing import Any

import msgspec
import numpy as np

from modelwright.data.records import Columns, RecordReader
from modelwright.errors import SchemaError
from modelwright.predictor.bundle import Bundle
from modelwright.predictor.explanations.background import Background, background_of
from modelwright.predictor.explanations.changes import smallest_change
from modelwright.predictor.explanations.contributions import Method, contributions
from modelwright.predictor.explanations.led_back import lead_back
from modelwright.predictor.explanations.similar import most_similar
from modelwright.predictor.explanations.unlike import Unlike, unlike_training
from modelwright.predictor.operations.base import Floats, Value
from modelwright.tasks.task import Label

_SIMILAR = 3


class Part(msgspec.Struct, frozen=True, kw_only=True):
    """What one column adds to the answer.

    Parameters
    ----------
    column
        Its name.
    value
        In the row, as it was sent; None where it is missing.
    adds
        To the usual answer: in units of the target, or of probability.
    error
        The standard error of that; zero where nothing was sampled.
    """

    column: str
    value: Any
    adds: float
    error: float


class Neighbour(msgspec.Struct, frozen=True, kw_only=True):
    """A recorded row that is like the one explained."""

    row: dict[str, Any]
    answer: Label | float


class Explanation(msgspec.Struct, frozen=True, kw_only=True):
    """Why a row got its answer.

    Parameters
    ----------
    answer
        The class, or the number.
    of
        What is explained: the class whose probability it is; None in a regression.
    value
        The probability or the number that is explained.
    usual
        The mean of what recorded rows are answered; the parts lead from it to the value.
    method
        How the parts were found: ``"exact"`` and ``"combinations"`` have no error, ``"corrected"``
        has that of a correction, and ``"sampled"`` that of all.
    parts
        What each column adds, the largest first.
    changes
        Values with which the class would be another: those of the fewest columns found; empty where
        neither one column nor two are enough, and in a regression.
    similar
        Recorded rows most like this one.
    unlike
        Values that training rows hardly had: the answer is the less sure.
    """

    answer: Label | float
    of: Label | None
    value: float
    usual: float
    method: Method
    parts: tuple[Part, ...]
    changes: dict[str, Any]
    similar: tuple[Neighbour, ...]
    unlike: tuple[Unlike, ...]


def explain(bundle: Bundle, record: Mapping[str, Any], *, seed: int = 0) -> Explanation:
    """Explain the answer to a row.

    Parameters
    ----------
    bundle
        What answers.
    record
        JSON values by column, as a client sends them; what is left out is missing.
    seed
        The same seed gives the same explanation.

    Raises
    ------
    BundleError
        When the bundle records no rows to compare with.
    SchemaError
        When a field is unknown, a value has the wrong type, or there is no finite answer.
    """
    read = RecordReader(bundle.schema)([record])
    record = {each.name: record.get(each.name, record.get(each.cell)) for each in bundle.schema}
    row = {each.name: read[each.name] for each in bundle.program.inputs}
    answers = _run(bundle, row)
    if not np.isfinite(answers).all():
        raise SchemaError("The model has no finite answer for the row.", "Check its numbers.")
    background = background_of(bundle)
    output = _output(bundle, answers)
    made = contributions(
        row,
        background,
        lambda rows: _answered(bundle, rows)[:, output],
        led_back=lambda: lead_back(bundle.program, row, background.columns, output=output),
        seed=seed,
    )
    order = sorted(made.parts, key=lambda name: -abs(made.parts[name]))
    classes = bundle.program.task.classes
    return Explanation(
        answer=_plain(bundle.program.decide(answers)[0]),
        of=classes[output] if classes else None,
        value=float(answers[0, output]),
        usual=made.usual,
        method=made.method,
        parts=tuple(
            Part(
                column=name, value=record.get(name), adds=made.parts[name], error=made.errors[name]
            )
            for name in order
        ),
        changes=_changes(bundle, row, background, order, own=answers),
        similar=_similar(bundle, row, background, made.parts),
        unlike=tuple(unlike_training(row, bundle.reference)),
    )


def _changes(
    bundle: Bundle, row: Columns, background: Background, order: list[str], *, own: Floats
) -> dict[str, Any]:
    if not bundle.program.task.is_classification:
        return {}

    def choose(rows: Columns) -> Value:
        answers = _run(bundle, rows)
        failed = bundle.program.unanswered(answers)
        # Where there is no answer, the row's own stands: no value is said to change it.
        return bundle.program.choose(np.where(failed[:, None], own, answers))

    found = smallest_change(row, background, order, choose)
    return {name: background.records[place].get(name) for name, place in found.items()}


def _similar(
    bundle: Bundle, row: Columns, background: Background, parts: Mapping[str, float]
) -> tuple[Neighbour, ...]:
    labels = bundle.program.decide(background.answers)
    near = most_similar(row, background, _weights(parts), count=_SIMILAR)
    return tuple(
        Neighbour(
            row={name: background.records[place].get(name) for name in row},
            answer=_plain(labels[place]),
        )
        for place in near
    )


def _run(bundle: Bundle, rows: Columns) -> Floats:
    with np.errstate(all="ignore"):
        return bundle.run(rows)


def _answered(bundle: Bundle, rows: Columns) -> Floats:
    """Answer rows that mix the explained one with recorded ones."""
    answers = _run(bundle, rows)
    if bundle.program.unanswered(answers).any():
        raise SchemaError(
            "The row cannot be explained: the model has no answer to values of recorded rows.",
            "Ask for its answer alone.",
        )
    return answers


def _output(bundle: Bundle, answers: Floats) -> int:
    """Return which output is explained: the positive class, the class answered, or the number."""
    task = bundle.program.task
    if task.kind == "binary":
        return 1
    return int(bundle.program.choose(answers)[0]) if task.is_classification else 0


def _weights(parts: Mapping[str, float]) -> dict[str, float]:
    total = sum(map(abs, parts.values()))
    return {name: abs(part) / total if total else 1.0 for name, part in parts.items()}


def _plain(answer: Any) -> Label | float:
    plain: Label | float = answer.item() if isinstance(answer, np.generic) else answer
    return plain
