"""Answers as the bare predictions that the clients of other servers expect."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from starlette.exceptions import HTTPException

from modelwright.errors import nearest
from modelwright.serving.answers.answer import Answers
from modelwright.serving.answers.answering import Answering

Form = Literal["plain", "probabilities", "full"]

FORMS: tuple[Form, ...] = ("plain", "probabilities", "full")
_NAMES = ("answers", "coverage")


@dataclass(frozen=True)
class Options:
    """What a client asks for beside its rows.

    Parameters
    ----------
    answers
        What a prediction is: the answer alone, the probabilities in the order of the classes, or
        the object that ``/predict`` answers.
    coverage
        The level of ranges and sets; None for the usual one.
    """

    answers: Form = "plain"
    coverage: Any = None


def read_options(parameters: Any) -> Options:
    """Return the options that a request's parameters state.

    Raises
    ------
    HTTPException
        400 when there is no such parameter, or it has no such value.

    Examples
    --------
    >>> read_options({"answers": "probabilities"}).answers
    'probabilities'
    """
    if not isinstance(parameters, Mapping | None):
        raise HTTPException(400, "The parameters are no object. Send {name: value}.")
    stated = {} if parameters is None else parameters
    if (unknown := next((name for name in stated if name not in _NAMES), None)) is not None:
        raise HTTPException(
            400, f"There is no parameter {unknown!r:.80}. {nearest(unknown, _NAMES)}"
        )
    options = Options(**stated)
    if options.answers not in FORMS:
        raise HTTPException(
            400, f"'answers' is {options.answers!r:.40}. Send one of {', '.join(FORMS)}."
        )
    return options


def predictions_of(answers: Answers, options: Options, responder: Answering) -> list[Any]:
    """Return one prediction for each row."""
    if options.answers == "plain":
        return list(answers.labels)
    if options.answers == "full":
        return list(responder.describe(answers))
    return list(answers.values.tolist())


def require_offered(options: Options, responder: Answering) -> None:
    """Refuse options that this model has no answer to, before any row is answered.

    Raises
    ------
    HTTPException
        400 when probabilities are asked of a regression.
    """
    if options.answers == "probabilities" and not responder.bundle.program.task.is_classification:
        raise HTTPException(
            400, "A number has no probabilities. Ask for 'plain' or 'full' answers."
        )
