"""What JSON may not do although its grammar lets it: say a thing twice, or nest without end."""

from collections.abc import Iterable
from typing import Any

from starlette.exceptions import HTTPException

from modelwright.data.json_keys import outside_of_texts, require_keys_once


def require_strict(body: bytes, decoded: object, *, depth: int) -> None:
    """Refuse a body with a key that stands twice in one object, or with too much nesting.

    It is counted, not read again: a body has as many colons outside of its texts as its objects
    have keys, unless a key was lost because it stood there twice.

    Parameters
    ----------
    body
        Sound JSON.
    decoded
        What it says, as dictionaries and lists.
    depth
        How deep lists and objects may stand in each other.

    Raises
    ------
    HTTPException
        400 with the key.

    Examples
    --------
    >>> require_strict(b'{"a:": 1, "b": [":"]}', {"a:": 1, "b": [":"]}, depth=2)
    >>> require_strict(b'{"a": 1, "a": 2}', {"a": 2}, depth=2)
    Traceback (most recent call last):
    ...
    starlette.exceptions.HTTPException: 400: The field 'a' stands twice in one object. Send it once.
    """
    outside = outside_of_texts(body)
    containers = outside.count(b"{") + outside.count(b"[")
    if _count_keys(decoded, containers=containers, depth=depth) < outside.count(b":"):
        try:
            require_keys_once(body)
        except ValueError as error:
            raise HTTPException(400, str(error)) from error


def _count_keys(decoded: object, *, containers: int, depth: int) -> int:
    """Count the keys of all objects, level by level; the values of the last level are not read."""
    level: list[Any] = [decoded] if isinstance(decoded, dict | list) else []
    seen, keys = len(level), 0
    for _ in range(depth):
        keys += sum(len(each) for each in level if type(each) is dict)
        if seen >= containers:
            return keys
        level = [inner for each in level for inner in _inside(each)]
        seen += len(level)
        if not level:
            return keys
    raise HTTPException(400, f"The body is nested deeper than {depth}. Send flat rows.")


def _inside(container: Any) -> Iterable[Any]:
    values = container.values() if type(container) is dict else container
    return [value for value in values if type(value) is dict or type(value) is list]
