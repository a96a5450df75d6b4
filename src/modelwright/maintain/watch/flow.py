"""The flow of rows: whether as many come as at this time of the week before, or none at all."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from modelwright.documents import Cause
from modelwright.maintain.watch.volume import DAYS, WEEK, judge_counts
from modelwright.maintain.watch.watch import CHECKS
from modelwright.workspace.ledger.ledger import Ledger

_HOUR = timedelta(hours=1)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_WEEKS = 8
_MOST_HOURS = 48
"""Hours that are judged in one run, the latest."""
_DAY = 24
_PART = 10
"""One false alarm in so many times the checks is allowed beside that of the columns."""


@dataclass(frozen=True)
class _Oddity:
    evidence: float
    until: int
    hours: int
    came: int
    usual: float

    @property
    def sentence(self) -> str:
        last = _EPOCH + self.until * _HOUR
        first = last - self.hours * _HOUR
        came = "No row" if not self.came else f"{self.came:,} row{'s' * (self.came > 1)}"
        usual = f"{self.usual:,.0f}" if self.usual >= 1 else f"{self.usual:.2g}"
        return (
            f"{came} came from {first:%Y-%m-%d %H:%M} to {last:%Y-%m-%d %H:%M} UTC; at this time "
            f"of the week {usual} came before, on average."
        )


def find_odd_flow(
    ledger: Ledger, *, since: datetime | None, until: datetime, checks: int = CHECKS
) -> tuple[Cause, ...]:
    """Return that far more or fewer rows came than in the same hours of the weeks before.

    Hours are judged when they are over, once two weeks are known. Where a log is imported, hours
    after its last row are not: nobody knows yet what came then.

    Parameters
    ----------
    ledger
        The log; rows count whichever bundle answered them.
    since
        Up to when hours were judged before; None for the last day.
    until
        The moment up to which all is on disk.
    checks
        Checks among which one false alarm is allowed.
    """
    end = _hour(until)
    start = _hour(since) if since else end - _DAY
    last = ledger.last_answer(until=end * _HOUR // timedelta(microseconds=1))
    if last is None:
        return ()
    if last.is_imported:
        end = min(end, last.at * timedelta(microseconds=1) // _HOUR)
    judged = min(end - start, _MOST_HOURS)
    if judged <= 0:
        return ()
    counts = _counts(ledger, end, judged)
    least = float(np.log(2 * _PART * checks))
    found = [each for each in _oddities(counts, end, judged) if each.evidence >= least]
    if not found:
        return ()
    surest = max(found, key=lambda each: each.evidence)
    return (Cause(kind="unusual volume", sentence=surest.sentence),)


def _hour(moment: datetime) -> int:
    return (moment - _EPOCH) // _HOUR


def _counts(ledger: Ledger, end: int, judged: int) -> NDArray[np.int64]:
    """Return the rows of each hour up to `end`, from the first week in which there are any."""
    begin = end - judged - _WEEKS * WEEK
    came = ledger.count_by_hour(begin, end)
    if not came:
        return np.zeros(judged, dtype=np.int64)
    # The first hour may have begun before there was a ledger.
    begin = min(max(begin, min(came) + 1), end - judged)
    return np.array([came.get(hour, 0) for hour in range(begin, end)], dtype=np.int64)


def _oddities(counts: NDArray[np.int64], end: int, judged: int) -> list[_Oddity]:
    hours = judge_counts(counts, judged, period=WEEK)
    found = [
        _Oddity(float(evidence), end - judged + place + 1, 1, int(counts[-judged + place]), usual)
        for place, (evidence, usual) in enumerate(zip(hours.evidence, hours.usual, strict=True))
    ]
    whole = counts[len(counts) % _DAY :].reshape(-1, _DAY).sum(axis=1)
    if len(whole):
        day = judge_counts(whole, 1, period=DAYS)
        found.append(
            _Oddity(float(day.evidence[0]), end, _DAY, int(whole[-1]), float(day.usual[0]))
        )
    return found
