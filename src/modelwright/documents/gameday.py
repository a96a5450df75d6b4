"""What a drill of the maintenance showed."""

from typing import ClassVar, Literal

import msgspec

from modelwright.documents.base import Document
from modelwright.documents.cause import Cause


class Outcome(msgspec.Struct, frozen=True, kw_only=True):
    """What became of one fault.

    Parameters
    ----------
    fault
        Its name.
    columns
        Those that it changed; empty where it changed rows or labels.
    window
        The window in which it began, counted from 0.
    harm
        Whether an alarm is due: ``"harmless"`` is a change of the world that does no harm,
        ``"broken"`` a broken input that the score does not feel.
    growth
        The part by which the loss grows: 0.2 is a fifth more. None where the fault is none of the
        answers.
    found
        Whether an alarm was raised that the untouched rows did not raise.
    late
        Windows after its first one until it was found; None where it was not.
    causes
        As the alarm named them, the likeliest first.
    is_right
        Whether the first of them is the fault.
    sentence
        What the alarm said.
    remedy
        What would have been applied when it was found; empty where nothing helps with confidence,
        or nobody asked.
    mended
        The part of the loss that the fault added and the remedy took away, from then on; None where
        that is not known.
    """

    fault: str
    columns: tuple[str, ...]
    window: int
    harm: Literal["harmful", "broken", "harmless"]
    growth: float | None
    found: bool
    late: int | None
    causes: tuple[Cause, ...]
    is_right: bool
    sentence: str
    remedy: str = ""
    mended: float | None = None


class FalseAlarm(msgspec.Struct, frozen=True, kw_only=True):
    """An alarm in a window that nobody touched.

    Parameters
    ----------
    window
        Counted from 0.
    """

    window: int
    action: str
    sentence: str


class Gameday(Document, frozen=True, kw_only=True):
    """A drill: what was injected and what was found.

    Parameters
    ----------
    bundle_hash
        The model.
    traffic
        Where the rows come from.
    window_rows
        Rows in a window.
    windows
        Windows that were judged untouched.
    outcomes
        One per fault and place.
    false_alarms
        Alarms in untouched windows. Where the world did change since training, they may be true.
    seconds
        How long it took.
    """

    file_name: ClassVar[str] = "gameday.json"

    bundle_hash: str
    traffic: str
    window_rows: int
    windows: int
    outcomes: tuple[Outcome, ...]
    false_alarms: tuple[FalseAlarm, ...]
    seconds: float

    @property
    def harmful(self) -> tuple[Outcome, ...]:
        """The faults that do harm."""
        return tuple(each for each in self.outcomes if each.harm == "harmful")

    @property
    def passed(self) -> bool:
        """Whether every fault that does harm was found."""
        return all(each.found for each in self.harmful)
