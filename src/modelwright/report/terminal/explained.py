"""Why a row got its answer, for a terminal."""

import math
from collections.abc import Iterator
from typing import Any

import msgspec

from modelwright.predictor.explanations.explanation import Explanation, Part
from modelwright.predictor.labels import label_text
from modelwright.report.terminal.layout import aligned, bounded, field, title
from modelwright.report.words import clip, number, percent

_SHOWN = 8
_SHOWN_UNLIKE = 5
_VALUE = 50


def describe_explanation(explanation: Explanation) -> str:
    """Return an explanation as text for a terminal.

    Parameters
    ----------
    explanation
        What `explain` returned.
    """
    lines = [
        title("Why"),
        *field("Answer", _answer(explanation)),
        *field("Usually", f"{_amount(explanation.usual, explanation)} for recorded rows"),
        *field("Because", *_parts(explanation)),
        *field("How sure", say_method(explanation)),
        *field("Otherwise", *_changes(explanation)),
        *field("Like it", *_similar(explanation)),
        *field("Unlike", *_unlike(explanation)),
    ]
    return "\n".join(lines)


def say_method(explanation: Explanation) -> str:
    """Say how exact the parts of an explanation are.

    Parameters
    ----------
    explanation
        What `explain` returned.
    """
    if explanation.method == "exact":
        return "The parts are exact: they were read from the model itself."
    if explanation.method == "combinations":
        return "The parts are exact: every combination of these columns was tried."
    largest = 2 * max((part.error for part in explanation.parts), default=0.0)
    within = number(largest) if explanation.of is None else f"{number(100 * largest)} points"
    if explanation.method == "corrected":
        return (
            "The parts are exact for the scores inside the model; the step from there to the "
            f"answer was sampled. None is likely to be off by more than {within}."
        )
    return f"The parts were sampled. None is likely to be off by more than {within}."


def _answer(explanation: Explanation) -> str:
    if explanation.of is None:
        return number(float(explanation.value))
    share = percent(explanation.value)
    return f"{_label(explanation.answer)} (probability of {_label(explanation.of)}: {share})"


def _parts(explanation: Explanation) -> list[str]:
    told = [part for part in explanation.parts if part.adds]
    rows = (
        (clip(part.column, _VALUE), _shown(part.value), _added(part, explanation)) for part in told
    )
    return bounded(aligned(rows, right=[2]), _SHOWN, "with smaller parts (--json shows all)")


def _added(part: Part, explanation: Explanation) -> str:
    sign = "+" if part.adds > 0 else "-"
    if explanation.of is None:
        return f"{sign}{number(abs(part.adds))}"
    return f"{sign}{number(100 * abs(part.adds))} points"


def _amount(value: float, explanation: Explanation) -> str:
    return number(value) if explanation.of is None else percent(value)


def _changes(explanation: Explanation) -> Iterator[str]:
    if explanation.of is None:
        return
    if not explanation.changes:
        yield "Neither one value nor two of those tried would make it another class."
        return
    told = " and ".join(f"{name} = {_shown(value)}" for name, value in explanation.changes.items())
    yield f"With {told} the class would be another."


def _similar(explanation: Explanation) -> list[str]:
    answers = ", ".join(
        number(each.answer) if explanation.of is None else _label(each.answer)  # type: ignore[arg-type]
        for each in explanation.similar
    )
    return [f"The most similar recorded rows are answered {answers}."] if answers else []


def _unlike(explanation: Explanation) -> list[str]:
    told = (f"{clip(each.column, _VALUE)}: {each.sentence}" for each in explanation.unlike)
    return bounded(list(told), _SHOWN_UNLIKE, "unlike training (--json shows all)")


def _shown(value: Any) -> str:
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return "missing"
    return clip(value if isinstance(value, str) else msgspec.json.encode(value).decode(), _VALUE)


def _label(label: Any) -> str:
    return clip(label_text(label), _VALUE)
