"""The window: which live rows are judged."""

from dataclasses import dataclass
from datetime import datetime

from modelwright.errors import InputError
from modelwright.workspace.ledger.ledger import microseconds


@dataclass(frozen=True)
class Window:
    """A span of live rows; by default all that the champion answered.

    Parameters
    ----------
    since
        The first moment, with its time zone; None for the beginning.
    until
        The moment after the last, with its time zone; None for no end.
    version
        The fingerprint of the bundle that answered; None for the champion's.

    Raises
    ------
    InputError
        When a moment has no time zone, or the end lies before the beginning.

    Examples
    --------
    >>> from datetime import UTC, datetime
    >>> Window(until=datetime(2026, 3, 8, tzinfo=UTC)).bounds
    (None, 1772928000000000)
    """

    since: datetime | None = None
    until: datetime | None = None
    version: str | None = None

    def __post_init__(self) -> None:
        for moment in (self.since, self.until):
            if moment is not None and moment.tzinfo is None:
                raise InputError(f"The moment {moment} has no time zone.", "Write it with one.")
        if self.since and self.until and self.since >= self.until:
            raise InputError(
                f"The window ends at {self.until}, before it begins at {self.since}.",
                "Give an end that lies after the beginning.",
            )

    @property
    def bounds(self) -> tuple[int | None, int | None]:
        """The first moment and the one after the last, as the ledger counts them."""
        since = None if self.since is None else microseconds(self.since)
        return since, None if self.until is None else microseconds(self.until)
