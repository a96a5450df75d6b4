"""What stands in the ledger: predictions, labels, and what was lost."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Literal, Self, TypeAlias

import msgspec

Truth: TypeAlias = bool | int | float | str | None
"""What turned out to be true of one prediction; None takes an earlier label back."""

Role: TypeAlias = Literal["champion", "canary", "shadow"]
"""Who answered: the champion, a challenger instead of it, or a challenger that nobody heard."""

IMPORTED = "imported"
"""The machine that answers from the log of another system are said to come from."""
ANSWERED: tuple[Role, ...] = ("champion", "canary")
"""Whose answers clients got."""

ERROR = "error"
"""The field of an answer that says why there is none."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Prediction(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One answer of the server, as it is logged.

    Parameters
    ----------
    id
        Names this answer; labels refer to it. A shadow has the id of the answer beside it.
    at
        When, in microseconds since 1970 in UTC.
    version
        The fingerprint of the bundle that answered.
    inputs
        The row, as a JSON object; None where it is not kept.
    output
        The answer, as JSON.
    latency_s
        How long the answer took, in seconds.
    role
        Who answered; an id has one answer in each.
    host
        The machine that answered.
    inputs_rate
        Which share of all rows is kept; 1 for every one.
    """

    id: str
    at: int
    version: str
    inputs: bytes | bytearray | None
    output: bytes | bytearray
    latency_s: float
    role: Role = "champion"
    host: str = ""
    inputs_rate: float = 1.0


class Entry(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """One answer on its way into the ledger: its row and its answer are still values.

    Parameters
    ----------
    id, at, version, latency_s, role, host, inputs_rate
        As in `Prediction`.
    inputs
        The row by column, or its JSON as `msgspec.Raw`; None where it is not kept.
    output
        The answer, or its JSON as `msgspec.Raw`.
    """

    id: str
    at: int
    version: str
    inputs: Any
    output: Any
    latency_s: float
    role: Role = "champion"
    host: str = ""
    inputs_rate: float = 1.0


class LoggedPrediction(msgspec.Struct, frozen=True, kw_only=True):
    """One answer of the server, as it is read back, with its label when one is known.

    Parameters
    ----------
    id, at, version, latency_s, role, host, inputs_rate
        As in `Prediction`.
    inputs
        The row by column; None where it was not kept.
    output
        The answer.
    label
        What turned out to be true, or None.
    """

    id: str
    at: int
    version: str
    inputs: dict[str, Any] | None
    output: Any
    label: Truth
    latency_s: float
    role: Role = "champion"
    host: str = ""
    inputs_rate: float = 1.0


class LabelCount(msgspec.Struct, frozen=True, kw_only=True):
    """What became of the labels given.

    Parameters
    ----------
    matched
        Labels whose prediction is in the ledger.
    corrected
        Labels that replaced another one.
    unknown
        Labels kept for a prediction that is not in the ledger yet; with `matched`, all of them.
    outdated
        Labels that are kept and do not count, because a later one was there already.
    """

    matched: int
    corrected: int
    unknown: int
    outdated: int = 0


class Gap(msgspec.Struct, frozen=True, kw_only=True):
    """Answers that clients got and that are not in the ledger.

    Parameters
    ----------
    at, until
        When the first and the last of them came, in microseconds since 1970 in UTC.
    host
        The machine that answered.
    answers
        How many.
    why
        What kept them out.
    """

    at: int
    until: int
    host: str
    answers: int
    why: str

    @classmethod
    def of(cls, lost: Sequence[Entry | Prediction], why: str) -> Self:
        """Return the gap that predictions leave."""
        first, *_ = lost
        return cls(at=first.at, until=first.at, host=first.host, answers=len(lost), why=why)

    def joined(self, earlier: Self | None) -> Self:
        """Return one gap in place of two that follow each other."""
        if earlier is None:
            return self
        return msgspec.structs.replace(self, at=earlier.at, answers=earlier.answers + self.answers)


def microseconds(moment: datetime) -> int:
    """Return a moment as the ledger keeps it: microseconds since 1970 in UTC.

    Examples
    --------
    >>> microseconds(datetime(1970, 1, 1, 0, 0, 1, tzinfo=UTC))
    1000000
    """
    return (moment - _EPOCH) // timedelta(microseconds=1)
