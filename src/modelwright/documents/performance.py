"""What a health document says of the score: by time, estimated, in money, and why it changed."""

from typing import Literal

import msgspec

from modelwright.documents.cause import CauseKind
from modelwright.tasks.interval import Interval


class PeriodScore(msgspec.Struct, frozen=True, kw_only=True):
    """The score of rows that follow each other, estimated and realised side by side.

    Parameters
    ----------
    since, until
        Of the rows, ISO 8601 in UTC; empty where that is not known.
    rows, labelled
        How many there are, and how many have a label.
    estimated
        Without labels, from what was known before; None where it cannot be estimated.
    realised
        By the labels; None where they are too few.
    reason
        Why it cannot be estimated; empty where it can.
    """

    since: str
    until: str
    rows: int
    labelled: int
    estimated: Interval | None = None
    realised: Interval | None = None
    reason: str = ""

    @property
    def agrees(self) -> bool | None:
        """Whether the realised score lies in the estimated interval; None where one is missing."""
        if self.estimated is None or self.realised is None:
            return None
        return self.estimated.contains(self.realised.value)


class LiveCosts(msgspec.Struct, frozen=True, kw_only=True):
    """What a thousand answers cost, and what they save against always giving the same one.

    Parameters
    ----------
    unit
        Of the costs; may be empty.
    estimated, realised
        The cost of a thousand answers; None where it is not known.
    saved_estimated, saved_realised
        Against the cheaper of always and never saying yes, in the same rows.
    """

    unit: str
    estimated: Interval | None = None
    realised: Interval | None = None
    saved_estimated: Interval | None = None
    saved_realised: Interval | None = None


LossKind = CauseKind | Literal["change of mix", "label problems", "age"]
"""What may be a cause of a loss that changed."""


class ProvingRow(msgspec.Struct, frozen=True, kw_only=True):
    """A row that shows a cause.

    Parameters
    ----------
    place
        Its number among the rows judged, from 0, in the order of time.
    at
        Its moment, ISO 8601 in UTC; empty where that is not known.
    values
        Of the columns concerned, as text.
    loss, usual
        What it lost, and what rows like it lost before.
    id
        Under which it was logged, so that it is erased with it; empty for a row of a table.
    """

    place: int
    at: str
    values: dict[str, str]
    loss: float
    usual: float
    id: str = ""


class LossShare(msgspec.Struct, frozen=True, kw_only=True):
    """A cause of a loss that changed, with its share.

    Parameters
    ----------
    kind, columns
        Of the cause.
    sentence
        What it did and how that was found out.
    since
        From when on, ISO 8601 in UTC; empty where that is not known.
    growth
        By which part of the loss before it made the loss grow.
    share
        Of all the change; None where the whole change may be chance.
    rows
        How many rows it concerns.
    proof
        Some of them, those that show it best first.
    course
        By how much it made the loss grow in successive stretches of rows, those before first.
    """

    kind: LossKind
    columns: tuple[str, ...] = ()
    sentence: str
    since: str = ""
    growth: Interval
    share: Interval | None = None
    rows: int = 0
    proof: tuple[ProvingRow, ...] = ()
    course: tuple[float, ...] = ()


class LossSplit(msgspec.Struct, frozen=True, kw_only=True):
    """How a change of the loss is split into causes.

    Parameters
    ----------
    growth
        By which part the loss grew; None where labels do not tell.
    before, now
        Rows that were compared.
    shares
        The largest first; empty where nothing can be told apart.
    sentence
        What it says, or why it cannot be told.
    """

    growth: Interval | None
    before: int
    now: int
    shares: tuple[LossShare, ...] = ()
    sentence: str
