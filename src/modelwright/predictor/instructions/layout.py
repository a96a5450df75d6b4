"""One instruction, as the kernel reads it."""

import ctypes
from enum import IntEnum, auto


class Kind(IntEnum):
    """What an instruction does, in the order of `instructions.h`."""

    COPY = 0
    FILL = auto()
    IMPUTE = auto()
    FLAGS = auto()
    SCALE = auto()
    BEND = auto()
    ROUND = auto()
    LOOK_UP = auto()
    MULTIPLY = auto()
    CURVES = auto()
    RAMPS = auto()
    TREES = auto()
    AT_LEAST = auto()
    AT_MOST = auto()
    ADD = auto()
    RELU = auto()
    BELOW_ZERO = auto()
    SIGMOID = auto()
    SILU = auto()
    TANH = auto()
    FROM_LARGEST = auto()
    SHARES = auto()
    CLAMP = auto()
    SLOPE = auto()
    TAKE = auto()


class Instruction(ctypes.Structure):
    """As in `instructions.h`."""

    _fields_ = (
        ("kind", ctypes.c_int64),
        ("from_", ctypes.c_int64),
        ("to", ctypes.c_int64),
        ("width", ctypes.c_int64),
        ("count", ctypes.c_int64),
        ("with_", ctypes.c_int64),
        ("low", ctypes.c_double),
        ("high", ctypes.c_double),
        ("tables", ctypes.c_void_p * 4),
    )
