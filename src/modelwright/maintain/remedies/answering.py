"""Treatments that answer every row: what one makes of inputs may have no finite answer."""

from collections.abc import Iterator

import numpy as np

from modelwright.data.records import Columns
from modelwright.maintain.remedies.base import Remedy, Situation, Treatment
from modelwright.predictor.operations.base import Floats
from modelwright.predictor.program import Program


def offers_of(remedy: Remedy, situation: Situation) -> Iterator[Treatment]:
    """Yield what a remedy offers, without what leaves a recent row without an answer.

    Parameters
    ----------
    remedy
        What is tried.
    situation
        What is known.
    """
    columns = situation.recent.columns
    for treatment in remedy.treat(situation):
        program = treatment.program
        if not program.unanswered(program.run(columns)).any():
            yield treatment


def answers_or(program: Program, columns: Columns, given: Floats) -> Floats:
    """Return what a program answers to rows; where it has no answer, what was answered.

    Parameters
    ----------
    program
        What answers.
    columns
        The rows.
    given : ndarray of shape (rows, outputs)
        What was answered to them.
    """
    answers = program.run(columns)
    return np.where(program.unanswered(answers)[:, None], given, answers)
