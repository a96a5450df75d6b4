"""Keys of JSON objects: each stands once."""

import json
import re
from typing import Any

_ESCAPED = re.compile(rb"\\.", re.DOTALL)


def outside_of_texts(body: bytes) -> bytes:
    """Return sound JSON without its texts: its objects have as many keys as it has colons.

    Examples
    --------
    >>> outside_of_texts(b'{"a:": {"b": ":"}}')
    b'{: {: }}'
    """
    if b"\\" in body:
        body = _ESCAPED.sub(b"", body)
    return b"".join(body.split(b'"')[::2])


def repeated_key(body: bytes) -> str | None:
    """Return a key that stands twice in one object of sound JSON; None where there is none.

    Examples
    --------
    >>> repeated_key(b'[{"a": 1, "b": {"a": 1}}, {"c": 1, "c": 2}]')
    'c'
    """
    found: list[str] = []

    def check(pairs: list[tuple[str, Any]]) -> None:
        names: set[str] = set()
        for name, _ in pairs:
            if name in names:
                found.append(name)
            names.add(name)

    json.loads(body, object_pairs_hook=check)
    return found[0] if found else None


def require_keys_once(body: bytes) -> None:
    """Refuse a key that stands twice in one object.

    Raises
    ------
    ValueError
        With the key.

    Examples
    --------
    >>> require_keys_once(b'{"a": 1, "a": 2}')
    Traceback (most recent call last):
    ...
    ValueError: The field 'a' stands twice in one object. Send it once.
    """
    key = repeated_key(body)
    if key is not None:
        raise ValueError(f"The field {key!r:.80} stands twice in one object. Send it once.")
