"""Values as Python source that a person can read and that nobody can break out of."""

from collections.abc import Mapping
from typing import Any

WIDTH = 100


def literal(value: Any, indent: int = 0, taken: int = 0) -> str:
    """Return an expression that evaluates to a value of plain types.

    Texts are written by `repr`, which escapes quotes, line ends and whatever a screen would not
    show as it is, so that a hostile name stays a text.

    Parameters
    ----------
    value
        None, a truth value, number or text, or a tuple, list or mapping of such.
    indent
        Columns before the line in which the expression begins.
    taken
        Characters that stand before it in its line, beyond the indent.

    Examples
    --------
    >>> literal({"age": (1.5, None)})
    '{"age": (1.5, None)}'
    >>> print(literal(tuple("level %02d" % each for each in range(12))))
    (
        "level 00",
        "level 01",
        "level 02",
        "level 03",
        "level 04",
        "level 05",
        "level 06",
        "level 07",
        "level 08",
        "level 09",
        "level 10",
        "level 11",
    )
    """
    line = _on_a_line(value)
    is_plain = not isinstance(value, Mapping | tuple | list) or not value
    if is_plain or indent + taken + len(line) < WIDTH:
        return line
    inner = " " * (indent + 4)
    opened, closed = _brackets(value)
    lines = [f"{inner}{each}," for each in _entries(value, indent + 4)]
    return "\n".join([opened, *lines, " " * indent + closed])


def added_literal(begun: str, added: Mapping[str, Any], *, indent: int, taken: int) -> str:
    """Return a mapping that begins as a named one does and adds to it.

    Parameters
    ----------
    begun
        The name.
    added
        Further keys and their values.
    indent, taken
        As for `literal`.

    Examples
    --------
    >>> added_literal("USUAL", {"rate": 0.1}, indent=0, taken=0)
    '{**USUAL, "rate": 0.1}'
    """
    line = "{" + ", ".join([f"**{begun}", *_pairs(added)]) + "}"
    if indent + taken + len(line) < WIDTH:
        return line
    inner = " " * (indent + 4)
    lines = [f"{inner}{each}," for each in (f"**{begun}", *_entries(added, indent + 4))]
    return "\n".join(["{", *lines, " " * indent + "}"])


def _entries(value: Any, indent: int) -> list[str]:
    if not isinstance(value, Mapping):
        return [literal(each, indent, 1) for each in value]
    named = [(f"{_on_a_line(key)}: ", each) for key, each in value.items()]
    return [f"{key}{literal(each, indent, len(key) + 1)}" for key, each in named]


def _brackets(value: Any) -> tuple[str, str]:
    if isinstance(value, Mapping):
        return "{", "}"
    return ("(", ")") if isinstance(value, tuple) else ("[", "]")


def _on_a_line(value: Any) -> str:
    if isinstance(value, Mapping):
        return "{" + ", ".join(_pairs(value)) + "}"
    if isinstance(value, tuple | list):
        opened, closed = _brackets(value)
        comma = "," if isinstance(value, tuple) and len(value) == 1 else ""
        return opened + ", ".join(map(_on_a_line, value)) + comma + closed
    if isinstance(value, str):
        return _text(value)
    if value is None or isinstance(value, bool | int | float):
        return _number(value)
    raise TypeError(f"A {type(value).__name__} has no place in source code.")


def _pairs(value: Mapping[Any, Any]) -> list[str]:
    return [f"{_on_a_line(key)}: {_on_a_line(each)}" for key, each in value.items()]


def _text(value: str) -> str:
    written = repr(value)
    return written if '"' in written else f'"{written[1:-1]}"'


def _number(value: float | None) -> str:
    written = repr(value)
    return f'float("{written}")' if written.lstrip("-") in ("inf", "nan") else written
