"""What stands before every route: a token, a bounded queue, a bounded time, a count."""

import asyncio
from collections.abc import Callable
from hmac import compare_digest

from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from modelwright.serving.limits import Limits
from modelwright.serving.messages import error_response
from modelwright.serving.metrics import Metrics

_OPEN = frozenset({"/", "/v2/health/live", "/v2/health/ready"})
"""Paths that tell nothing but whether the server lives: probes have no token and never wait."""


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
    token
        What clients send as ``Authorization: Bearer TOKEN``; None lets everybody in.
    timer
        Tells the time in seconds; it never goes back.
    """

    def __init__(
        self,
        app: ASGIApp,
        *,
        limits: Limits,
        metrics: Metrics,
        token: str | None,
        timer: Callable[[], float],
    ) -> None:
        self._app = app
        self._limits = limits
        self._metrics = metrics
        self._expected = None if token is None else f"Bearer {token}".encode()
        self._timer = timer
        self._working = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started, sent = self._timer(), _Watched(send)
        self._working += 1
        try:
            await self._answer(scope, receive, sent)
        finally:
            self._working -= 1
            endpoint = getattr(scope.get("endpoint"), "__name__", "none")
            self._metrics.count_request(endpoint, sent.status, self._timer() - started)

    async def _answer(self, scope: Scope, receive: Receive, send: "_Watched") -> None:
        refusal = None if scope["path"] in _OPEN else self._refusal(scope)
        if refusal is not None:
            await refusal(scope, receive, send)
            return
        try:
            async with asyncio.timeout(self._limits.seconds):
                await self._app(scope, receive, send)
        except TimeoutError:
            if send.status:
                raise
            late = f"No answer within {self._limits.seconds:g} seconds. Send fewer rows."
            await error_response(late, 503)(scope, receive, send)

    def _refusal(self, scope: Scope) -> Response | None:
        if self._expected is not None and not compare_digest(_authorization(scope), self._expected):
            challenge = {"WWW-Authenticate": "Bearer"}
            return error_response("Send the server's token as a Bearer.", 401, challenge)
        if self._working > self._limits.requests:
            return error_response("The server is busy. Try again.", 503, {"Retry-After": "1"})
        return None


class _Watched:
    """A `send` that remembers the status."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self.status = 0

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
        await self._send(message)


def _authorization(scope: Scope) -> bytes:
    for name, value in scope["headers"]:
        if name == b"authorization":
            return bytes(value)
    return b""
