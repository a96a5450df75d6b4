"""One file of a spool: rows that were acknowledged, and behind them nothing but zeros.

The file keeps its room when its rows have been moved: a server writes into the same pages again and
again, which is several times sooner than to ask the file system for new ones.
"""

import os
import struct
import zlib
from collections.abc import Iterator, Sequence
from contextlib import suppress
from functools import cached_property
from pathlib import Path

import msgspec

from modelwright.workspace.handles import read_at, write_at
from modelwright.workspace.ledger.rows import Entry, Prediction, Role
from modelwright.workspace.spool.window import FileWindow, writes_in_place

_HEAD = struct.Struct("<II")
_ROOM = 4 << 20
"""More than so many bytes of zeros are not worth their place on the disk."""
_DECODED_AT_ONCE = 500
"""Many answers are put alone, and each time decoding begins takes longer than a line."""
_FORMER = b"{"
"""How lines began in files that former versions left: as objects, with a slower checksum."""
_ENCODER = msgspec.json.Encoder()


class LineForm:
    """Writes lines of answers that have much in common; their rows and answers are JSON already.

    Parameters
    ----------
    version, role, host, inputs_rate
        As in `Prediction`.

    Attributes
    ----------
    version, rest
        What stands in each line behind the time, and at its end.

    Examples
    --------
    >>> form = LineForm(version="a", role="champion", host="h")
    >>> form.line("1", at=7, inputs=b"{}", output=b"true", latency_ns=1500)
    b'["1",7,"a",{},true,1500e-9,"champion","h",1.0]'
    """

    def __init__(self, *, version: str, role: Role, host: str, inputs_rate: float = 1.0) -> None:
        self.version = _ENCODER.encode(version)
        named, machine, rate = map(_ENCODER.encode, (role, host, inputs_rate))
        self.rest = b"e-9,%b,%b,%b]" % (named, machine, rate)
        same = [each.replace(b"%", b"%%") for each in (self.version, self.rest)]
        self._form = b'["%%b",%%d,%b,%%b,%%b,%%d%b' % (*same,)

    def line(self, name: str, *, at: int, inputs: bytes, output: bytes, latency_ns: int) -> bytes:
        """Return a line.

        Parameters
        ----------
        name
            The id: letters and digits, as the server gives them.
        at
            As in `Prediction`.
        inputs, output
            As in `Prediction`, without an end of a line.
        latency_ns
            How long the answer took, in nanoseconds.
        """
        return self._form % (name.encode(), at, inputs, output, latency_ns)


class _Line(msgspec.Struct, array_like=True, gc=False):
    """An entry as it is read back: row and answer stay the JSON that they are."""

    id: str
    at: int
    version: str
    inputs: msgspec.Raw
    output: msgspec.Raw
    latency_s: float
    role: Role
    host: str
    inputs_rate: float


class _FormerLine(_Line, array_like=False, gc=False):
    pass


_DECODER = msgspec.json.Decoder(_Line)
_FORMER_DECODER = msgspec.json.Decoder(_FormerLine)


class SpoolFile:
    """A file of rows that one process owns.

    Parameters
    ----------
    path
        The file.
    handle
        Open and locked, so that others can tell that its owner lives.
    size
        In bytes; what lies beyond was never acknowledged.

    Attributes
    ----------
    window
        What of it the compiled kernel may write, where it is one that rows are put into.
    """

    def __init__(self, path: Path, handle: int, size: int = 0) -> None:
        self.path = path
        self.handle = handle
        self.window = FileWindow(handle)
        self.window.span.size = size

    @property
    def size(self) -> int:
        """In bytes; what lies beyond was never acknowledged."""
        return int(self.window.span.size)

    @cached_property
    def _maps(self) -> bool:
        return writes_in_place(self.handle)

    def put(self, record: bytes) -> None:
        """Write a record behind the others, all or nothing.

        Raises
        ------
        OSError
            When the disk is full.
        """
        self.heed_length()
        if self._maps:
            self.window.reach(len(record))
        self._write(record)

    def heed_length(self) -> None:
        """Hear how long the file is: of what somebody has cut off, whole records are kept."""
        length, span = os.fstat(self.handle).st_size, self.window.span
        if length >= max(span.size, span.end):
            return
        self.window.close()
        if length < span.size:
            kept = _whole(read_at(self.handle, length, 0))
            span.size = sum(_HEAD.size + len(lines) for lines in kept)
            os.ftruncate(self.handle, span.size)

    def rows(self) -> Iterator[Prediction]:
        """Read the rows; what a kill or a full disk has cut off is no row."""
        some: list[bytes] = []
        for lines in _whole(read_at(self.handle, self.size, 0)):
            some.append(lines)
            if len(some) == _DECODED_AT_ONCE:
                yield from _decoded(some)
                some = []
        if some:
            yield from _decoded(some)

    def clear(self) -> None:
        """Forget the rows, and leave nothing of them in the file."""
        self.heed_length()
        if self.size > _ROOM:
            self.window.close()
            os.ftruncate(self.handle, 0)
        else:
            write_at(self.handle, bytes(self.size), 0)
        self.window.span.size = 0

    def leave(self) -> None:
        """No longer own the file; with rows in it, it stays for whoever looks next."""
        self.window.close()
        os.close(self.handle)

    def remove(self) -> None:
        """Remove the file, and no longer own it."""
        with suppress(FileNotFoundError):
            self.path.unlink()
        self.leave()

    def _write(self, record: bytes) -> None:
        size = self.size
        try:
            written = write_at(self.handle, record, size)
            while written < len(record):
                # A disk that is nearly full takes a part; the next try says why.
                written += write_at(self.handle, record[written:], size + written)
        except OSError:
            self.window.close()
            with suppress(OSError):
                os.ftruncate(self.handle, size)
            raise
        self.window.span.size += len(record)


def record_of(rows: Sequence[Entry]) -> bytes:
    """Return rows as a record, which tells whether it is whole."""
    return record_of_lines(_ENCODER.encode_lines(rows))


def record_of_lines(lines: bytes) -> bytes:
    """Return lines as a record, as `record_of` does with rows."""
    return _HEAD.pack(len(lines), zlib.adler32(lines)) + lines


def rows_of(lines: bytes) -> list[Prediction]:
    """Return the rows that lines are."""
    return [*_decoded([lines])]


def _whole(content: bytes) -> Iterator[bytes]:
    """Return what was put, up to what a kill or a full disk has cut off."""
    start = 0
    while start + _HEAD.size <= len(content):
        length, check = _HEAD.unpack_from(content, start)
        start += _HEAD.size
        lines = content[start : start + length]
        checksum = zlib.crc32 if lines.startswith(_FORMER) else zlib.adler32
        if not length or len(lines) < length or checksum(lines) != check:
            return
        yield lines
        start += length


def _decoded(some: Sequence[bytes]) -> Iterator[Prediction]:
    decoder = _FORMER_DECODER if some[0].startswith(_FORMER) else _DECODER
    return map(_prediction, decoder.decode_lines(b"\n".join(some)))


def _prediction(line: _Line) -> Prediction:
    # SQLite takes an array of bytes as it is, and asks of other bytes how to adapt them.
    inputs = bytearray(line.inputs)
    return Prediction(
        id=line.id,
        at=line.at,
        version=line.version,
        inputs=None if inputs == b"null" else inputs,
        output=bytearray(line.output),
        latency_s=line.latency_s,
        role=line.role,
        host=line.host,
        inputs_rate=line.inputs_rate,
    )
