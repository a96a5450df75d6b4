"""How much one request may ask for."""

from dataclasses import dataclass

from starlette.exceptions import HTTPException


@dataclass(frozen=True)
class Limits:
    """What the server refuses to exceed.

    Parameters
    ----------
    body_bytes
        The largest body.
    rows
        The most rows of one request.
    seconds
        The longest that one request may take, its body included.
    requests
        The most that are worked on at once; those beyond are told to come again.

    Examples
    --------
    >>> Limits().rows
    10000
    """

    body_bytes: int = 8 << 20
    rows: int = 10_000
    seconds: float = 30.0
    requests: int = 256


USUAL_LIMITS = Limits()


def require_few(rows: int, limits: Limits) -> None:
    """Refuse a request without rows, or with too many.

    Raises
    ------
    HTTPException
        422 or 413.
    """
    if rows == 0:
        raise HTTPException(422, "There are no rows. Send at least one.")
    if rows > limits.rows:
        raise HTTPException(413, f"{rows:,} rows are more than {limits.rows:,}. Send fewer.")
