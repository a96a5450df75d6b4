"""Tensors as raw bytes behind the JSON of a request or an answer.

The header ``Inference-Header-Content-Length`` says where the JSON ends; then come the tensors, one
after the other, each as long as its parameter ``binary_data_size`` says. Elements are little-endian
and without padding; a text is its length as a 32-bit number, then its bytes in UTF-8. There is no
null: NaN stands for a missing number, and the empty text for a missing text.
"""

import struct
from collections.abc import Sequence
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray
from starlette.exceptions import HTTPException

from modelwright.errors import nearest
from modelwright.serving.protocols.datatypes import NUMPY_TYPES
from modelwright.serving.protocols.tensors import InputTensor, require_rows

LENGTH_HEADER = "Inference-Header-Content-Length"
SIZE = "binary_data_size"

_LONGEST_LENGTH = 20

_TEXT_LENGTH = struct.Struct("<I")


def split_body(body: bytes, header: str | None) -> tuple[bytes, bytes]:
    """Return the JSON of a body and the tensors behind it.

    Parameters
    ----------
    body
        As it came.
    header
        What the request says of the length of its JSON; None when all of it is JSON, whatever the
        content type says.

    Raises
    ------
    HTTPException
        400 when the length is no number, or longer than the body.
    """
    if header is None:
        return body, b""
    if (
        not (header.isascii() and header.isdigit())
        or len(header) > _LONGEST_LENGTH
        or int(header) > len(body)
    ):
        raise HTTPException(
            400,
            f"{LENGTH_HEADER} is {header!r:.40}, no number from 0 to {len(body)}, "
            "the length of the body. Send the length of the JSON.",
        )
    length = int(header)
    return body[:length], body[length:]


def with_binary_data(tensors: Sequence[InputTensor], tail: bytes) -> list[InputTensor]:
    """Give each tensor that announces bytes its data from behind the JSON.

    Raises
    ------
    HTTPException
        400 when sizes, shapes, datatypes and bytes contradict each other.
    """
    filled, at = [], 0
    for tensor in tensors:
        size = _announced(tensor)
        if size is None:
            filled.append(tensor)
            continue
        raw = tail[at : at + size]
        if len(raw) < size:
            raise HTTPException(
                400,
                f"The input {tensor.name!r:.80} announces {size} bytes; {len(raw)} are left of the "
                f"{len(tail)} behind the JSON.",
            )
        filled.append(msgspec.structs.replace(tensor, data=_unpack(tensor, raw)))
        at += size
    if at < len(tail):
        raise HTTPException(
            400, f"{len(tail) - at} of {len(tail)} bytes behind the JSON belong to no input."
        )
    return filled


def pack(values: Sequence[Any], datatype: str) -> bytes:
    """Return elements as bytes.

    Examples
    --------
    >>> pack(["no", "yes"], "BYTES")
    b'\\x02\\x00\\x00\\x00no\\x03\\x00\\x00\\x00yes'
    >>> pack([1, 2], "INT16")
    b'\\x01\\x00\\x02\\x00'
    """
    if datatype != "BYTES":
        return np.array(values, dtype=NUMPY_TYPES[datatype]).tobytes()
    texts = [value.encode() for value in values]
    return b"".join(part for text in texts for part in (_TEXT_LENGTH.pack(len(text)), text))


def unpack_texts(raw: bytes) -> list[bytes]:
    """Return the texts of a tensor of BYTES.

    Raises
    ------
    ValueError
        When the last one is cut off.

    Examples
    --------
    >>> unpack_texts(pack(["no", ""], "BYTES"))
    [b'no', b'']
    """
    texts, at = [], 0
    while at < len(raw):
        begin = at + _TEXT_LENGTH.size
        if begin > len(raw):
            raise ValueError("a length is cut off")
        (length,) = _TEXT_LENGTH.unpack_from(raw, at)
        at = begin + length
        if at > len(raw):
            raise ValueError(f"a text of {length} bytes is cut off")
        texts.append(raw[begin:at])
    return texts


def _announced(tensor: InputTensor) -> int | None:
    size = tensor.parameters.get(SIZE)
    if size is None:
        return None
    if not isinstance(size, int) or isinstance(size, bool) or size < 0:
        raise HTTPException(
            400, f"The input {tensor.name!r:.80} has the {SIZE} {size!r:.40}, no number of bytes."
        )
    if tensor.data is not None:
        raise HTTPException(
            400,
            f"The input {tensor.name!r:.80} has data in its JSON and a {SIZE}. Send one of them.",
        )
    return size


def _unpack(tensor: InputTensor, raw: bytes) -> list[Any]:
    if tensor.datatype == "BYTES":
        return _texts(tensor, raw)
    if tensor.datatype not in NUMPY_TYPES:
        known = (*NUMPY_TYPES, "BYTES")
        raise HTTPException(
            400,
            f"The input {tensor.name!r:.80} has the datatype {tensor.datatype!r:.40}. "
            f"{nearest(tensor.datatype, known)}",
        )
    dtype = np.dtype(NUMPY_TYPES[tensor.datatype])
    rows = require_rows(tensor)
    if len(raw) != rows * dtype.itemsize:
        raise HTTPException(
            400,
            f"The input {tensor.name!r:.80} has {len(raw)} bytes; {rows} rows of {tensor.datatype} "
            f"are {rows * dtype.itemsize}.",
        )
    return _elements(tensor, np.frombuffer(raw, dtype))


def _elements(tensor: InputTensor, values: NDArray[Any]) -> list[Any]:
    if tensor.datatype == "BOOL":
        if (values > 1).any():
            raise HTTPException(
                400, f"The input {tensor.name!r:.80} has a byte that is neither 0 nor 1, no BOOL."
            )
        return list(values.astype(bool).tolist())
    if not tensor.datatype.startswith("FP"):
        return list(values.tolist())
    if np.isinf(values).any():
        raise HTTPException(
            400, f"The input {tensor.name!r:.80} has an infinite value. Send NaN for a missing one."
        )
    return [None if value != value else value for value in values.tolist()]


def _texts(tensor: InputTensor, raw: bytes) -> list[str]:
    try:
        return [text.decode() for text in unpack_texts(raw)]
    except ValueError as error:  # A wrong length, or bytes that are no UTF-8.
        raise HTTPException(
            400, f"The input {tensor.name!r:.80} does not hold texts in UTF-8: {error}."
        ) from error
