"""Cells of comma-separated values, found and read by the compiled kernel.

Why nothing is read outside: the kernel writes places in a text that it has just gone through, and
they are only handed back to it together with that text.
"""

import ctypes
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from modelwright.predictor.kernel.library import Library, address_of
from modelwright.predictor.operations.base import Floats

LONGEST = 1 << 20
"""Bytes of a cell; of a longer one nobody says where it ends."""
_MOST_BYTES = 1 << 29
_ESCAPED = 1 << 30
"""As in `cells.h`."""

_Places = NDArray[np.int32]
State = Literal["sound", "ragged", "odd"]
_STATES: tuple[State, ...] = ("sound", "ragged", "odd")


class _Cut(ctypes.Structure):
    """As in `cells.h`."""

    _fields_ = (("rows", ctypes.c_int64), ("used", ctypes.c_int64), ("state", ctypes.c_int64))


@dataclass(frozen=True)
class Cut:
    """The first records of a text.

    Parameters
    ----------
    text
        What was cut.
    rows, used
        How many records there are, and how many bytes they and the empty lines between them take.
    state
        ``"ragged"`` when a record has another number of cells than there are columns; ``"odd"``
        when nobody can say where the record behind these ends.
    starts, sizes : ndarray of shape (columns, rows)
        Where each cell stands.
    library
        What reads them.
    """

    text: bytes
    rows: int
    used: int
    state: State
    starts: _Places
    sizes: _Places
    library: Library

    def numbers(self, column: int) -> tuple[Floats, list[int]]:
        """Read a column as numbers; return the rows beside in which something else stands."""
        numbers, others = np.empty(self.rows), np.empty(self.rows, dtype=np.int32)
        starts, sizes = self.starts[column], self.sizes[column]
        count = self.library.for_rows(self.rows).modelwright_numbers(
            self.text, _at(starts), _at(sizes), self.rows, address_of(numbers), address_of(others)
        )
        return numbers, others[:count].tolist()

    def groups(self, column: int) -> tuple[list[str | None], _Places]:
        """Return the different texts of a column, and which of them each row has.

        An empty cell is None.
        """
        codes, firsts = np.empty(self.rows, dtype=np.int32), np.empty(self.rows, dtype=np.int32)
        places = 1 << (2 * self.rows).bit_length()
        table = np.full(places, -1, dtype=np.int32)
        count = self.library.for_rows(self.rows).modelwright_groups(
            self.text,
            _at(self.starts[column]),
            _at(self.sizes[column]),
            self.rows,
            address_of(table),
            places,
            address_of(codes),
            address_of(firsts),
        )
        if count < 0:
            return self.texts(column), np.arange(self.rows, dtype=np.int32)
        return self.texts(column, firsts[:count].tolist()), codes

    def texts(self, column: int, rows: list[int] | None = None) -> list[str | None]:
        """Return the texts of a column in some rows, or in all; an empty cell is None."""
        some = slice(None) if rows is None else rows
        places = zip(
            self.starts[column, some].tolist(), self.sizes[column, some].tolist(), strict=True
        )
        return [self._text(start, size) for start, size in places]

    def _text(self, start: int, size: int) -> str | None:
        if size < _ESCAPED:
            return self.text[start : start + size].decode() or None
        return self.text[start : start + size - _ESCAPED].decode().replace('""', '"')


def cut(
    text: bytes, *, separator: str, columns: int, most: int, ends: bool, library: Library
) -> Cut:
    """Find the cells of the first records of a text.

    Parameters
    ----------
    text
        UTF-8 from the beginning of a record on.
    separator
        Between cells: one character of ASCII.
    columns
        How many cells a record has.
    most
        Records that are found at most.
    ends
        Whether the text is over; otherwise a record that may go on is left.
    library
        The compiled kernel, which must read cells.

    Raises
    ------
    ValueError
        When the text is too long to be counted.
    """
    if len(text) > _MOST_BYTES:
        raise ValueError(f"{len(text):,} bytes are more than can be cut at once.")
    starts = np.empty((columns, most), dtype=np.int32)
    sizes = np.empty((columns, most), dtype=np.int32)
    found = _Cut()
    library.for_rows(most).modelwright_cut(
        text,
        len(text),
        separator.encode(),
        ends,
        columns,
        most,
        LONGEST,
        _at(starts),
        _at(sizes),
        ctypes.byref(found),
    )
    rows = found.rows
    return Cut(
        text, rows, found.used, _STATES[found.state], starts[:, :rows], sizes[:, :rows], library
    )


def _at(places: _Places) -> ctypes.c_void_p:
    return ctypes.c_void_p(places.ctypes.data)
