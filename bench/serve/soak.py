"""Thousands of requests that nobody should send: none may be answered by a fault."""

import json
import random
import select
import socket
from collections import Counter
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

_STRANGE: Sequence[Any] = (
    *(None, True, False, 0, -1, 1e308, -1e308, 10**400, 0.1, "", " ", "x" * 5000, "\u2205", "\x00"),
    *([], {}, [1], {"a": 1}, "NaN", "1e999", "2024-02-30", "\ud800", "=1+1", "\U0001f6f8"),
)
_HEADERS = (
    *("X-Request-Id: \u00e4", "Content-Type: text/html", "Transfer-Encoding: chunked"),
    *("Expect: 100-continue", "Connection: close", "Content-Length: 5", "Upgrade: h2c", ": empty"),
    *("Content-Encoding: gzip", "Authorization: Bearer x", "Accept: image/png", "X: " + "y" * 9000),
)
_PATHS = (
    *("/predict", "/predict/batch", "/v2", "/v2/models/left/infer", "/metrics", "/openapi.json"),
    *("/", "/nothing", "/%00", "/predict?x=%ff", "/v2/models/left/versions/1/infer", "//", "/../x"),
)
_CLIENTS = 4
_PATIENCE_S = 0.3
_ALLOWED = frozenset({503})
"""Deliberate: there is no room, or no time."""


def soak(port: int, row: Mapping[str, Any], *, count: int, seed: int) -> dict[int, int]:
    """Send requests that are wrong in some way; return how many answers had which status.

    Parameters
    ----------
    port
        Of this machine.
    row
        A sound one, in which something is changed.
    count
        Of requests.
    seed
        The same gives the same requests.

    Returns
    -------
    dict
        0 counts connections that the server closed without an answer.
    """
    with ThreadPoolExecutor(_CLIENTS) as clients:
        shares = [count // _CLIENTS + (place < count % _CLIENTS) for place in range(_CLIENTS)]
        parts = clients.map(
            lambda place: _soak(port, row, shares[place], random.Random(f"{seed} {place}")),
            range(_CLIENTS),
        )
        return dict(sum(parts, Counter[int]()))


def _soak(port: int, row: Mapping[str, Any], count: int, chance: random.Random) -> Counter[int]:
    return Counter(_send(port, _request(chance, row)) for _ in range(count))


def faults(statuses: Mapping[int, int]) -> int:
    """Return how many answers were faults of the server."""
    return sum(n for status, n in statuses.items() if status >= 500 and status not in _ALLOWED)


def _send(port: int, request: bytes) -> int:
    answer = b""
    with socket.create_connection(("127.0.0.1", port), timeout=10) as connection:
        try:
            connection.sendall(request)
            select.select([connection], [], [], _PATIENCE_S)
            # It may wait for the rest of what was cut short, or for a next request: there is none.
            connection.shutdown(socket.SHUT_WR)
            while part := connection.recv(1 << 16):
                answer += part
        except (ConnectionError, TimeoutError):
            pass
    status = answer[9:12]
    return int(status) if status.isdigit() else 0


def _request(chance: random.Random, row: Mapping[str, Any]) -> bytes:
    body = _body(chance, row)
    headers = [h for h in _HEADERS if chance.random() < 0.04]
    length = len(body) + (chance.choice((-1, 1, 10**9)) if chance.random() < 0.03 else 0)
    method = chance.choice(("POST",) * 8 + ("GET", "PUT", "DELETE", "OPTIONS", "HEAD", "BREW"))
    path = "/predict" if chance.random() < 0.5 else chance.choice(_PATHS)
    lines = [f"{method} {path} HTTP/1.1", "Host: a", f"Content-Length: {max(0, length)}", *headers]
    if "/batch" in path:
        lines.append(f"Content-Type: {chance.choice(('text/csv', 'application/x-ndjson'))}")
    head = "\r\n".join([*lines, "Connection: close", "", ""]).encode("latin-1", "replace")
    whole = head + body
    return _damaged(chance, whole) if chance.random() < 0.1 else whole


def _body(chance: random.Random, row: Mapping[str, Any]) -> bytes:
    changed: dict[str, Any] = dict(row)
    for name in row:
        if chance.random() < 0.2:
            changed[name] = chance.choice(_STRANGE)
        elif chance.random() < 0.05:
            del changed[name]
    if chance.random() < 0.1:
        changed[chance.choice(("rows", "row", "ids", "related", "coverage", "x"))] = chance.choice(
            _STRANGE
        )
    kinds = (
        lambda: changed,
        lambda: {"rows": [changed] * chance.randrange(4), "ids": chance.choice(_STRANGE)},
        lambda: {"inputs": [_tensor(chance, name, value) for name, value in changed.items()]},
        lambda: chance.choice(_STRANGE),
        lambda: json.loads("[" * 90 + "]" * 90),
    )
    (made,) = chance.choices(kinds, weights=(8, 3, 4, 1, 1))
    text = json.dumps(made())
    if chance.random() < 0.05:
        text = text.replace("{", '{"n0": 1, "n0": 2, ', 1)
    return _damaged(chance, text.encode()) if chance.random() < 0.1 else text.encode()


def _tensor(chance: random.Random, name: str, value: Any) -> dict[str, Any]:
    return {
        "name": name,
        "shape": chance.choice(([1], [1, 1], [2], [-1], [], [10**9])),
        "datatype": chance.choice(("FP64", "BYTES", "BOOL", "INT64", "X")),
        "data": [value],
    }


def _damaged(chance: random.Random, data: bytes) -> bytes:
    at = chance.randrange(len(data) + 1)
    ways = (
        lambda: data[:at],
        lambda: data[:at] + bytes([chance.randrange(256)]) + data[at + 1 :],
        lambda: data[:at] + data[at // 2 :],
    )
    return chance.choice(ways)()
