"""Answers to an uploaded file as CSV or JSON Lines, a piece at a time.

In CSV they have the columns that ``modelwright predict`` adds, and before them ``row`` and ``id``;
the last column, ``error``, says why a row has no answer. In JSON Lines they have the fields of
``/predict`` and ``row``, or ``row`` and ``error``.
"""

import csv
import io
from collections.abc import Sequence
from typing import Protocol, TypeAlias

import msgspec

from modelwright.errors import InputError
from modelwright.predictor.coverage import Ranges
from modelwright.predictor.labels import label_text
from modelwright.predictor.program import Program
from modelwright.serving.answers import Answer

Answered: TypeAlias = Answer | InputError
_END = "end"


class RowsOut(Protocol):
    """Writes answers."""

    def head(self) -> bytes:
        """Return what stands before all answers."""
        ...

    def piece(self, answers: Sequence[Answered], *, first: int) -> bytes:
        """Return some answers; the first of them is to the row of this number."""
        ...

    def broken_off(self, sentence: str) -> bytes:
        """Return what says that no further row is answered, and why."""
        ...


class CsvOut:
    """Writes answers as CSV.

    Parameters
    ----------
    program
        Whose answers are written.
    """

    def __init__(self, program: Program) -> None:
        task = program.task
        first = 1 if task.kind == "binary" else 0
        self._classes = [label_text(label) for label in task.classes][first:]
        self._ranges = isinstance(program.coverage, Ranges)
        beside = ["prediction_low", "prediction_high"] if self._ranges else ["prediction_set"]
        self._beside = beside if program.coverage is not None else []
        probabilities = [f"probability_{name}" for name in self._classes]
        self._columns = ["row", "id", "prediction", *probabilities, *self._beside, "error"]

    def head(self) -> bytes:
        """Return the names of the columns."""
        return _csv([self._columns])

    def piece(self, answers: Sequence[Answered], *, first: int) -> bytes:
        """Return some answers, a line each."""
        return _csv([self._line(number, each) for number, each in enumerate(answers, first)])

    def broken_off(self, sentence: str) -> bytes:
        """Return a line that has nothing but an error, and no number of a row."""
        return _csv([[_END, *[""] * (len(self._columns) - 2), sentence]])

    def _line(self, number: int, answer: Answered) -> list[object]:
        if isinstance(answer, InputError):
            return [number, *[""] * (len(self._columns) - 2), str(answer)]
        chances = answer.probabilities or {}
        line = [number, answer.id, answer.answer, *(chances[name] for name in self._classes)]
        if self._ranges:
            line += answer.within or ["", ""]
        elif self._beside:
            line.append(msgspec.json.encode(answer.among).decode())
        return [*line, ""]


class LinesOut:
    """Writes answers as JSON Lines."""

    def head(self) -> bytes:
        """Return nothing."""
        return b""

    def piece(self, answers: Sequence[Answered], *, first: int) -> bytes:
        """Return some answers, a line each."""
        lines = []
        for number, answer in enumerate(answers, first):
            if isinstance(answer, InputError):
                told = {"row": number, "error": str(answer)}
            else:
                told = {"row": number, **msgspec.to_builtins(answer)}
            lines.append(msgspec.json.encode(told))
        return b"\n".join([*lines, b""])

    def broken_off(self, sentence: str) -> bytes:
        """Return a line that has nothing but an error, and no number of a row."""
        return msgspec.json.encode({"row": _END, "error": sentence}) + b"\n"


def _csv(lines: Sequence[Sequence[object]]) -> bytes:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(lines)
    return text.getvalue().encode()
