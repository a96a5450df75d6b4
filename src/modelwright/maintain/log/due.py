"""What is due: the next window of the ledger that nobody has judged yet."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import islice

from modelwright.maintain.log.window import Window
from modelwright.workspace.ledger.ledger import Ledger

SETTLED = timedelta(seconds=30)
"""So old a row must be, since the server writes its answers in groups."""
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Rhythm:
    """How live rows are cut into windows.

    Parameters
    ----------
    every
        The length of a window; longer where few rows came.
    rows
        The fewest rows of a window; fewer wait for more.
    """

    every: timedelta
    rows: int = 100


def next_window(
    ledger: Ledger, version: str, *, since: int | None, now: datetime, rhythm: Rhythm
) -> Window | None:
    """Return the next window that is complete.

    Parameters
    ----------
    ledger
        The log of the server.
    version
        The bundle that answered.
    since
        The end of the last window that was judged, in microseconds since 1970; None for none.
    now
        Rows of the last half minute are left for later.
    rhythm
        How long a window is, and how many rows it has at least.

    Returns
    -------
    Window, optional
        None when too few rows came.
    """
    settled = _microseconds(now - SETTLED)
    came = ledger.read_window(since, settled, version=version)
    # A row that was not kept cannot be judged.
    times = [row.at for row in islice((row for row in came if row.inputs is not None), rhythm.rows)]
    if len(times) < rhythm.rows:
        return None
    length = max(1, _length(rhythm.every))
    # After a silence, the first window begins with the first row.
    start = times[0] if since is None or times[0] - since >= length else since
    spans = (times[-1] - start) // length + 1
    end = min(start + spans * length, settled)
    last = ledger.last_answer(until=settled)
    if last is not None and last.is_imported:
        # Tomorrow's log has rows of today.
        end = min(end, last.at + 1)
    begin = start if since is None else since
    return Window(since=_moment(begin), until=_moment(end), version=version)


def _microseconds(moment: datetime) -> int:
    return _length(moment - _EPOCH)


def _length(span: timedelta) -> int:
    return span // timedelta(microseconds=1)


def _moment(microseconds: int) -> datetime:
    return _EPOCH + timedelta(microseconds=microseconds)
