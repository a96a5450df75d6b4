"""Apache Thrift's compact protocol, as far as the footer of a Parquet file needs it.

A struct is a dictionary from the number of a field to its type and value, so that fields which
nobody here knows are written as they were read.
"""

from dataclasses import dataclass
from typing import Any, Final

TRUE, FALSE, BYTE, I16, I32, I64, DOUBLE, BINARY, LIST, SET, MAP, STRUCT = range(1, 13)

Struct = dict[int, tuple[int, Any]]

_WHOLE: Final = (I16, I32, I64)
_LONG_LIST: Final = 15
_BYTE_BITS: Final = 7


@dataclass
class Reader:
    """Reads values one after the other.

    Parameters
    ----------
    data
        What was written.
    at
        Where the next value begins.

    Examples
    --------
    >>> made = written({1: (I32, -3), 20: (BINARY, b"ab")})
    >>> Reader(made).struct()
    {1: (5, -3), 20: (8, b'ab')}
    """

    data: bytes
    at: int = 0

    def struct(self) -> Struct:
        """Return the fields of a struct."""
        fields: Struct = {}
        number = 0
        while head := self._byte():
            kind = head & 15
            number = number + (head >> 4) if head >> 4 else self._whole()
            fields[number] = (kind, kind == TRUE if kind in (TRUE, FALSE) else self._value(kind))
        return fields

    def _value(self, kind: int) -> Any:
        if kind in _WHOLE:
            return self._whole()
        if kind == STRUCT:
            return self.struct()
        if kind in (LIST, SET):
            head = self._byte()
            count = self._count() if head >> 4 == _LONG_LIST else head >> 4
            return head & 15, [self._value(head & 15) for _ in range(count)]
        if kind == MAP:
            count = self._count()
            kinds = self._byte() if count else 0
            pairs = [(self._value(kinds >> 4), self._value(kinds & 15)) for _ in range(count)]
            return kinds, pairs
        size = {DOUBLE: 8, BINARY: -1}.get(kind, 1)
        return self._bytes(self._count() if size < 0 else size)

    def _byte(self) -> int:
        self.at += 1
        return self.data[self.at - 1]

    def _bytes(self, count: int) -> bytes:
        self.at += count
        return self.data[self.at - count : self.at]

    def _count(self) -> int:
        number = shift = 0
        while True:
            byte = self._byte()
            number |= (byte & 127) << shift
            if byte < 128:
                return number
            shift += _BYTE_BITS

    def _whole(self) -> int:
        number = self._count()
        return (number >> 1) ^ -(number & 1)


def written(fields: Struct) -> bytes:
    """Return a struct as bytes; its fields are in the order of their numbers."""
    made, before = bytearray(), 0
    for number, (kind, value) in sorted(fields.items()):
        kind = (TRUE if value else FALSE) if kind in (TRUE, FALSE) else kind
        step = number - before
        made += bytes([step << 4 | kind]) if step < 16 else bytes([kind]) + _whole(number)
        made += b"" if kind in (TRUE, FALSE) else _value(kind, value)
        before = number
    return bytes(made) + b"\0"


def _value(kind: int, value: Any) -> bytes:
    if kind in _WHOLE:
        return _whole(value)
    if kind == STRUCT:
        return written(value)
    if kind in (LIST, SET):
        of, items = value
        few = len(items) < _LONG_LIST
        head = bytes([(len(items) if few else _LONG_LIST) << 4 | of])
        return head + (b"" if few else _count(len(items))) + b"".join(_value(of, x) for x in items)
    if kind == MAP:
        kinds, pairs = value
        inner = b"".join(_value(kinds >> 4, a) + _value(kinds & 15, b) for a, b in pairs)
        return _count(len(pairs)) + (bytes([kinds]) + inner if pairs else b"")
    return (_count(len(value)) if kind == BINARY else b"") + bytes(value)


def _count(number: int) -> bytes:
    made = bytearray()
    while number > 127:
        made.append(number & 127 | 128)
        number >>= _BYTE_BITS
    return bytes([*made, number])


def _whole(number: int) -> bytes:
    return _count(number << 1 if number >= 0 else ~number << 1 | 1)
