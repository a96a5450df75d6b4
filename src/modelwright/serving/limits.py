"""How much one request may ask for, and all of them together."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Limits:
    """What the server refuses to exceed.

    Parameters
    ----------
    body_bytes
        The largest body.
    upload_bytes
        The largest file of rows, which is kept on disk.
    rows
        The most rows of one request.
    depth
        How deep lists and objects may stand in each other.
    seconds
        The longest that one request may take to arrive, and again to be answered.
    requests
        The most that an app holds at once, however it is served; those beyond are told to come
        again.
    waiting
        The most that wait for their turn; those beyond are told to come again.
    at_work
        The most that are worked on at once.
    connections
        The most that are open at once, resting ones included.
    idle_seconds
        How long a connection may rest.
    streams
        The most bodies that are read by the app while they arrive.
    held_bytes
        The most bytes of all bodies that are not whole yet.

    Examples
    --------
    >>> Limits().rows
    10000
    """

    body_bytes: int = 8 << 20
    upload_bytes: int = 1 << 30
    rows: int = 10_000
    depth: int = 16
    seconds: float = 30.0
    requests: int = 256
    waiting: int = 64
    at_work: int = 16
    connections: int = 1000
    idle_seconds: float = 75.0
    streams: int = 4
    held_bytes: int = 128 << 20


USUAL_LIMITS = Limits()
FEW_BYTES = 1 << 15
"""A longer body has more rows than are answered while they are read."""


def require_few(rows: int, limits: Limits) -> None:
    """Refuse a request without rows, or with too many.

    Raises
    ------
    HTTPException
        422 or 413.
    """
    # Imported late: the command line reads the limits without serving.
    from starlette.exceptions import HTTPException

    if rows == 0:
        raise HTTPException(422, "There are no rows. Send at least one.")
    if rows > limits.rows:
        raise HTTPException(413, f"{rows:,} rows are more than {limits.rows:,}. Send fewer.")
