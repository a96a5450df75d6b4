"""The answers to all rows of a holdout, of which the features are held a piece at a time."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from modelwright.build.engine import Built
from modelwright.build.unanswered import require_answers
from modelwright.compute.memory import release_memory
from modelwright.data.splitting.codes import CodedNames
from modelwright.learners.base import Rows
from modelwright.predictor.operations.base import Floats

_ROW_BYTES, _OUTPUT_BYTES = 90, 16
"""What a row takes while it is judged, beside both answers to it: its truth, its group, and what
the dearest score makes of them. One of more than two classes may rank each of them."""
_JUDGED = 4
"""A stream of the seed, beside those of holdout, folds, portions and thinning."""

Piece = tuple[Rows, NDArray[Any] | None]
"""Rows, and what those that are not independent share."""


@dataclass(frozen=True)
class Answered:
    """All that is held of the rows of a holdout.

    Parameters
    ----------
    truth : ndarray of shape (rows,)
    groups : ndarray of shape (rows,), optional
        Numbers of what rows share that are not independent.
    answers, simple : ndarray of shape (rows, outputs)
        The program's and the baseline's.
    there
        How many rows the holdout has, those that were passed over included.
    """

    truth: NDArray[Any]
    groups: NDArray[np.int32] | None
    answers: Floats
    simple: Floats
    there: int

    @classmethod
    def of(
        cls, built: Built, first: Piece, more: Iterable[Piece], *, share: float, seed: int
    ) -> "Answered":
        """Answer piece by piece.

        Parameters
        ----------
        built
            The program and the baseline.
        first, more
            The pieces: the first one is answered whole.
        share
            Of the rows of the others; each has the same chance.
        seed
            Of that chance.
        """
        made = _Answering(built)
        made.add(*first)
        random = np.random.default_rng([seed, _JUDGED])
        there = len(first[0])
        for rows, groups in more:
            there += len(rows)
            if share < 1:
                kept = np.flatnonzero(random.random(len(rows)) < share)
                rows, groups = rows.take(kept), None if groups is None else groups[kept]
            made.add(rows, groups)
        release_memory()
        return made.whole(there)


def shipped_answers(built: Built, rows: Rows) -> Floats:
    """Return what the program that ships answers to rows: they are answered once.

    The holdout is scored, and the reference and what is expected of later rows are of it too.
    """
    return rows.memo.of("shipped answers", lambda: built.program.run(rows.columns))


class _Answering:
    """Answers as they come."""

    def __init__(self, built: Built) -> None:
        self._built = built
        self._truth: list[NDArray[Any]] = []
        self._answers: list[Floats] = []
        self._simple: list[Floats] = []
        self._groups = CodedNames()
        self._is_grouped = False

    def add(self, rows: Rows, groups: NDArray[Any] | None) -> None:
        self._truth.append(rows.target)
        answers = shipped_answers(self._built, rows)
        require_answers(self._built.program, rows, answers)
        self._answers.append(answers)
        self._simple.append(self._built.baseline.run(rows.columns))
        self._is_grouped |= groups is not None
        if groups is not None and len(groups):
            self._groups.add(pl.Series(groups))

    def whole(self, there: int) -> Answered:
        return Answered(
            truth=_joined(self._truth),
            groups=self._groups.codes() if self._is_grouped else None,
            answers=_joined(self._answers),
            simple=_joined(self._simple),
            there=there,
        )


def _joined(parts: list[NDArray[Any]]) -> NDArray[Any]:
    """Join parts, and let go of them: both together are held of one column at a time."""
    whole = np.concatenate(parts)
    parts.clear()
    return whole


def judged_share(rows: int, outputs: int, memory_bytes: float) -> float:
    """Return which share of the rows of a holdout can be judged in so much memory.

    Parameters
    ----------
    rows
        Of the holdout, those in memory not among them.
    outputs
        Numbers of an answer.
    memory_bytes
        For their answers.

    Examples
    --------
    >>> judged_share(1_000_000, 2, 10**9), judged_share(10_000_000, 2, 610 * 10**6)
    (1.0, 0.5)
    """
    ranked = outputs if outputs > 2 else 0
    row_bytes = _ROW_BYTES + _OUTPUT_BYTES * (outputs + ranked)
    return min(1.0, memory_bytes / max(1, rows * row_bytes))
