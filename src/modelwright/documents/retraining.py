"""How often to learn again."""

from typing import ClassVar

import msgspec

from modelwright.documents.base import Document
from modelwright.tasks.interval import Interval


class RetrainingPolicy(msgspec.Struct, frozen=True, kw_only=True):
    """A way to learn again and again, as it would have gone.

    Parameters
    ----------
    every
        Windows from one time to the next.
    span
        What is learned from.
    times
        How often it learned.
    saves
        The part of the loss that it spared against never learning again; the level is corrected
        for the number of policies.
    seconds
        Of learning, all together.
    losses
        The mean loss of each window.
    recommended
        Whether it is the one to take.
    """

    every: int
    span: str
    times: int
    saves: Interval
    seconds: float
    losses: tuple[float, ...] = ()
    recommended: bool = False


class Retraining(Document, frozen=True, kw_only=True):
    """How often the model should learn again, and from what, by a backtest.

    Parameters
    ----------
    window_rows, windows, rows
        The past that it was tried on.
    usual
        The mean loss of each window without learning again.
    policies
        Each against never.
    sentence
        What to do.
    """

    file_name: ClassVar[str] = "retraining.json"

    bundle_hash: str
    target: str
    metric: str
    window_rows: int
    windows: int
    rows: int
    usual: tuple[float, ...]
    policies: tuple[RetrainingPolicy, ...]
    sentence: str

    @property
    def recommended(self) -> RetrainingPolicy | None:
        """The policy to take; None where none gains with confidence."""
        return next((each for each in self.policies if each.recommended), None)
