"""Numbers that cannot be kept, such as `1e999` and `NaN`; no reader says where they stand."""

import json
import math
from typing import Any

_MOST_DIGITS = 4300
"""Of a whole number; Python reads no more."""
_BEYOND = "which is out of range: numbers go to 1.8e308"
_NO_JSON = "which is no JSON. Send null where a number is missing"


def require_kept_numbers(body: bytes, *, takes_nan: bool = False) -> None:
    """Refuse a number that cannot be kept, with the field that holds it.

    Parameters
    ----------
    body
        What was sent.
    takes_nan
        Whether a bare NaN is read as null.

    Raises
    ------
    ValueError
        With the field and the number, or what else is wrong with the body.

    Examples
    --------
    >>> require_kept_numbers(b'{"age": 1e308}')
    >>> require_kept_numbers(b'{"age": 1e999}')
    Traceback (most recent call last):
    ...
    ValueError: the field 'age' holds 1e999, which is out of range: numbers go to 1.8e308
    """

    def check(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        members = dict(pairs)
        for name, value in pairs:
            if vast := _vast_in(value):
                # A tensor of the protocol is called by its name.
                field = members.get("name", name) if name == "data" else name
                raise ValueError(f"the field {field!r:.80} holds {vast.written:.40}, {vast.why}")
        return members

    def constant(written: str) -> _Vast | None:
        return None if takes_nan and written == "NaN" else _Vast(written, _NO_JSON)

    json.loads(
        body,
        object_pairs_hook=check,
        parse_float=_read,
        parse_int=_read_whole,
        parse_constant=constant,
    )


class _Vast:
    """A number that cannot be kept."""

    def __init__(self, written: str, why: str = _BEYOND) -> None:
        self.written = written
        self.why = why


def _read(digits: str) -> float | _Vast:
    number = float(digits)
    return _Vast(digits) if math.isinf(number) else number


def _read_whole(digits: str) -> int | _Vast:
    return _Vast(digits) if len(digits) > _MOST_DIGITS else 0


def _vast_in(value: object) -> _Vast | None:
    if isinstance(value, list):
        return next(filter(None, map(_vast_in, value)), None)
    return value if isinstance(value, _Vast) else None
