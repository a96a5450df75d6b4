"""What a health document says of the score: by time, estimated without labels, and in money."""

import msgspec

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
