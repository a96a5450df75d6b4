"""What comes after a blend: calibration, the threshold, and how sure it is."""

from dataclasses import dataclass
from typing import Any

import msgspec
from numpy.typing import NDArray

from modelwright.build.certainty.calibration import Calibration, choose_calibration
from modelwright.build.certainty.conformal import Conformal, fit_coverage
from modelwright.build.certainty.decision import Decision, choose_decision
from modelwright.build.question import Question
from modelwright.predictor.compose import append_step, ruled_by
from modelwright.predictor.operations.base import Floats
from modelwright.predictor.program import Program, check_program
from modelwright.tasks.task import Task

_HALF = 0.5


@dataclass(frozen=True)
class Finished:
    """A blend with all that comes after it.

    Parameters
    ----------
    program
        With calibration, threshold and coverage.
    calibration, decision
        How probabilities are corrected, and from which one on the answer is yes.
    answers
        After the calibration.
    """

    program: Program
    calibration: Calibration
    decision: Decision
    answers: Floats


def finish(question: Question, blended: Program, truth: NDArray[Any], answers: Floats) -> Finished:
    """Calibrate a blend, choose its threshold and say how sure it is.

    Parameters
    ----------
    question
        Metric and costs.
    blended
        The program of the blend.
    truth, answers
        Of rows that it has not learned from, and what it answers to them.
    """
    task = blended.task
    calibration = _calibration(question, task, truth, answers)
    calibrated = calibration.apply(answers)
    decision = decide(question, task, truth, calibrated)
    program = _finish(blended, calibration, decision, fit_coverage(task, truth, calibrated))
    return Finished(program, calibration, decision, calibrated)


def decide(question: Question, task: Task, truth: NDArray[Any], answers: Floats) -> Decision:
    """Return how the class is chosen, as the question asks.

    Parameters
    ----------
    question
        Metric and costs.
    task
        What is answered.
    truth, answers
        Of rows that nothing that answers has learned from, and its answers.
    """
    if question.is_finished and question.costs is None and task.is_classification:
        likelier = _HALF if task.kind == "binary" else None
        return Decision(likelier, "the model answers with the likelier class; no costs were given")
    return choose_decision(
        task, question.metric, truth, answers, costs=question.costs, seed=question.seed
    )


def _calibration(
    question: Question, task: Task, truth: NDArray[Any], answers: Floats
) -> Calibration:
    if question.is_finished:
        return Calibration(None, "the model is left as it was trained")
    return choose_calibration(task, truth, answers, seed=question.seed)


def _finish(
    program: Program, calibration: Calibration, decision: Decision, conformal: Conformal
) -> Program:
    if calibration.step is not None:
        program = append_step(program, calibration.step)
    program = msgspec.structs.replace(ruled_by(program, decision.rule), coverage=conformal.coverage)
    check_program(program)
    return program
