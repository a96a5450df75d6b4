"""Notes: headers that are added to an answer from far within."""

from contextvars import ContextVar

_NOTES: ContextVar[list[tuple[bytes, bytes]] | None] = ContextVar("notes", default=None)

_MOST = 8


def begin_notes() -> list[tuple[bytes, bytes]]:
    """Begin the notes of a request; whatever is noted from now on is in the list."""
    notes: list[tuple[bytes, bytes]] = []
    _NOTES.set(notes)
    return notes


def note(name: str, value: str) -> None:
    """Add a header, in plain ASCII, to the answer that is being made; nowhere, where none is.

    Examples
    --------
    >>> notes = begin_notes()
    >>> note("contract-broken", "age;rows=1")
    >>> notes
    [(b'contract-broken', b'age;rows=1')]
    """
    note_header((name.encode("ascii"), value.encode("ascii")))


def note_header(header: tuple[bytes, bytes]) -> None:
    """Add a header as it is sent, as `note` does."""
    notes = _NOTES.get()
    if notes is not None and len(notes) < _MOST:
        notes.append(header)
