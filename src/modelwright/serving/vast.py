"""Numbers beyond all that can be kept: JSON can write them, and no reader says where."""

import json
import math
from typing import Any


def require_kept_numbers(body: bytes) -> None:
    """Refuse a number beyond the largest float, with the field that holds it.

    Raises
    ------
    ValueError
        With the field and the number.

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
                raise ValueError(
                    f"the field {field!r:.80} holds {vast.digits:.40}, which is out of range: "
                    "numbers go to 1.8e308"
                )
        return members

    json.loads(body, object_pairs_hook=check, parse_float=_read)


class _Vast:
    """A number that no float holds."""

    def __init__(self, digits: str) -> None:
        self.digits = digits


def _read(digits: str) -> float | _Vast:
    number = float(digits)
    return _Vast(digits) if math.isinf(number) else number


def _vast_in(value: object) -> _Vast | None:
    if isinstance(value, list):
        return next(filter(None, map(_vast_in, value)), None)
    return value if isinstance(value, _Vast) else None
