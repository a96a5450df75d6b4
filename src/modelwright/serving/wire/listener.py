"""The listener: accepts connections, watches their deadlines, and ends in good order."""

import asyncio
import socket
import ssl
from collections.abc import Callable
from email.utils import formatdate
from random import uniform

from starlette.types import ASGIApp

from modelwright.serving.limits import Limits
from modelwright.serving.wire.connection import Connection
from modelwright.serving.wire.guard import OPEN
from modelwright.serving.wire.head import Head, Heads
from modelwright.serving.wire.messages import raw_error
from modelwright.serving.wire.waiting import WaitingRoom

_IN_A_ROUND = 16
"""Requests that begin together, and whose rows are answered together."""
_REFUSALS = 1200.0
"""In a second; more would take from the time of those who are let in."""
_COOL_S = (0.15, 0.75)
"""How long at least, and at most, nothing is read from a client that was refused, on average.
It was told to wait for a second."""
_SWEEP_S = 0.25
_ANSWERED = b"HTTP/1.1 200 OK\r\n"
_FAULT = "The server failed."
_LAST_CALL_S = 0.1
"""How long a client that rests may still send a request after the end was announced."""


class Listener:
    """Accepts connections for an app.

    Parameters
    ----------
    app
        What answers.
    limits
        Of everything that a client may take.
    refused
        Told the status of each request that is refused before the app hears of it.
    abandoned
        Told of each request whose client went away before it was begun.
    failed
        Told what an app raised.
    tick
        Called a few times each second.
    clock
        Tells the time in seconds since 1970.
    probes
        Paths that never wait.
    at_once
        Answers a whole request from its head and body without the app: returns what follows the
        date in an answer with the status 200, or None where the app shall answer.
    ends
        Whether the server is about to end: answers then close their connections, so that clients
        who keep one ask elsewhere before it is gone.
    """

    def __init__(
        self,
        app: ASGIApp,
        *,
        limits: Limits,
        refused: Callable[[int], None],
        abandoned: Callable[[], None],
        failed: Callable[[Exception], None],
        tick: Callable[[], None],
        clock: Callable[[], float],
        probes: frozenset[str] = OPEN,
        at_once: Callable[[Head, bytes], bytes | None] = lambda _, __: None,
        ends: Callable[[], bool] = lambda: False,
    ) -> None:
        self.app = app
        self.limits = limits
        self.loop = asyncio.get_running_loop()
        self.room = WaitingRoom(
            waiting=limits.waiting,
            at_work=limits.at_work,
            in_a_round=_IN_A_ROUND,
            later=self.loop.call_soon,
        )
        self.heads = Heads()
        self.refused = refused
        self.abandoned = abandoned
        self.failed = failed
        self.probes = probes
        self.ends = ends
        self._at_once = at_once
        self._tick = tick
        self._clock = clock
        self._connections: set[Connection] = set()
        self._held = 0
        self._streams = 0
        self._cooling = 0
        self._leaving = False
        self._tell_the_time()

    async def run(
        self, listening: socket.socket, *, tls: ssl.SSLContext | None, until: asyncio.Event
    ) -> None:
        """Accept connections until an event; then finish what has been accepted.

        Parameters
        ----------
        listening
            A socket that listens.
        tls
            How connections are encrypted; None for not at all.
        until
            Set when no more connections shall be accepted.
        """
        server = await self.loop.create_server(
            lambda: Connection(self), sock=listening, ssl=tls, backlog=self.limits.connections
        )
        sweeping = self.loop.create_task(self._sweep())
        await until.wait()
        # Two rounds of the loop take in whoever has been let in by the system already.
        for _ in range(2):
            await asyncio.sleep(0)
        server.close()
        await self._finish()
        sweeping.cancel()

    @property
    def connections(self) -> int:
        """How many are open."""
        return len(self._connections)

    def date(self) -> bytes:
        """Return the header with the time of day."""
        return self._date

    def at_once(self, head: Head, body: bytes) -> bytes | None:
        """Return the answer to a request; None where the app shall answer."""
        try:
            rest = self._at_once(head, body)
        except Exception as error:  # noqa: BLE001 - the app is a stranger; its faults are told
            # The app is not asked again: the answer may have been logged and counted already.
            self.loop.call_soon(self.failed, error)
            return raw_error(_FAULT, 500, date=self._date, closes=False)
        return None if rest is None else _ANSWERED + self._date + rest

    def busy(self) -> bytes:
        """Return the answer for whom there is no room, and count it."""
        self.refused(503)
        return self._busy

    def in_seconds(self, seconds: float) -> float:
        """Return a deadline."""
        return self.loop.time() + seconds

    def welcome(self, connection: Connection) -> bool:
        """Take in a connection; return False where there are too many."""
        self._connections.add(connection)
        return len(self._connections) <= self.limits.connections

    def farewell(self, connection: Connection) -> None:
        """Forget a connection."""
        self._connections.discard(connection)

    def hold(self, size: int) -> bool:
        """Keep more bytes of bodies in memory, or fewer; return whether there is room for them."""
        self._held += size
        return self._held <= self.limits.held_bytes

    def begin_stream(self) -> bool:
        """Let the app read a body while it arrives, where not too many do."""
        if self._streams >= self.limits.streams:
            return False
        self._streams += 1
        return True

    def end_stream(self) -> None:
        """Take note that a large body is dealt with."""
        self._streams -= 1

    def begin_cooling(self) -> float:
        """Return for how many seconds to read nothing from a client that was refused.

        The longer, the more of them there are, so that refusing takes no more than its time.
        """
        self._cooling += 1
        least, most = _COOL_S
        mean = min(most, max(least, self._cooling / _REFUSALS))
        # Not all after the same time, or they would come back all at once.
        return uniform(mean * 2 / 3, mean * 4 / 3)

    def end_cooling(self) -> None:
        """Take note that a client is read from again."""
        self._cooling -= 1

    def nothing(self) -> None:
        """Do nothing at the end of a request that needs no turn."""

    async def _finish(self) -> None:
        """Answer what has been accepted; then send everybody away."""
        self._leaving = True
        for connection in list(self._connections):
            if not connection.idle:
                connection.leave()
        await asyncio.sleep(_LAST_CALL_S)
        deadline = self.in_seconds(self.limits.seconds)
        while self._connections and self.loop.time() < deadline:
            for connection in list(self._connections):
                connection.leave()
            await asyncio.sleep(_LAST_CALL_S / 5)
        for connection in list(self._connections):
            connection.transport.abort()

    async def _sweep(self) -> None:
        while True:
            self._tell_the_time()
            self._tick()
            now = self.loop.time()
            for connection in [each for each in self._connections if each.deadline < now]:
                connection.expire()
            await asyncio.sleep(_SWEEP_S)

    def _tell_the_time(self) -> None:
        self._date = f"date: {formatdate(self._clock(), usegmt=True)}\r\n".encode()
        sentence = "The server is busy. Try again."
        self._busy = raw_error(sentence, 503, date=self._date, closes=False)
