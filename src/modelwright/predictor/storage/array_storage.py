"""Arrays in few bytes, and back to the same bits.

Whole numbers are kept in the narrowest type that holds them. Numbers are kept as float32 where that
loses nothing, or as places in a list of the distinct ones, where either is smaller. What is kept
says by its type how it is read.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np

from modelwright.predictor.operations.base import Floats, Value

MAX_READ_BYTES = 2 << 30
"""Of all arrays together once they are read: a list of one number can stand for very many."""

_LIST = ".values"
_NARROW = (np.uint8, np.int8, np.uint16, np.int16, np.int32)
_KINDS = {"i": "iu", "u": "u", "f": "f", "b": "b"}
"""By the kind of array that is wanted, the kinds in which it may be kept."""


class ArrayWriter:
    """Collects the arrays of a program under names.

    Examples
    --------
    >>> writer = ArrayWriter()
    >>> writer.keep(np.array([3, 1, 2], dtype=np.int32))
    'a00000'
    >>> writer.kept["a00000"].dtype
    dtype('uint8')
    """

    def __init__(self) -> None:
        self.kept: dict[str, Value] = {}
        self._count = 0

    def keep(self, array: Value) -> str:
        """Keep an array of int32, float64, bytes or bool and return its name."""
        name = f"a{self._count:05d}"
        self._count += 1
        match array.dtype.kind:
            case "i":
                self.kept[name] = _narrowest(array)
            case "f":
                self.kept |= {name + suffix: part for suffix, part in _parts(array).items()}
            case _:
                self.kept[name] = np.ascontiguousarray(array)
        return name


class ArrayReader:
    """Gives each array back once, under its name.

    Parameters
    ----------
    kept
        What an `ArrayWriter` kept, or somebody forged.

    Examples
    --------
    >>> writer = ArrayWriter()
    >>> name = writer.keep(np.array([0.5, 0.1, 0.5] * 100))
    >>> sorted((name, len(array)) for name, array in writer.kept.items())
    [('a00000', 300), ('a00000.values', 2)]
    >>> ArrayReader(writer.kept).read(name, np.dtype(np.float64))[:3]
    array([0.5, 0.1, 0.5])
    """

    def __init__(self, kept: Mapping[str, Value]) -> None:
        self._kept = dict(kept)
        self._room = MAX_READ_BYTES

    def read(self, name: Any, wanted: np.dtype[Any]) -> Value:
        """Return an array, which cannot be written to.

        Parameters
        ----------
        name
            As `keep` returned it.
        wanted
            The type that it had.

        Raises
        ------
        ValueError
            When there is none of that name, or no longer, or of another type; or there are too many
            numbers in all.
        """
        kept = self._kept.pop(name, None)
        if kept is None:
            raise ValueError(f"there is no array {name!r}, or it is used twice")
        self._room -= kept.size * wanted.itemsize
        if self._room < 0:
            raise ValueError("its arrays hold too many numbers")
        if wanted.kind == "f" and kept.dtype.kind in "iu":
            kept = _listed(self._kept.pop(name + _LIST, None), kept)
        if kept.dtype.kind not in _KINDS[wanted.kind] or not np.can_cast(kept.dtype, wanted):
            raise ValueError(f"the array {name!r} is no {wanted.name}")
        array = kept.astype(wanted)
        array.flags.writeable = False
        return array


def _narrowest(whole: Value) -> Value:
    lowest, highest = whole.min(initial=0), whole.max(initial=0)
    for dtype in _NARROW:
        bounds = np.iinfo(dtype)
        if bounds.min <= lowest and highest <= bounds.max:
            return np.ascontiguousarray(whole, dtype=dtype)
    raise TypeError(f"A program holds whole numbers of 32 bits, not {highest}.")


def _parts(numbers: Floats) -> dict[str, Value]:
    """Return the smallest of: the numbers, as float32, or their places in a list."""
    plain = _plain(numbers)
    # By their bits, because zero has two signs.
    distinct, place = np.unique(numbers.ravel().view(np.int64), return_inverse=True)
    listed = _plain(distinct.view(np.float64))
    places = _narrowest(place.reshape(numbers.shape))
    if listed.nbytes + places.nbytes < plain.nbytes:
        return {"": places, _LIST: listed}
    return {"": plain}


def _plain(numbers: Floats) -> Value:
    with np.errstate(over="ignore"):
        half = numbers.astype(np.float32)
    same = np.array_equal(half.astype(np.float64).view(np.int64), numbers.view(np.int64))
    return np.ascontiguousarray(half if same else numbers)


def _listed(numbers: Value | None, places: Value) -> Value:
    if numbers is None or numbers.ndim != 1:
        raise ValueError("an array has places in a list that is not there")
    if places.size and not (places.min() >= 0 and places.max() < len(numbers)):
        raise ValueError("an array has a place outside its list")
    return np.asarray(numbers[places])
