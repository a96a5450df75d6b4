"""Clients that measure: one that asks and waits, and many that ask whatever happens."""

import select
import socket
import struct
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

_END = b"\r\n\r\n"
_LENGTH = b"content-length:"
_ROOM = 1 << 20
_SETTLED_S = 0.5
_STAMPS, _STAMP_ROOM = 35, 64
"""The option of Linux that tells when what is read had arrived (SO_TIMESTAMPNS)."""


@dataclass(frozen=True, kw_only=True)
class Times:
    """What was seen of many requests.

    Parameters
    ----------
    p50_s, p99_s
        Of those that were answered with 200.
    rate
        Such answers in a second.
    statuses
        How many answers had which status; 0 for a connection that was lost.
    """

    p50_s: float
    p99_s: float
    rate: float
    statuses: dict[int, int]


def as_request(body: bytes, path: str, *, host: str = "127.0.0.1") -> bytes:
    """Return the bytes of a POST with JSON.

    Examples
    --------
    >>> as_request(b"{}", "/predict").splitlines()[0]
    b'POST /predict HTTP/1.1'
    """
    lines = [f"POST {path} HTTP/1.1", f"Host: {host}", "Content-Type: application/json"]
    return "\r\n".join([*lines, f"Content-Length: {len(body)}", "", ""]).encode() + body


def ask_in_turn(port: int, requests: Sequence[bytes], *, count: int, warm: int = 50) -> Times:
    """Ask over one connection, each request when the one before is answered.

    Parameters
    ----------
    port
        Of this machine.
    requests
        Sent in turn.
    count, warm
        How many are measured, after how many that are not.
    """
    taken, statuses = [], Counter[int]()
    with socket.create_connection(("127.0.0.1", port), timeout=60) as connection:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for number in range(warm + count):
            started = time.perf_counter()
            connection.sendall(requests[number % len(requests)])
            status = _status(_whole(connection))
            if number >= warm:
                taken.append(time.perf_counter() - started)
                statuses[status] += 1
    return _times(taken, statuses, seconds=sum(taken))


def ask_at_once(port: int, request: bytes, *, connections: int, seconds: float) -> Times:
    """Ask over many connections, each asking again as soon as it is answered."""
    return ask_at_rate(port, request, connections=connections, seconds=seconds, rate=None)


def ask_at_rate(
    port: int, request: bytes, *, connections: int, seconds: float, rate: float | None
) -> Times:
    """Ask over many connections at a rate that does not wait for answers.

    Parameters
    ----------
    port
        Of this machine.
    request
        Sent again and again.
    connections
        When all of them wait for an answer, the next request goes out when one is answered.
    seconds
        For how long.
    rate
        Requests a second; None for as many as are answered.
    """
    crowd = _Crowd(port, request, connections)
    # It is requests that are too many, not connections that are all new.
    time.sleep(_SETTLED_S)
    try:
        return crowd.ask(seconds, rate)
    finally:
        crowd.close()


class _Crowd:
    def __init__(self, port: int, request: bytes, connections: int) -> None:
        self._request = request
        self._address = ("127.0.0.1", port)
        self._poll = select.epoll()
        self._sockets: dict[int, socket.socket] = {}
        self._asked: dict[int, float] = {}
        self._parts: dict[int, bytes] = {}
        self._taken: list[float] = []
        self._statuses = Counter[int]()
        self._free = [self._connect() for _ in range(connections)]

    def ask(self, seconds: float, rate: float | None) -> Times:
        started = time.perf_counter()
        sent = 0
        while (now := time.perf_counter()) < started + seconds:
            due = len(self._free) if rate is None else int((now - started) * rate) - sent
            for _ in range(min(due, len(self._free))):
                self._send(self._free.pop())
                sent += 1
            self._receive(0.001)
        last = time.perf_counter() + 5
        while self._asked and time.perf_counter() < last:
            self._receive(0.05)
        return _times(self._taken, self._statuses, seconds=seconds)

    def close(self) -> None:
        for connection in self._sockets.values():
            connection.close()
        self._poll.close()

    def _connect(self) -> int:
        connection = socket.create_connection(self._address, timeout=20)
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        connection.setblocking(False)
        connection.setsockopt(socket.SOL_SOCKET, _STAMPS, 1)
        self._sockets[connection.fileno()] = connection
        self._poll.register(connection.fileno(), select.EPOLLIN)
        return connection.fileno()

    def _send(self, number: int) -> None:
        self._asked[number] = time.time()
        try:
            self._sockets[number].send(self._request)
        except OSError:
            self._lose(number)

    def _receive(self, wait_s: float) -> None:
        for number, _ in self._poll.poll(wait_s):
            try:
                part, about, *_ = self._sockets[number].recvmsg(_ROOM, _STAMP_ROOM)
            except OSError:
                part, about = b"", []
            if not part:
                self._lose(number)
                continue
            part = self._parts.pop(number, b"") + part
            if _is_whole(part):
                self._note(number, part, _arrived(about))
            else:
                self._parts[number] = part

    def _note(self, number: int, answer: bytes, arrived: float) -> None:
        status = _status(answer)
        self._statuses[status] += 1
        asked = self._asked.pop(number)
        if status == 200:
            self._taken.append(arrived - asked)
        self._free.append(number)

    def _lose(self, number: int) -> None:
        self._asked.pop(number, None)
        self._parts.pop(number, None)
        self._statuses[0] += 1
        self._poll.unregister(number)
        self._sockets.pop(number).close()
        try:
            self._free.append(self._connect())
        except OSError:
            self._statuses[0] += 1


def _arrived(about: Sequence[tuple[int, int, bytes]]) -> float:
    """Return when the system got the answer, however late a busy client came to read it."""
    for _, kind, data in about:
        if kind == _STAMPS:
            seconds, nanoseconds = struct.unpack("qq", data)
            return float(seconds + nanoseconds / 1e9)
    return time.time()


def _whole(connection: socket.socket) -> bytes:
    answer = b""
    while not _is_whole(answer):
        part = connection.recv(_ROOM)
        if not part:
            raise ConnectionError("The server closed the connection.")
        answer += part
    return answer


def _is_whole(answer: bytes) -> bool:
    end = answer.find(_END)
    if end < 0:
        return False
    head = answer[:end].lower()
    at = head.find(_LENGTH)
    if at < 0:
        return answer.endswith(b"0\r\n\r\n")
    length = int(head[at + len(_LENGTH) :].split(b"\r\n", 1)[0])
    return len(answer) >= end + len(_END) + length


def _status(answer: bytes) -> int:
    return int(answer[9:12])


def _times(taken: Sequence[float], statuses: Counter[int], *, seconds: float) -> Times:
    p50, p99 = np.quantile(taken, (0.5, 0.99)) if taken else (np.nan, np.nan)
    rate = statuses[200] / seconds
    return Times(p50_s=float(p50), p99_s=float(p99), rate=rate, statuses=dict(statuses))
