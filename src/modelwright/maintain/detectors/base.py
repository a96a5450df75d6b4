"""What a detector is: a function from a look at a window to what it finds there.

The watch calls each detector once for each window, in the order of the registry, and ranks what all
of them found by evidence. A detector may assume that there is a past of at least one window and
that the window has a hundred rows or more; it changes nothing, draws nothing at random, and does
not import another detector.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

from modelwright.documents import CauseKind
from modelwright.maintain.look.look import Look


@dataclass(frozen=True, kw_only=True)
class Finding:
    """Something that has changed.

    Parameters
    ----------
    kind
        Of the cause.
    columns
        Those at fault; empty where rows, labels or answers are.
    evidence
        The logarithm of an e-value: how surprising the change is.
    sentence
        The evidence for a person.
    is_broken
        Whether something is broken, so that it matters whatever the score does.
    growth
        By which part of itself the loss is expected to grow; None where that is not known.
    doubt
        A growth that is not larger may not matter.
    usual_change
        By which part it changes from window to window anyway.
    is_vague
        Whether another finding that says how the same columns are broken explains it better.
    """

    kind: CauseKind
    columns: tuple[str, ...] = ()
    evidence: float
    sentence: str
    is_broken: bool = False
    growth: float | None = None
    doubt: float = 0.0
    usual_change: float = 0.0
    is_vague: bool = False


class Detector(Protocol):
    """Looks for one kind of change."""

    def __call__(self, look: Look, least: float) -> Iterable[Finding]:
        """Yield what has changed.

        Parameters
        ----------
        look
            The window beside the past.
        least
            The evidence that the promised rate of false alarms asks for, as a logarithm.
        """
