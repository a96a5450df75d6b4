"""A program on disk: JSON for its structure, safetensors for its arrays; nothing that can run.

Arrays are kept in few bytes, see `array_storage` and `tree_storage`, and are not compressed
further: what a compression library writes differs between its versions, and a bundle is named by
its bytes.
"""

from collections.abc import Callable
from typing import Any

import msgspec
import numpy as np
from safetensors import SafetensorError
from safetensors.numpy import load as load_tensors
from safetensors.numpy import save as save_tensors

from modelwright.errors import BundleError
from modelwright.predictor.operations.base import Value
from modelwright.predictor.operations.trees import Trees
from modelwright.predictor.program import Program, check_program
from modelwright.predictor.storage.array_storage import ArrayReader, ArrayWriter
from modelwright.predictor.storage.keys_once import require_keys_once
from modelwright.predictor.storage.tree_storage import fill_in, thin_out

MAX_JSON_BYTES = 256 << 20
MAX_ARRAY_BYTES = 512 << 20


def write_program(program: Program) -> tuple[bytes, bytes]:
    """Return a program as JSON and as arrays in the safetensors format.

    The same program gives the same bytes.

    Raises
    ------
    BundleError
        When its trees are larger than any that are read.
    """
    writer = ArrayWriter()

    def keep(parameter: Any) -> str:
        if not isinstance(parameter, np.ndarray):
            raise TypeError(f"{type(parameter).__name__} has no place in a program.")
        return writer.keep(parameter)

    text = msgspec.json.encode(_each_trees(program, thin_out), enc_hook=keep)
    return msgspec.json.format(text, indent=1), save_tensors(writer.kept)


def read_program(text: bytes, arrays: bytes) -> Program:
    """Read a program and check every step of it.

    Raises
    ------
    BundleError
        When it is damaged, too large or could not run.
    """
    if len(text) > MAX_JSON_BYTES or len(arrays) > MAX_ARRAY_BYTES:
        raise BundleError("The program is larger than any that modelwright writes.")
    program = _each_trees(_decode(text, _load(arrays)), fill_in)
    check_program(program)
    return program


def _each_trees(program: Program, change: Callable[[Trees], Trees]) -> Program:
    steps = (change(step) if isinstance(step, Trees) else step for step in program.steps)
    return msgspec.structs.replace(program, steps=tuple(steps))


def _load(arrays: bytes) -> ArrayReader:
    try:
        loaded: dict[str, Value] = load_tensors(arrays)
    except (SafetensorError, ValueError, KeyError, TypeError) as error:
        raise BundleError(f"The program's arrays are damaged: {error}.") from error
    header = arrays[8 : 8 + int.from_bytes(arrays[:8], "little")]
    require_keys_once("program.safetensors", header)
    return ArrayReader(loaded)


def _decode(text: bytes, arrays: ArrayReader) -> Program:
    names: dict[int, str] = {}

    def find(kind: Any, name: Any) -> Value:
        array = arrays.read(name, np.dtype(kind.__args__[1].__args__[0]))
        names[id(array)] = name
        return array

    try:
        program = msgspec.json.decode(text, type=Program, dec_hook=find)
    except (msgspec.DecodeError, ValueError, RecursionError) as error:
        raise BundleError(f"The program is damaged: {error}.") from error
    again = msgspec.json.encode(program, enc_hook=lambda array: names.get(id(array)))
    require_keys_once("program.json", text, again)
    return program
