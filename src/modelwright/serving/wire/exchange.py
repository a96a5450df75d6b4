"""One request and its answer: what an ASGI app receives and sends."""

import asyncio
from collections.abc import Callable, Iterable
from http import HTTPStatus
from typing import Any, Protocol

from starlette.types import ASGIApp, Message, Scope

from modelwright.serving.wire.incoming import Incoming

_PHRASES = {status.value: status.phrase.encode() for status in HTTPStatus}
_NO_BODY = frozenset({204, 304})
_LAST_CHUNK = b"0\r\n\r\n"


class Wire(Protocol):
    """The connection, as far as an exchange knows it."""

    def write(self, data: bytes) -> None:
        """Send bytes to the client."""
        ...

    async def room_to_write(self) -> None:
        """Wait until the client has read enough of what was sent."""
        ...

    def wants_more(self) -> None:
        """Go on reading from the client."""
        ...

    def ended(self, *, reusable: bool) -> None:
        """Hear that an answer is over, and whether the next request may follow."""
        ...


class Exchange:
    """One request and its answer.

    Parameters
    ----------
    wire
        Where the answer goes.
    incoming
        The request; more of its body may still arrive.
    scope
        What ASGI says about it.
    date
        Returns the header with the time of day.
    """

    def __init__(
        self, wire: Wire, incoming: Incoming, scope: Scope, *, date: Callable[[], bytes]
    ) -> None:
        self.gone = False
        self.started = False
        self.closes = not incoming.head.keeps_open
        self._wire = wire
        self._incoming = incoming
        self._scope = scope
        self._date = date
        self._delivered = False
        self._chunked = False
        self._over = False
        self._news: asyncio.Future[None] | None = None

    async def run(self, app: ASGIApp, *, failed: Callable[[Exception], None]) -> None:
        """Let an app answer; whatever it does, the client gets an answer or a cut."""
        try:
            await app(self._scope, self._receive, self._send)
        except Exception as error:  # noqa: BLE001 - the app is a stranger; its faults are told
            if not self.gone:
                failed(error)
        if self._over or self.gone:
            return
        if self.started:
            # An answer without its end must not look whole.
            self._wire.ended(reusable=False)
        else:
            await self._send({"type": "http.response.start", "status": 500, "headers": []})
            await self._send({"type": "http.response.body"})

    def arrived(self) -> None:
        """Hear that more of the body is there."""
        self._wake()

    def abandon(self) -> None:
        """Hear that the client went away."""
        self.gone = True
        self._wake()

    async def _receive(self) -> Message:
        incoming = self._incoming
        while not self.gone:
            if not self._delivered and (incoming.body or incoming.complete):
                body, incoming.body = bytes(incoming.body), bytearray()
                self._delivered = incoming.complete
                self._wire.wants_more()
                return {"type": "http.request", "body": body, "more_body": not incoming.complete}
            self._news = asyncio.get_running_loop().create_future()
            await self._news
        return {"type": "http.disconnect"}

    async def _send(self, message: Message) -> None:
        if self.gone:
            raise OSError("The client went away.")
        if message["type"] == "http.response.start":
            self.started = True
            self._head = self._answer_head(message["status"], message.get("headers", ()))
            return
        body, more = message.get("body", b""), message.get("more_body", False)
        if self._chunked:
            body = b"%x\r\n%b\r\n" % (len(body), body) if body else b""
            body += b"" if more else _LAST_CHUNK
        if self._hides_body:
            body = b""
        head, self._head = self._head, b""
        self._wire.write(head + body)
        if more:
            await self._wire.room_to_write()
            return
        self._over = True
        # The rest of a body that nobody wants would be read as the next request.
        self._wire.ended(reusable=not self.closes and self._incoming.complete)

    def _answer_head(self, status: int, headers: Iterable[tuple[bytes, bytes]]) -> bytes:
        parts = [b"HTTP/1.1 %d %b\r\n" % (status, _PHRASES.get(status, b"")), self._date()]
        sized = False
        for name, value in headers:
            sized = sized or name == b"content-length"
            parts.append(b"%b: %b\r\n" % (name, value))
        self._hides_body = self._scope["method"] == "HEAD" or status in _NO_BODY
        if not sized and not self._hides_body:
            self._chunked = self._scope["http_version"] == "1.1"
            self.closes = self.closes or not self._chunked
            parts += [b"transfer-encoding: chunked\r\n"] if self._chunked else []
        if self.closes or not self._incoming.complete:
            parts.append(b"connection: close\r\n")
        parts.append(b"\r\n")
        return b"".join(parts)

    def _wake(self) -> None:
        if self._news is not None and not self._news.done():
            self._news.set_result(None)


def scope_of(incoming: Incoming, **about: Any) -> Scope:
    """Return what ASGI says about a request.

    Parameters
    ----------
    incoming
        The request.
    about
        ``client``, ``server``, ``scheme``.
    """
    head = incoming.head
    return {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.4"},
        "http_version": head.version,
        "method": head.method,
        "path": head.path,
        "raw_path": head.target.partition(b"?")[0],
        "query_string": head.query,
        "root_path": "",
        "headers": [*head.headers],
        "state": {},
        **about,
    }
