"""One client's connection: requests in, one after another, answers out.

A request is begun when all of it has arrived, so that a client that sends slowly holds nothing but
its connection. Only a body larger than the usual limit goes to the app while it arrives: a file,
or something to refuse.
"""

import asyncio
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING

from modelwright.serving.wire.exchange import Exchange, scope_of
from modelwright.serving.wire.incoming import (
    CONTINUE,
    Incoming,
    MalformedError,
    begin_incoming,
    waits_for_continue,
)
from modelwright.serving.wire.messages import raw_error

if TYPE_CHECKING:
    from modelwright.serving.wire.listener import Listener

_AHEAD = 1 << 18
"""Bytes that may arrive before those ahead of them are taken."""
_NOTHING = bytes(4)
_LINGER_S = 2.0
"""How long the rest of a refused request is still read, so that its client gets to the answer."""


class Connection(asyncio.Protocol):
    """One client's connection.

    Parameters
    ----------
    listener
        What accepted it: it knows the app, the limits and all other connections.

    Attributes
    ----------
    deadline
        When `expire` shall be called, in the seconds of the event loop.
    gone
        Whether the client went away.
    """

    transport: asyncio.Transport

    def __init__(self, listener: "Listener") -> None:
        self.deadline = listener.in_seconds(listener.limits.idle_seconds)
        self.gone = False
        self._listener = listener
        self._buffer = bytearray()
        self._incoming: Incoming | None = None
        self._exchange: Exchange | None = None
        self._task: asyncio.Task[None] | None = None
        self._asked = False
        self._finished: Callable[[], None] = listener.room.finished
        self._held = 0
        self._closing = False
        self._leaving = False
        self._cools = False
        self._asks_too_soon = False
        self._writable: asyncio.Future[None] | None = None

    # --- what asyncio tells ---------------------------------------------------------------

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        self._about = {
            "client": transport.get_extra_info("peername"),
            "server": transport.get_extra_info("sockname"),
            "scheme": "https" if transport.get_extra_info("sslcontext") else "http",
        }
        if not self._listener.welcome(self):
            self._refuse(503, "The server has too many connections. Try again.")

    def data_received(self, data: bytes) -> None:
        if self._closing or self.gone:
            return
        self._buffer += data
        if self._cools:
            return
        try:
            self._read()
        except MalformedError as error:
            self._refuse(error.status, str(error))
        if len(self._buffer) > _AHEAD:
            self.transport.pause_reading()

    def connection_lost(self, exc: Exception | None) -> None:
        self.gone = True
        self._listener.farewell(self)
        self._hold(0)
        if self._exchange is not None:
            self._exchange.abandon()
        elif self._asked:
            self._listener.abandoned()
        if self._task is not None:
            self._task.cancel()
        self.resume_writing()

    def pause_writing(self) -> None:
        self._writable = self._listener.loop.create_future()

    def resume_writing(self) -> None:
        if self._writable is not None and not self._writable.done():
            self._writable.set_result(None)
        self._writable = None
        if not self._asked:
            self._go_on()

    # --- what the listener and the waiting room ask ----------------------------------------

    @property
    def idle(self) -> bool:
        """Whether the client may be sent away without an answer."""
        return self._incoming is None and not self._buffer

    def begin(self) -> None:
        """Answer, now that it is this request's turn: at once, or by the app."""
        incoming = self._incoming
        assert incoming is not None
        if self._answer_at_once(incoming):
            self._finished()
            return
        self.deadline = float("inf")
        exchange = self._exchange_of(incoming)
        running = exchange.run(self._listener.app, failed=self._listener.failed)
        self._task = self._listener.loop.create_task(running)
        finished = self._finished
        self._task.add_done_callback(lambda _: finished())

    def expire(self) -> None:
        """Close: the deadline has passed."""
        if self._closing or self._asked or self._writable is not None:
            self.transport.abort()
        elif self.idle:
            self.transport.close()
        else:
            self._refuse(408, "The request did not arrive in time. Send it faster.")

    def leave(self) -> None:
        """Close as soon as nothing is left to answer."""
        self._leaving = True
        if self._exchange is not None:
            self._exchange.closes = True
        elif self.idle:
            self.transport.close()

    # --- what an exchange asks --------------------------------------------------------------

    def write(self, data: bytes) -> None:
        """Send bytes to the client."""
        self.transport.write(data)

    async def room_to_write(self) -> None:
        """Wait until the client has read enough of what was sent; not for ever."""
        if self._writable is not None:
            self.deadline = self._listener.in_seconds(self._listener.limits.seconds)
            await self._writable
            self.deadline = float("inf")

    def wants_more(self) -> None:
        """Go on reading from the client."""
        if len(self._buffer) <= _AHEAD and not self._cools and not self.transport.is_closing():
            self.transport.resume_reading()

    def ended(self, *, reusable: bool) -> None:
        """Hear that an answer is over, and whether the next request may follow."""
        self._exchange = self._incoming = self._task = None
        self._asked = False
        self._hold(0)
        if not reusable or self._leaving:
            self._close()
            return
        self.deadline = self._listener.in_seconds(self._listener.limits.idle_seconds)
        self._go_on()

    # --- requests ---------------------------------------------------------------------------

    def _go_on(self) -> None:
        """Take the next request; not before a client has read its answers: they would pile up."""
        if self._writable is not None or self._cools or self.gone:
            return
        self.wants_more()
        if self._buffer:
            # Not at once: others shall have their turn between two requests of one client.
            self._listener.loop.call_soon(self.data_received, b"")

    def _read(self) -> None:
        if self._incoming is None:
            self._begin_reading()
        elif not self._incoming.complete:
            self._incoming.feed(self._buffer)
        incoming = self._incoming
        if incoming is None:
            return
        if self._asked:
            if self._exchange is not None:
                self._exchange.arrived()
            if len(self._buffer) + len(incoming.body) > _AHEAD:
                self.transport.pause_reading()
        elif incoming.complete:
            self._admit(incoming)
        elif self._is_large(incoming):
            self._stream()
        elif not self._hold(len(incoming.body)):
            self._refuse(503, "The server is busy with other bodies. Try again.")
        else:
            # What was read ahead of its turn may have been too much to read on.
            self.wants_more()

    def _begin_reading(self) -> None:
        if not self._buffer or self._writable is not None:
            return
        self._incoming = begin_incoming(self._buffer, self._listener.heads.read)
        if self._incoming is None or not self._incoming.complete:
            limit = self._listener.in_seconds(self._listener.limits.seconds)
            self.deadline = min(self.deadline, limit)
        if self._incoming is not None and waits_for_continue(self._incoming):
            self.write(CONTINUE)

    def _is_large(self, incoming: Incoming) -> bool:
        largest = self._listener.limits.body_bytes
        return (incoming.head.body_bytes or 0) > largest or len(incoming.body) > largest

    def _admit(self, incoming: Incoming) -> None:
        too_soon, self._asks_too_soon = self._asks_too_soon, False
        if incoming.head.path in self._listener.probes:
            self._ask(self._listener.nothing)
            self.begin()
            return
        self._ask(self._listener.room.finished)
        room = self._listener.room
        if (too_soon and not room.is_quiet()) or not room.admit(self):
            self.write(self._listener.busy())
            self._cool_down()
            self.ended(reusable=incoming.head.keeps_open)

    def _cool_down(self) -> None:
        """Hold a client that was refused to some of the second that it was told to wait.

        Of what it sends meanwhile nothing is begun. It is refused again while many
        ask: nobody who is let in has waited for that.
        """
        if not self.transport.is_closing():
            self._cools = True
            self.transport.pause_reading()
            self._listener.loop.call_later(self._listener.begin_cooling(), self._cooled)

    def _cooled(self) -> None:
        self._listener.end_cooling()
        self._cools = False
        if not self.transport.is_closing():
            self._asks_too_soon = bool(self._buffer) or _has_news(self.transport)
            self._go_on()

    def _stream(self) -> None:
        """Let the app read a large body while it arrives."""
        if not self._listener.begin_stream():
            self._refuse(503, "The server is busy with other large bodies. Try again.")
            return
        self._ask(self._listener.end_stream)
        self.begin()

    def _ask(self, finished: Callable[[], None]) -> None:
        self._asked, self._finished = True, finished

    def _answer_at_once(self, incoming: Incoming) -> bool:
        """Answer without a task, a timer and messages; return False where that is not enough."""
        if not incoming.complete or self._closes_after(incoming):
            return False
        answer = self._listener.at_once(incoming.head, bytes(incoming.body))
        if answer is None:
            return False
        self.write(answer)
        self.ended(reusable=True)
        return True

    def _exchange_of(self, incoming: Incoming) -> Exchange:
        scope = scope_of(incoming, **self._about)
        exchange = Exchange(self, incoming, scope, date=self._listener.date)
        exchange.closes = self._closes_after(incoming)
        self._exchange = exchange
        return exchange

    def _closes_after(self, incoming: Incoming) -> bool:
        return self._leaving or not incoming.head.keeps_open or self._listener.ends()

    def _hold(self, size: int) -> bool:
        """Keep so many bytes of a body in memory; return whether there is room for them."""
        more, self._held = size - self._held, size
        return self._listener.hold(more)

    # --- the end ----------------------------------------------------------------------------

    def _refuse(self, status: int, sentence: str) -> None:
        if self._asked:
            self.transport.abort()
            return
        self._listener.refused(status)
        self.write(raw_error(sentence, status, date=self._listener.date(), closes=True))
        self._incoming = None
        self._close()

    def _close(self) -> None:
        """Close when the client has read what was sent to it."""
        self._closing = True
        self._hold(0)
        self._buffer.clear()
        if self.transport.can_write_eof():
            try:
                self.transport.write_eof()
            except OSError:
                # The client went away while nothing was read from it.
                self.transport.abort()
                return
            self.deadline = self._listener.in_seconds(_LINGER_S)
            self.wants_more()
        else:
            self.transport.close()


def _has_news(transport: asyncio.Transport) -> bool:
    """Whether a client has sent something that was not read yet."""
    socket = transport.get_extra_info("socket")
    if socket is None or socket.fileno() < 0 or sys.platform == "win32":
        return False
    import fcntl
    import termios

    return fcntl.ioctl(socket.fileno(), termios.FIONREAD, _NOTHING) != _NOTHING
