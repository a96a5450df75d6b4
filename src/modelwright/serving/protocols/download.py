"""Answers to an uploaded file as CSV or JSON Lines, a piece at a time.

In CSV they have the columns that ``modelwright predict`` adds, and before them ``row`` and ``id``;
the last column, ``error``, says why a row has no answer. In JSON Lines they have the fields of
``/predict`` and ``row``, or ``row`` and ``error``.
"""

from collections.abc import Callable, Iterable, Sequence
from itertools import compress, repeat
from typing import Protocol, TypeAlias

import msgspec

from modelwright.errors import InputError
from modelwright.predictor.coverage import Ranges
from modelwright.predictor.labels import label_text
from modelwright.predictor.program import Program
from modelwright.serving.answers.answer import Answer, Answers
from modelwright.serving.rows.delimited import csv_of

Answered: TypeAlias = Answer | InputError
_END = "end"
_ENCODE = msgspec.json.Encoder().encode


class RowsOut(Protocol):
    """Writes answers."""

    def head(self) -> bytes:
        """Return what stands before all answers."""
        ...

    def piece(self, answers: Sequence[Answered], *, first: int) -> bytes:
        """Return some answers; the first of them is to the row of this number."""
        ...

    def sheet(self, answers: Answers, *, first: int) -> bytes:
        """Return answers to rows that all have one."""
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
        self._labels = task.classes
        self._ranges = isinstance(program.coverage, Ranges)
        beside = ["prediction_low", "prediction_high"] if self._ranges else ["prediction_set"]
        self._beside = beside if program.coverage is not None else []
        probabilities = [f"probability_{name}" for name in self._classes]
        self._columns = ["row", "id", "prediction", *probabilities, *self._beside, "error"]

    def head(self) -> bytes:
        """Return the names of the columns."""
        return csv_of([self._columns])

    def piece(self, answers: Sequence[Answered], *, first: int) -> bytes:
        """Return some answers, a line each."""
        return csv_of([self._line(number, each) for number, each in enumerate(answers, first)])

    def sheet(self, answers: Answers, *, first: int) -> bytes:
        """Return answers to rows that all have one, a line each, made of columns."""
        rows, covered = len(answers.ids), answers.covered
        columns: list[Iterable[object]] = [range(first, first + rows), answers.ids, answers.labels]
        chances = answers.values.T[-len(self._classes) :] if self._classes else ()
        columns += [column.tolist() for column in chances]
        if covered is None:
            columns += [repeat("", rows)] * len(self._beside)
        elif covered.ends is not None:
            columns += zip(*covered.ends, strict=True)
        else:
            columns.append(self._sets(covered.held or ()))
        return csv_of(zip(*columns, repeat("", rows), strict=True))

    def broken_off(self, sentence: str) -> bytes:
        """Return a line that has nothing but an error, and no number of a row."""
        return csv_of([[_END, *[""] * (len(self._columns) - 2), sentence]])

    def _sets(self, held: Iterable[Sequence[bool]]) -> list[str]:
        """Return the classes that each row holds as JSON; there are few different sets."""
        rows = [*map(tuple, held)]
        named = {
            row: msgspec.json.encode([*compress(self._labels, row)]).decode() for row in set(rows)
        }
        return [named[row] for row in rows]

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
    """Writes answers as JSON Lines.

    Parameters
    ----------
    describe
        Returns answers one by one.
    """

    def __init__(self, describe: Callable[[Answers], list[Answer]]) -> None:
        self._describe = describe

    def head(self) -> bytes:
        """Return nothing."""
        return b""

    def piece(self, answers: Sequence[Answered], *, first: int) -> bytes:
        """Return some answers, a line each."""
        lines = []
        for number, answer in enumerate(answers, first):
            if isinstance(answer, InputError):
                lines.append(_ENCODE({"row": number, "error": str(answer)}))
            else:
                lines.append(b'{"row":%d,%b' % (number, _ENCODE(answer)[1:]))
        return b"\n".join([*lines, b""])

    def sheet(self, answers: Answers, *, first: int) -> bytes:
        """Return answers to rows that all have one, a line each."""
        return self.piece(self._describe(answers), first=first)

    def broken_off(self, sentence: str) -> bytes:
        """Return a line that has nothing but an error, and no number of a row."""
        return msgspec.json.encode({"row": _END, "error": sentence}) + b"\n"
