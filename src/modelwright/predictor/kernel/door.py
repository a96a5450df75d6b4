"""One row in JSON, read by the compiled kernel straight into the numbers of a program.

Why nothing is read or written outside: a body ends with a NUL, at which every loop stops; the slots
of all columns are compared with the numbers that there are; and tables have empty places.
"""

import ctypes
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import inf
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from modelwright.predictor.kernel.library import Library

MOST_COLUMNS = 1024
"""As in `door.h`."""
_KINDS = ("number", "truth", "text")
"""In the order of `door.h`."""


class _Text(ctypes.Structure):
    """As in `door.h`."""

    _fields_ = (("text", ctypes.c_char_p), ("size", ctypes.c_int64))


class _Column(ctypes.Structure):
    """As in `door.h`."""

    _fields_ = (
        *((name, ctypes.c_int64) for name in ("kind", "slots")),
        *((name, ctypes.c_void_p) for name in ("slot", "absent", "unknown", "known")),
        *((name, ctypes.c_void_p) for name in ("texts", "table")),
        ("places", ctypes.c_int64),
        *((name, ctypes.c_double) for name in ("least", "most")),
        ("missing", ctypes.c_void_p),
        ("missings", ctypes.c_int64),
    )


class _Door(ctypes.Structure):
    """As in `door.h`."""

    _fields_ = (
        *((name, ctypes.c_void_p) for name in ("columns", "names", "table")),
        *((name, ctypes.c_int64) for name in ("places", "count")),
    )


@dataclass(frozen=True, kw_only=True)
class DoorColumn:
    """How the values of a column become numbers.

    Parameters
    ----------
    name
        The field of the object.
    kind
        Which values are read here.
    slots
        The places of the numbers that are written: of a number one or none.
    absent
        What null writes into them, and a field that is not there.
    known
        What each text writes; of a truth value, ``"false"`` and ``"true"``.
    unknown
        What any other text writes; None where Python shall read it.
    least, most
        Python reads a number beyond them.
    missing
        Numbers that stand for none.
    """

    name: str
    kind: Literal["number", "truth", "text"]
    slots: Sequence[int]
    absent: Sequence[float]
    known: Mapping[str, Sequence[float]] = field(default_factory=dict)
    unknown: Sequence[float] | None = None
    least: float = -inf
    most: float = inf
    missing: frozenset[float] = frozenset()


class Door:
    """Reads objects with the same columns.

    Parameters
    ----------
    columns
        All fields that an object may have.
    size
        How many numbers there are to write to.
    library
        The compiled kernel, which must read objects.

    Attributes
    ----------
    address
        Where the kernel finds it.

    Raises
    ------
    ValueError
        When a column names no place among the numbers, there are too many, or texts were chosen so
        that finding one takes long.
    """

    def __init__(self, columns: Sequence[DoorColumn], *, size: int, library: Library) -> None:
        slots = [slot for column in columns for slot in column.slots]
        if len(columns) > MOST_COLUMNS or not all(0 <= slot < size for slot in slots):
            raise ValueError(f"{len(columns)} columns write to {slots} of {size} numbers.")
        self._library = library
        # Kept, because the kernel only has their addresses.
        self._kept: list[Any] = []
        listed = (_Column * len(columns))(*map(self._column, columns))
        names, table = self._texts([column.name for column in columns])
        self._kept += [listed]
        self._door = _Door(
            ctypes.addressof(listed), names, table.ctypes.data, len(table), len(columns)
        )
        self.address = ctypes.addressof(self._door)
        self._read = library.locked.modelwright_read

    def read(self, body: bytes, address: object) -> bool:
        """Write the numbers of one row; return False where Python shall read it.

        Parameters
        ----------
        body
            What was sent, which may be anything.
        address
            Where the numbers begin, as `address_of` returns it.
        """
        return bool(self._read(self.address, body, len(body), address))

    def _column(self, column: DoorColumn) -> _Column:
        width = len(column.slots)
        if column.kind == "number" and width > 1:
            raise ValueError(f"The number {column.name!r} is written to {width} places.")
        texts, table = self._texts([*column.known])
        return _Column(
            kind=_KINDS.index(column.kind),
            slots=width,
            slot=self._keep(column.slots, np.int32),
            absent=self._row(column.absent, width),
            unknown=None if column.unknown is None else self._row(column.unknown, width),
            known=self._keep([self._of(row, width) for row in column.known.values()]),
            texts=texts,
            table=table.ctypes.data,
            places=len(table),
            least=column.least,
            most=column.most,
            missing=self._keep([*column.missing]),
            missings=len(column.missing),
        )

    def _texts(self, texts: Sequence[str]) -> tuple[int, NDArray[np.int32]]:
        written = [text.encode("utf-8", "surrogatepass") for text in texts]
        listed = (_Text * len(written))(*(_Text(text, len(text)) for text in written))
        table = np.full(1 << (2 * len(written)).bit_length(), -1, dtype=np.int32)
        address = ctypes.addressof(listed)
        index = self._library.locked.modelwright_index
        if not index(address, len(written), table.ctypes.data, len(table)):
            raise ValueError("Texts were chosen to want the same places of a table.")
        self._kept += [written, listed, table]
        return address, table

    def _row(self, numbers: Sequence[float], width: int) -> int:
        return self._keep(self._of(numbers, width))

    def _of(self, numbers: Sequence[float], width: int) -> Sequence[float]:
        if len(numbers) != width:
            raise ValueError(f"{width} places are given {len(numbers)} numbers.")
        return numbers

    def _keep(self, numbers: Sequence[Any], dtype: type = np.float64) -> int:
        kept: NDArray[Any] = np.array(numbers, dtype=dtype)
        self._kept.append(kept)
        return int(kept.ctypes.data)
