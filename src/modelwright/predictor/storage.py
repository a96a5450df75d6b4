"""A program on disk: JSON for its structure, safetensors for its arrays; nothing that can run."""

from collections.abc import Mapping
from typing import Any

import msgspec
import numpy as np
from safetensors import SafetensorError
from safetensors.numpy import load as load_tensors
from safetensors.numpy import save as save_tensors

from modelwright.errors import BundleError
from modelwright.predictor.operations.base import Value
from modelwright.predictor.program import Program, check_program

MAX_JSON_BYTES = 256 << 20
MAX_ARRAY_BYTES = 2 << 30


def write_program(program: Program) -> tuple[bytes, bytes]:
    """Return a program as JSON and as arrays in the safetensors format.

    The same program gives the same bytes.
    """
    arrays: dict[str, Value] = {}

    def keep(parameter: Any) -> str:
        if not isinstance(parameter, np.ndarray):
            raise TypeError(f"{type(parameter).__name__} has no place in a program.")
        name = f"a{len(arrays):05d}"
        arrays[name] = np.ascontiguousarray(parameter)
        return name

    text = msgspec.json.encode(program, enc_hook=keep)
    return msgspec.json.format(text, indent=1), save_tensors(arrays)


def read_program(text: bytes, arrays: bytes) -> Program:
    """Read a program and check every step of it.

    Raises
    ------
    BundleError
        When it is damaged, too large or could not run.
    """
    if len(text) > MAX_JSON_BYTES or len(arrays) > MAX_ARRAY_BYTES:
        raise BundleError("The program is larger than any that modelwright writes.")
    program = _decode(text, _load(arrays))
    check_program(program)
    return program


def _load(arrays: bytes) -> Mapping[str, Value]:
    try:
        loaded: Mapping[str, Value] = load_tensors(arrays)
    except (SafetensorError, ValueError, KeyError, TypeError) as error:
        raise BundleError(f"The program's arrays are damaged: {error}.") from error
    return loaded


def _decode(text: bytes, arrays: Mapping[str, Value]) -> Program:
    def find(kind: Any, name: Any) -> Value:
        dtype = kind.__args__[1].__args__[0]
        if name not in arrays or arrays[name].dtype != dtype:
            raise ValueError(f"there is no {np.dtype(dtype).name} array {name!r}")
        array = arrays[name]
        array.flags.writeable = False
        return array

    try:
        return msgspec.json.decode(text, type=Program, dec_hook=find)
    except (msgspec.DecodeError, ValueError, RecursionError) as error:
        raise BundleError(f"The program is damaged: {error}.") from error
