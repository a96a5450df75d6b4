"""What a learner's library raises, as a sentence: one learner's fault ends no build."""

from collections.abc import Iterator
from contextlib import contextmanager

from modelwright.errors import LearnerError, ModelwrightError
from modelwright.learners.base import Learner


@contextmanager
def faults_told(learner: Learner) -> Iterator[None]:
    """Raise `LearnerError` where a learner raises what is no sentence.

    Warnings pass: they are raised only where somebody made them errors.

    Parameters
    ----------
    learner
        Whose name is told.

    Raises
    ------
    LearnerError
        For any exception that is not modelwright's own.

    Examples
    --------
    >>> from modelwright.learners.linear import Linear
    >>> with faults_told(Linear()):
    ...     raise ValueError("Input contains NaN")
    Traceback (most recent call last):
    ...
    modelwright.errors.LearnerError: Linear model met a fault, ValueError: Input contains NaN.
    """
    try:
        yield
    except (ModelwrightError, Warning):
        raise
    except MemoryError as error:
        raise LearnerError(f"There was not enough memory for {learner.title}.") from error
    except Exception as error:
        said = " ".join(f"{type(error).__name__}: {error}".rstrip(" .:").split())
        raise LearnerError(f"{learner.title} met a fault, {said}.") from error
