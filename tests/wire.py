"""Servers of the tests, and clients that speak HTTP by hand."""

import asyncio
import socket
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress

from modelwright.serving.limits import Limits
from modelwright.serving.wire.listener import Listener


class Served:
    """A listener with an app, for clients within the same event loop."""

    def __init__(self, app, limits: Limits, **ways) -> None:
        self.refused: list[int] = []
        self.abandoned = 0
        self.faults: list[Exception] = []
        self.listener = Listener(
            app,
            limits=limits,
            refused=self.refused.append,
            abandoned=self._abandon,
            failed=self.faults.append,
            tick=lambda: None,
            clock=time.time,
            **ways,
        )
        self.end = asyncio.Event()
        self._writers: list[asyncio.StreamWriter] = []
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port = self._socket.getsockname()[1]
        self._running = asyncio.create_task(
            self.listener.run(self._socket, tls=None, until=self.end)
        )

    def _abandon(self) -> None:
        self.abandoned += 1

    async def client(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        self._writers.append(writer)
        return reader, writer

    async def connection(self):
        """Return the server's end of the only connection, once it is there."""
        while not self.listener._connections:
            await asyncio.sleep(0.001)
        (connection,) = self.listener._connections
        return connection

    async def ask(self, sent: bytes) -> bytes:
        """Send bytes over a connection of its own; return all that comes until it is closed."""
        reader, writer = await self.client()
        writer.write(sent)
        answered = await reader.read()
        writer.close()
        return answered

    async def rest(self) -> None:
        """Let clients in other threads have their answers."""
        await asyncio.sleep(0.01)

    async def finish(self) -> None:
        self.end.set()
        await asyncio.wait_for(self._running, 20)

    async def hang_up(self) -> None:
        for writer in self._writers:
            writer.close()
            with suppress(OSError):
                await writer.wait_closed()


def with_server(
    app, test: Callable[[Served], Awaitable[None]], *, at_once=lambda _, __: None, **limits
) -> Served:
    """Run a test with an app behind a listener."""

    async def run() -> Served:
        served = Served(app, Limits(**limits), at_once=at_once)
        try:
            await asyncio.wait_for(test(served), 20)
        finally:
            await served.hang_up()
            await served.finish()
        return served

    return asyncio.run(run())


def post(body: bytes, *headers: str, path: str = "/predict") -> bytes:
    """Return the bytes of a request with a body."""
    lines = [f"POST {path} HTTP/1.1", "Host: here", f"Content-Length: {len(body)}", *headers]
    return "\r\n".join([*lines, "", ""]).encode() + body


async def read_answer(reader: asyncio.StreamReader) -> tuple[int, dict[str, str], bytes]:
    """Read one answer that tells its length."""
    head = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
    headers = dict(line.lower().split(": ", 1) for line in head[1:] if line)
    body = await reader.readexactly(int(headers["content-length"]))
    return int(head[0].split()[1]), headers, body


def wait_until(true: Callable[[], bool]) -> None:
    """Wait for something that another process does; fail where it does not come about."""
    deadline = time.monotonic() + 20
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.02)
