"""The head of a request: its first line and its headers.

What nearly every client sends is read here, by one strict pattern. Whatever is unusual (chunked
bodies, upgrades, expectations, HTTP/1.0, anything malformed) is left to h11, which knows all of
HTTP/1.1; so nothing that is read here could be understood in two ways.
"""

import re
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import unquote

LARGEST_HEAD = 1 << 16
"""Bytes of a head, from which on it is refused."""

_LONGEST_KNOWN, _MOST_KNOWN = 1 << 10, 256
_END = b"\r\n\r\n"
_LINE = re.compile(rb"([A-Z]{3,7}) (/[!-~]*) HTTP/1\.1\r\n")
_HEADERS = re.compile(rb"(?:[!#$%&'*+.^_`|~0-9A-Za-z-]+:[\t -~\x80-\xff]*\r\n)+")
_UNUSUAL = frozenset({b"transfer-encoding", b"expect", b"upgrade", b"http2-settings"})
_LENGTH = re.compile(rb"[0-9]{1,15}")
_CONNECTIONS = frozenset({b"keep-alive", b"close"})


@dataclass(frozen=True)
class Head:
    """What the first lines of a request say.

    Parameters
    ----------
    method
        In capitals.
    target
        The path and the query, as they were sent.
    headers
        In the order in which they were sent, names in small letters.
    body_bytes
        How long the body is; None when its end shows only on the way.
    size
        Bytes of the head itself.
    keeps_open
        Whether the client wants to ask again over the same connection.
    version
        Of HTTP.
    """

    method: str
    target: bytes
    headers: list[tuple[bytes, bytes]]
    body_bytes: int | None
    size: int
    keeps_open: bool = True
    version: str = "1.1"

    @cached_property
    def path(self) -> str:
        """The path without its query, decoded."""
        path = self.target.partition(b"?")[0].decode("latin-1")
        return unquote(path) if "%" in path else path

    @cached_property
    def named(self) -> dict[bytes, bytes]:
        """The headers by their names; of those that stand twice, the last."""
        return dict(self.headers)

    @property
    def query(self) -> bytes:
        """What follows the question mark."""
        return self.target.partition(b"?")[2]


def read_head(buffer: bytearray) -> Head | None:
    """Read the head of a plain request; None when it is unusual or not all there.

    Parameters
    ----------
    buffer
        What has arrived, from the first byte of the request on.

    Examples
    --------
    >>> head = read_head(bytearray(b"GET /metrics HTTP/1.1\\r\\nHost: here\\r\\n\\r\\n"))
    >>> head.method, head.path, head.body_bytes
    ('GET', '/metrics', 0)
    >>> read_head(bytearray(b"GET / HTTP/1.0\\r\\n\\r\\n")) is None
    True
    """
    end = buffer.find(_END, 0, LARGEST_HEAD) + 2
    line = _LINE.match(buffer)
    if end < len(_END) or line is None:
        return None
    block = _HEADERS.fullmatch(buffer, line.end(), end)
    if block is None:
        return None
    headers = [_header(each) for each in block[0][:-2].split(b"\r\n")]
    known = dict(headers)
    length, connection = known.get(b"content-length", b"0"), known.get(b"connection", b"keep-alive")
    plain = (
        b"host" in known
        and not _UNUSUAL & known.keys()
        and _LENGTH.fullmatch(length)
        and connection.lower() in _CONNECTIONS
        # A name that comes twice may be harmless; h11 knows when it is not.
        and len(known) == len(headers)
    )
    if not plain:
        return None
    return Head(
        method=line[1].decode(),
        target=line[2],
        headers=headers,
        body_bytes=int(length),
        size=end + 2,
        keeps_open=connection.lower() != b"close",
    )


class Heads:
    """Reads heads, and remembers the last ones: clients send the same again and again.

    Examples
    --------
    >>> heads = Heads()
    >>> sent = b"GET /metrics HTTP/1.1\\r\\nHost: here\\r\\n\\r\\n"
    >>> heads.read(bytearray(sent)) is heads.read(bytearray(sent + b"GET"))
    True
    """

    def __init__(self) -> None:
        self._known: dict[bytes, Head] = {}

    def read(self, buffer: bytearray) -> Head | None:
        """Return what `read_head` does: the same bytes have the same meaning."""
        end = buffer.find(_END, 0, _LONGEST_KNOWN)
        if end < 0:
            return read_head(buffer)
        sent = bytes(buffer[: end + len(_END)])
        head = self._known.get(sent)
        if head is None and (head := read_head(buffer)) is not None:
            if len(self._known) >= _MOST_KNOWN:
                self._known.clear()
            self._known[sent] = head
        return head


def is_whole(buffer: bytearray) -> bool:
    """Whether the blank line that ends a head has arrived."""
    return buffer.find(_END, 0, LARGEST_HEAD + len(_END)) >= 0


def _header(line: bytes) -> tuple[bytes, bytes]:
    name, _, value = line.partition(b":")
    return name.lower(), value.strip(b" \t")
