"""What stands before every route: a token, a bound of requests and of time, a count, a name."""

import asyncio
import re
import secrets
from collections.abc import Callable, Sequence
from hmac import compare_digest
from itertools import count

from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from modelwright.errors import ModelwrightError
from modelwright.serving.limits import Limits
from modelwright.serving.log import Log
from modelwright.serving.metrics import Metrics
from modelwright.serving.wire.head import Head
from modelwright.serving.wire.messages import error_response, json_response
from modelwright.serving.wire.notes import begin_notes

OPEN = frozenset({"/", "/v2/health/live", "/v2/health/ready", "/ping", "/health"})
"""Paths that tell nothing but whether the server lives: probes have no token and never wait."""


LONG = frozenset({"/predict/batch"})
"""Paths whose requests may take longer than others."""

_GONE = 499
"""The status of a request whose client did not wait for the answer."""

_REST = b"content-length: %d\r\ncontent-type: application/json\r\nx-request-id: %b\r\n%b\r\n%b"

_GIVEN_ID = re.compile(rb"[A-Za-z0-9._:-]{1,64}")
"""What a client may call its request; anything else might not be meant for a log."""


class Guard:
    """ASGI middleware that lets a request through, or answers it at once.

    Parameters
    ----------
    app
        What it stands before.
    limits
        Of requests at once and of seconds.
    metrics
        Where requests are counted.
    tokens
        Of which clients send one as ``Authorization: Bearer TOKEN``; none lets everybody in.
    log
        Where requests are told.
    timer
        Tells the time in seconds; it never goes back.
    draining
        Whether the server is about to end, and no longer ready.
    probes
        Paths that need no token and never wait.
    """

    def __init__(
        self,
        app: ASGIApp,
        *,
        limits: Limits,
        metrics: Metrics,
        tokens: Sequence[str],
        log: Log,
        timer: Callable[[], float],
        draining: Callable[[], bool],
        probes: frozenset[str] = OPEN,
    ) -> None:
        self._app = app
        self._limits = limits
        self._metrics = metrics
        self._expected = [f"Bearer {token}".encode() for token in tokens]
        self._log = log
        self._timer = timer
        self._draining = draining
        self._probes = probes
        self._working = 0
        self._prefix = secrets.token_hex(6).encode()
        self._numbers = count(1)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        name = self._name(_header(scope, b"x-request-id"))
        started, sent = self._timer(), _Watched(send, (b"x-request-id", name), begin_notes())
        self._working += 1
        try:
            await self._answer(scope, receive, sent)
        finally:
            self._working -= 1
            endpoint = getattr(scope.get("endpoint"), "__name__", "none")
            self._note(endpoint, sent.status or _GONE, name, self._timer() - started)

    def at_once(
        self, head: Head, endpoint: str, answer: Callable[[], bytes | None]
    ) -> bytes | None:
        """Let through what is answered while it is read; None where it goes the usual way.

        Parameters
        ----------
        head
            Of the request.
        endpoint
            Who answers, as it is counted.
        answer
            Returns JSON, or None.

        Returns
        -------
        bytes
            What follows the date in an answer with the status 200.
        """
        if self._working >= self._limits.requests or not self._lets_in(
            head.named.get(b"authorization", b"")
        ):
            return None
        started, notes = self._timer(), begin_notes()
        try:
            body = answer()
        except ModelwrightError:
            # The app meets the same fault, and tells it.
            return None
        if body is None:
            return None
        name = self._name(head.named.get(b"x-request-id", b""))
        noted = b"".join([b"%b: %b\r\n" % note for note in notes])
        self._note(endpoint, 200, name, self._timer() - started)
        return _REST % (len(body), name, noted, body)

    def _name(self, given: bytes) -> bytes:
        """Return the id of a request: the client's own, where it may be told."""
        return (
            given if _GIVEN_ID.fullmatch(given) else b"%b-%x" % (self._prefix, next(self._numbers))
        )

    def _note(self, endpoint: str, status: int, name: bytes, seconds: float) -> None:
        self._metrics.count_request(endpoint, status, seconds)
        if self._log.tells_requests:
            self._log.tell(
                "request",
                id=name.decode(),
                endpoint=endpoint,
                status=status,
                seconds=round(seconds, 6),
            )

    async def _answer(self, scope: Scope, receive: Receive, send: "_Watched") -> None:
        if self._draining() and self._asks_whether_ready(scope["path"]):
            ending = json_response({"live": True, "ready": False}, 503)
            await ending(scope, receive, send)
            return
        refusal = None if scope["path"] in self._probes else self._refusal(scope)
        if refusal is not None:
            await refusal(scope, receive, send)
            return
        try:
            # A file takes its time; each part of it has a limit of its own.
            seconds = None if scope["path"] in LONG else self._limits.seconds
            async with asyncio.timeout(seconds):
                await self._app(scope, receive, send)
        except TimeoutError:
            if send.status:
                raise
            late = f"No answer within {self._limits.seconds:g} seconds. Send fewer rows."
            await error_response(late, 503)(scope, receive, send)

    def _asks_whether_ready(self, path: str) -> bool:
        return path.endswith("/ready") or (path in self._probes and not path.endswith("/live"))

    def _refusal(self, scope: Scope) -> Response | None:
        if not self._lets_in(_header(scope, b"authorization")):
            challenge = {"WWW-Authenticate": "Bearer"}
            return error_response("Send the server's token as a Bearer.", 401, challenge)
        if self._working > self._limits.requests:
            return error_response("The server is busy. Try again.", 503, {"Retry-After": "1"})
        return None

    def _lets_in(self, given: bytes) -> bool:
        if not self._expected:
            return True
        # All are compared, so that the time tells nothing about which one it was.
        return sum(compare_digest(given, expected) for expected in self._expected) > 0


class _Watched:
    """A `send` that remembers the status and adds the request's id and what was noted."""

    def __init__(
        self, send: Send, name: tuple[bytes, bytes], notes: list[tuple[bytes, bytes]]
    ) -> None:
        self._send = send
        self._name = name
        self._notes = notes
        self.status = 0

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            message["headers"] = [*message.get("headers", ()), self._name, *self._notes]
        await self._send(message)


def _header(scope: Scope, wanted: bytes) -> bytes:
    for name, value in scope["headers"]:
        if name == wanted:
            return bytes(value)
    return b""
