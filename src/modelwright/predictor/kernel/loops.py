"""The loops of NumPy's functions, which the compiled kernel calls: powers keep NumPy's bits.

NumPy documents where a function keeps its loops (`PyUFuncObject` of its C API). What is found there
is taken only where all that NumPy tells of the function stands there too, and its answers are
NumPy's.
"""

import ctypes
from functools import cache

import numpy as np

_DOUBLE = "d->d"
_HEAD = 2 * ctypes.sizeof(ctypes.c_void_p)
"""Bytes of an object before what is its own; a Python that counts otherwise has others."""
_TRIED = (1, 2, 3, 5, 8, 13, 21, 34)


class Loop(ctypes.Structure):
    """As in `instructions.h`.

    Attributes
    ----------
    address
        Where it lies.
    """

    _fields_ = (("run", ctypes.c_void_p), ("data", ctypes.c_void_p))

    @property
    def address(self) -> int:
        """Where it lies."""
        return ctypes.addressof(self)


class _Function(ctypes.Structure):
    """As NumPy documents it."""

    _fields_ = (
        *((name, ctypes.c_int) for name in ("nin", "nout", "nargs", "identity")),
        *((name, ctypes.POINTER(ctypes.c_void_p)) for name in ("functions", "data")),
        *((name, ctypes.c_int) for name in ("ntypes", "reserved")),
        ("name", ctypes.c_char_p),
        ("types", ctypes.POINTER(ctypes.c_ubyte)),
    )


@cache
def loop_of(function: np.ufunc) -> Loop | None:
    """Return what a function does to doubles side by side; None where that is not found.

    Parameters
    ----------
    function
        Of one number.

    Examples
    --------
    >>> loop_of(np.exp) is loop_of(np.exp)
    True
    >>> loop_of(np.add) is None
    True
    """
    loop = _found(function)
    return loop if loop is not None and _agrees(loop, function) else None


def _found(function: np.ufunc) -> Loop | None:
    if object.__basicsize__ != _HEAD or _DOUBLE not in function.types:
        return None
    found = _Function.from_address(id(function) + _HEAD)
    counts = ("nin", "nout", "nargs", "ntypes")
    if any(getattr(found, name) != getattr(function, name) for name in counts):
        return None
    if found.name != function.__name__.encode() or not found.functions or not found.types:
        return None
    place = function.types.index(_DOUBLE)
    if {found.types[2 * place], found.types[2 * place + 1]} != {np.dtype(np.float64).num}:
        return None
    loop = Loop(found.functions[place], found.data[place] if found.data else None)
    return loop if loop.run else None


def _agrees(loop: Loop, function: np.ufunc) -> bool:
    """Say whether answers are the same, wherever numbers lie and how many they are."""
    run = ctypes.PYFUNCTYPE(None, *(ctypes.c_void_p,) * 4)(loop.run)
    odd = [0.0, -0.0, np.inf, -np.inf, np.nan, 5e-324, 1e-300, 709.9, -745.2, 1.0, 1e300]
    numbers = np.concatenate([odd, np.linspace(-50.0, 50.0, 100)])
    steps = np.array([8, 8], dtype=np.intp)
    for count in _TRIED:
        for begin in range(0, len(numbers) - count, count):
            some = numbers[begin : begin + count]
            answers, counts = np.empty(count), np.array([count], dtype=np.intp)
            arguments = np.array([some.ctypes.data, answers.ctypes.data], dtype=np.intp)
            run(*(each.ctypes.data for each in (arguments, counts, steps)), loop.data)
            with np.errstate(all="ignore"):
                if answers.tobytes() != function(some).tobytes():
                    return False
    return True
