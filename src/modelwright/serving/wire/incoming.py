"""A request on its way in: its head, then its body, however the client sends it."""

import re
from collections.abc import Callable
from typing import Protocol

import h11

from modelwright.serving.wire.head import LARGEST_HEAD, Head, is_whole, read_head

CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"

_HOST = re.compile(rb"https?://[^/?]+", re.IGNORECASE)
"""What stands before the path where a client asks as it would ask a proxy."""
_BLANK = b"\r\n"
_QUOTED = re.compile(r"bytearray\(b(.*)\)")


class MalformedError(Exception):
    """What arrived is no request of HTTP; the connection cannot be read any further.

    Parameters
    ----------
    status
        That it is answered with.
    """

    def __init__(self, status: int, sentence: str) -> None:
        super().__init__(sentence)
        self.status = status


class Incoming(Protocol):
    """A request on its way in.

    Attributes
    ----------
    head
        What its first lines said.
    body
        What has arrived of its body and was not taken away yet.
    complete
        Whether its end has arrived.
    """

    head: Head
    body: bytearray
    complete: bool

    def feed(self, buffer: bytearray) -> None:
        """Take what belongs to this request out of a buffer; leave what follows it.

        Raises
        ------
        MalformedError
            When that is no HTTP.
        """
        ...


def begin_incoming(
    buffer: bytearray, read: Callable[[bytearray], Head | None] = read_head
) -> Incoming | None:
    """Begin a request with what has arrived; None while its head is not all there.

    Parameters
    ----------
    buffer
        What has arrived; what belongs to the request is taken out of it.
    read
        Reads a plain head, as `read_head` does.

    Raises
    ------
    MalformedError
        When that is no HTTP, or the head is too large.

    Examples
    --------
    >>> head = b"POST / HTTP/1.1\\r\\nHost: here\\r\\nContent-Length: 2\\r\\n\\r\\n"
    >>> buffer = bytearray(head + b"{}GET")
    >>> incoming = begin_incoming(buffer)
    >>> bytes(incoming.body), incoming.complete, bytes(buffer)
    (b'{}', True, b'GET')
    """
    head = read(buffer)
    if head is not None:
        return _Plain(head, buffer)
    if buffer.startswith(_BLANK):
        # Some clients end a body with a line that does not belong to it (RFC 9112, 2.2).
        while buffer.startswith(_BLANK):
            del buffer[: len(_BLANK)]
        return begin_incoming(buffer, read)
    if is_whole(buffer):
        return _Unusual(buffer)
    if len(buffer) >= LARGEST_HEAD:
        raise MalformedError(431, f"The headers are larger than {LARGEST_HEAD:,} bytes.")
    return None


class _Plain:
    """A request whose length its head told."""

    def __init__(self, head: Head, buffer: bytearray) -> None:
        assert head.body_bytes is not None
        end = head.size + head.body_bytes
        self.head = head
        # Most requests arrive whole.
        self.body = buffer[head.size : end]
        del buffer[:end]
        self._missing = head.body_bytes - len(self.body)
        self.complete = not self._missing

    def feed(self, buffer: bytearray) -> None:
        if self.complete:
            return
        taken = buffer[: self._missing]
        del buffer[: self._missing]
        self.body += taken
        self._missing -= len(taken)
        self.complete = not self._missing


class _Unusual:
    """A request that h11 reads; it lives no longer than the request."""

    def __init__(self, buffer: bytearray) -> None:
        self.body = bytearray()
        self.complete = False
        self._h11 = h11.Connection(h11.SERVER, max_incomplete_event_size=LARGEST_HEAD)
        self._h11.receive_data(bytes(buffer))
        buffer.clear()
        request = self._next()
        if not isinstance(request, h11.Request):
            raise MalformedError(400, "That is no request of HTTP/1.1.")
        self.head = _head_of(request)
        self._read(buffer)

    @property
    def waits_for_continue(self) -> bool:
        """Whether the client sends its body only when it is told to."""
        return self._h11.they_are_waiting_for_100_continue

    def feed(self, buffer: bytearray) -> None:
        if self.complete or not buffer:
            return
        self._h11.receive_data(bytes(buffer))
        buffer.clear()
        self._read(buffer)

    def _read(self, buffer: bytearray) -> None:
        while isinstance(event := self._next(), h11.Data):
            self.body += event.data
        if isinstance(event, h11.EndOfMessage):
            self.complete = True
            buffer[:0] = self._h11.trailing_data[0]

    def _next(self) -> object:
        try:
            return self._h11.next_event()
        except h11.RemoteProtocolError as error:
            # h11 proposes 501 for a coding of the body that nobody knows. A request at fault is
            # never answered as if the server were.
            hint = error.error_status_hint
            status = hint if hint < 500 else 400
            found = _QUOTED.sub(r"\1", str(error))
            raise MalformedError(status, f"That is no HTTP/1.1: {found}.") from error


def _head_of(request: h11.Request) -> Head:
    headers = list(request.headers)
    known = dict(headers)
    if b"transfer-encoding" in known and b"content-length" in known:
        # Whoever forwards requests may go by the other one, and see another end.
        raise MalformedError(400, "A body has a length or comes in chunks, not both.")
    version = request.http_version.decode()
    options = {each.strip().lower() for each in known.get(b"connection", b"").split(b",")}
    length = known.get(b"content-length")
    return Head(
        method=request.method.decode(),
        target=_without_host(request.target),
        headers=headers,
        body_bytes=None if length is None else int(length),
        size=0,
        keeps_open=version == "1.1" and b"close" not in options,
        version=version,
    )


def _without_host(target: bytes) -> bytes:
    host = _HOST.match(target)
    if host is None:
        return target
    rest = target[host.end() :]
    return rest if rest.startswith(b"/") else b"/" + rest


def waits_for_continue(incoming: Incoming) -> bool:
    """Whether a client sends its body only when it is told to."""
    return isinstance(incoming, _Unusual) and incoming.waits_for_continue
