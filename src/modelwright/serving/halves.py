"""Halves of characters (surrogates without their pair): JSON can escape what nobody can write."""

import re

_PAIR = rb"u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}"
_HALF = re.compile(rb"\\(?:" + _PAIR + rb"|(u[dD][89a-fA-F][0-9a-fA-F]{2})|.)", re.DOTALL)


def require_whole_characters(body: bytes) -> None:
    """Refuse half of a character, which JSON can escape and nobody can write.

    Raises
    ------
    ValueError
        With the half.

    Examples
    --------
    >>> require_whole_characters(rb'{"a": "\\ud83d\\ude00 \\\\ud800"}')
    >>> require_whole_characters(rb'{"a": "\\ud83d"}')
    Traceback (most recent call last):
    ...
    ValueError: a text holds \\ud83d, half of a character
    """
    if b"\\u" not in body:
        return
    for found in _HALF.finditer(body):
        if half := found[1]:
            raise ValueError(f"a text holds \\{half.decode()}, half of a character")
