"""The datatypes of the Open Inference Protocol: which values they hold, and how wide they are."""

from typing import Any

from starlette.exceptions import HTTPException

from modelwright.errors import nearest

_WHOLE = {
    **{f"INT{bits}": (-(2 ** (bits - 1)), 2 ** (bits - 1) - 1) for bits in (8, 16, 32, 64)},
    **{f"UINT{bits}": (0, 2**bits - 1) for bits in (8, 16, 32, 64)},
}
_NUMBERS: dict[str, tuple[type, ...]] = {
    **dict.fromkeys(("FP16", "FP32", "FP64"), (int, float)),
    **dict.fromkeys(_WHOLE, (int,)),
}
_TYPES: dict[str, tuple[type, ...]] = {"BOOL": (bool,), "BYTES": (str,), **_NUMBERS}

DATATYPES = tuple(_TYPES)
"""Their names."""

_ACCEPTED: dict[str, frozenset[str]] = {
    "FP64": frozenset({*_NUMBERS, "BYTES"}),
    "BOOL": frozenset(_TYPES),
    "BYTES": frozenset({*_NUMBERS, "BYTES"}),
}
"""What may be sent for each datatype that a model declares: numbers in any width, and as text."""

NUMPY_TYPES: dict[str, str] = {
    "BOOL": "u1",
    **{name: f"<f{int(name[2:]) // 8}" for name in ("FP16", "FP32", "FP64")},
    **{name: f"<i{int(name[3:]) // 8}" for name in _WHOLE if name.startswith("INT")},
    **{name: f"<u{int(name[4:]) // 8}" for name in _WHOLE if name.startswith("UINT")},
}
"""How an element travels in binary: little-endian, without padding. BYTES have no fixed width."""


def require_datatype(tensor: str, datatype: str, declared: str) -> None:
    """Refuse a datatype that the protocol does not know, or that cannot stand for the declared one.

    Raises
    ------
    HTTPException
        400 with the tensor's name.
    """
    if datatype not in _TYPES:
        raise HTTPException(
            400,
            f"The input {tensor!r:.80} has the datatype {datatype!r:.40}. "
            f"{nearest(datatype, _TYPES)}",
        )
    if datatype not in _ACCEPTED[declared]:
        raise HTTPException(
            400,
            f"The input {tensor!r:.80} has the datatype {datatype!r:.40}; the model declares "
            f"{declared!r}. Send {declared}.",
        )


def require_values(tensor: str, datatype: str, values: list[Any]) -> None:
    """Refuse a value that is not of its datatype; None is a missing one.

    Raises
    ------
    HTTPException
        400 with the tensor's name and the value.
    """
    types, is_truth = _TYPES[datatype], datatype == "BOOL"
    low, high = _WHOLE.get(datatype, (None, None))
    for value in values:
        if value is None:
            continue
        fits = isinstance(value, types) and isinstance(value, bool) == is_truth
        if not fits or (low is not None and not low <= value <= high):
            raise HTTPException(
                400, f"The input {tensor!r:.80} has the value {value!r:.40}, no {datatype}."
            )
