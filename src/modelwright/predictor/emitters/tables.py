"""The numbers and texts of a program, in three lists that every language can read.

Arrays become parts of one list of doubles and one of whole numbers, texts parts of one list of
texts. Code refers to them by the place where they begin. The lists travel as Base64, because
compilers take long for a million literals, and Java's take no more than 64 kB in one place.
"""

import base64
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]


@dataclass(frozen=True, slots=True)
class Dictionary:
    """Texts with a whole number each.

    Parameters
    ----------
    texts
        Where they begin in the list of texts.
    count
        How many there are.
    numbers
        Where their numbers begin in the list of whole numbers.
    """

    texts: int
    count: int
    numbers: int


class _Places:
    """A list that grows by arrays; what is the same is kept once."""

    def __init__(self, kind: str) -> None:
        self._kind = np.dtype(kind)
        self._arrays: list[Array] = []
        self._known: dict[bytes, int] = {}
        self._length = 0

    def place(self, array: Array) -> int:
        flat = np.ascontiguousarray(array, dtype=self._kind).ravel()
        key = flat.tobytes()
        if key not in self._known:
            self._known[key] = self._length
            self._arrays.append(flat)
            self._length += len(flat)
        return self._known[key]

    def joined(self) -> Array:
        return np.concatenate([np.zeros(0, self._kind), *self._arrays])


@dataclass
class Tables:
    """The lists, while a program is laid out.

    Parameters
    ----------
    dictionaries
        In the order in which they were asked for.
    """

    dictionaries: list[Dictionary] = field(default_factory=list)
    _doubles: _Places = field(default_factory=lambda: _Places("<f8"))
    _wholes: _Places = field(default_factory=lambda: _Places("<i4"))
    _texts: list[str] = field(default_factory=list)
    _known: dict[tuple[tuple[str, ...], bytes], int] = field(default_factory=dict)

    def doubles(self, array: Array) -> int:
        """Keep numbers and return where they begin."""
        return self._doubles.place(array)

    def wholes(self, array: Array) -> int:
        """Keep whole numbers of at most 32 bits and return where they begin."""
        return self._wholes.place(array)

    def texts(self, texts: Sequence[str]) -> int:
        """Keep texts and return where they begin."""
        begin = len(self._texts)
        self._texts.extend(texts)
        return begin

    def dictionary(self, texts: Sequence[str], numbers: Array) -> int:
        """Keep texts with their numbers and return which dictionary they are."""
        key = (tuple(texts), np.asarray(numbers, dtype="<i4").tobytes())
        if key not in self._known:
            self._known[key] = len(self.dictionaries)
            self.dictionaries.append(
                Dictionary(self.texts(texts), len(texts), self.wholes(numbers))
            )
        return self._known[key]

    def packed(self) -> dict[str, str]:
        """Return the lists as Base64: ``doubles``, ``wholes``, and ``texts``.

        Doubles and whole numbers (of 32 bits) are little-endian. The texts are their count, the
        count of bytes of each, all as whole numbers, and then their UTF-8.
        """
        written = [text.encode() for text in self._texts]
        sizes = np.array([len(written), *map(len, written)], dtype="<i4")
        return {
            "doubles": _base64(self._doubles.joined().tobytes()),
            "wholes": _base64(self._wholes.joined().tobytes()),
            "texts": _base64(sizes.tobytes() + b"".join(written)),
        }


def _base64(data: bytes) -> str:
    return base64.b64encode(data).decode()
