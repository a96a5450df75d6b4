"""A network that somebody brings: what it reads, and its program once it has learned."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from modelwright.errors import LearnerError
from modelwright.learners.foreign.draft import Draft
from modelwright.learners.foreign.layers import merged
from modelwright.learners.networks.lesson import Lesson
from modelwright.learners.networks.program import answer_steps
from modelwright.predictor.operations.base import Floats, Value
from modelwright.predictor.program import Program, Step

_COMPARED = 1_000
_TOLERANCE = 1e-5


@dataclass(frozen=True)
class Reads:
    """What a network reads and answers.

    Parameters
    ----------
    columns
        Numbers of a row: its first input has the shape (rows, columns).
    levels
        Codes of each category: its second input, if it has two, has the shape (rows, len(levels)),
        whole numbers below these.
    outputs
        Raw scores of a row: 1, or one per class where there are more than two.
    """

    columns: int
    levels: tuple[int, ...]
    outputs: int

    @classmethod
    def of(cls, lesson: Lesson) -> "Reads":
        """Return what a network reads that learns a lesson."""
        return cls(lesson.encoding.width, lesson.encoding.sizes, lesson.loss.outputs)


@dataclass(frozen=True)
class ReadOut:
    """A network as steps.

    Parameters
    ----------
    program
        From raw columns to answers.
    steps
        From what the network reads to its raw scores.
    matrix, codes, answer
        The values that are its inputs, and its raw scores.
    """

    program: Program
    steps: tuple[Step, ...]
    matrix: str
    codes: tuple[str, ...]
    answer: str

    def raw(self, matrix: Floats, codes: NDArray[np.int64]) -> Floats:
        """Return the raw scores of what a network reads.

        Parameters
        ----------
        matrix : ndarray of shape (n, columns)
        codes : ndarray of shape (n, categories)
        """
        values: dict[str, Value] = {self.matrix: matrix}
        values |= {name: codes[:, [i]].astype(np.float64) for i, name in enumerate(self.codes)}
        for step in self.steps:
            values[step.output] = step.run(*[values[name] for name in step.inputs])
        return values[self.answer]


def read_out(lesson: Lesson, write: Callable[[Draft, str, Sequence[str]], str]) -> ReadOut:
    """Return a network as a program.

    Parameters
    ----------
    lesson
        What it learned from.
    write
        Writes it on a draft, a matrix and codes, and returns the value that is its raw scores.

    Raises
    ------
    LearnerError
        When it does not answer what was asked for.
    """
    encoding, codes = lesson.encoding.reading()
    draft = Draft()
    matrix = draft.given(encoding.output, lesson.encoding.width)
    for code in codes:
        draft.given(code, 1)
    answer = write(draft, matrix, codes)
    if draft.width(answer) != lesson.loss.outputs:
        raise LearnerError(
            f"The network answers {draft.width(answer)} numbers a row; "
            f"{lesson.loss.outputs} were asked for.",
            "End it with as many as Reads.outputs says.",
        )
    rows = lesson.encoding.rows
    steps = merged(draft.steps, kept=answer)
    last = answer_steps(answer, rows, loss=lesson.loss, unit=lesson.unit)
    program = encoding.program(rows.task, (*steps, *last))
    return ReadOut(program, steps, matrix, codes, answer)


def require_same(
    title: str, found: ReadOut, lesson: Lesson, own: Callable[[Floats, NDArray[np.int64]], Floats]
) -> None:
    """Refuse a network that answers otherwise than what was read out of it.

    Parameters
    ----------
    title
        What people call it.
    found
        What was read out.
    lesson
        Whose first thousand rows both answer.
    own
        Returns the raw scores of the network itself.

    Raises
    ------
    LearnerError
        When they are apart.
    """
    batch = lesson.train.take(np.arange(min(_COMPARED, len(lesson.train.weight)))).batch
    matrix, codes = batch.matrix.astype(np.float64), lesson.encoding.codes(batch)
    theirs, ours = own(matrix, codes), found.raw(matrix, codes)
    apart = float((np.abs(ours - theirs) / np.maximum(1.0, np.abs(theirs))).max(initial=0.0))
    if not apart <= _TOLERANCE:
        raise LearnerError(
            f"{title} and what was read out of it answer {apart:.1e} apart.",
            "A layer may compute otherwise than its name says, or keep a state of its own.",
        )
