"""Lines for a terminal: a label, a text beside it, tables in columns."""

import textwrap
import unicodedata
from collections.abc import Iterable, Sequence
from itertools import zip_longest

LABEL = 10
"""Columns that a label takes, its space included."""
WIDTH = 100
_GAP = "  "
_NARROWEST = 20


def title(text: str) -> str:
    """Return a line that opens a part.

    Examples
    --------
    >>> title("Plan")[:8]
    '── Plan '
    """
    return f"── {text} ".ljust(WIDTH, "─")


def field(label: str, *lines: str) -> list[str]:
    """Return lines beside a label: those too long are broken, those after the first indented.

    Examples
    --------
    >>> print(*field("Question", "Will it arrive late?", "At all?"), sep="\\n")
    Question  Will it arrive late?
              At all?
    >>> field("Leaks")
    []
    """
    broken = [part for line in lines for part in _hang(line)]
    labels = [label] if broken else []
    return [
        f"{name:<{LABEL}}{line}".rstrip()
        for name, line in zip_longest(labels, broken, fillvalue="")
    ]


def aligned(rows: Iterable[Sequence[str]], *, right: Sequence[int] = ()) -> list[str]:
    """Return rows as lines whose columns stand below each other.

    Parameters
    ----------
    rows
        Cells, the same number in each row; the last one is broken where it is too long.
    right
        The columns whose text stands at the right, as numbers do.

    Examples
    --------
    >>> aligned([("LightGBM", "0.73"), ("linear", "10")], right=[1])
    ['LightGBM  0.73', 'linear      10']
    """
    cells = [tuple(row) for row in rows]
    widths = [max(map(_width, column)) for column in zip(*cells, strict=True)]
    start = sum(widths[:-1]) + len(_GAP) * (len(widths) - 1)
    lines = []
    for row in cells:
        *head, last = (
            _pad(cell, width, at_right=at in right)
            for at, (cell, width) in enumerate(zip(row, widths, strict=True))
        )
        first, *more = _break(last.rstrip(), max(_NARROWEST, WIDTH - LABEL - start))
        lines += [_GAP.join((*head, first)).rstrip(), *(" " * start + line for line in more)]
    return lines


def bounded(lines: Sequence[str], most: int, where: str) -> list[str]:
    """Return the first lines, and one that says how many more there are.

    Examples
    --------
    >>> bounded(["a", "b", "c"], 2, "in findings.json")
    ['a', 'b', 'and 1 more in findings.json']
    """
    return [*lines[:most], *left_out(len(lines) - most, where)]


def left_out(count: int, where: str) -> list[str]:
    """Return a line that says how many are not shown, if any."""
    return [f"and {count:,} more {where}"] if count > 0 else []


def _hang(line: str) -> list[str]:
    """Break a long line; what continues it stands two columns in."""
    if _width(line) <= WIDTH - LABEL:
        return [line]
    return textwrap.wrap(
        line, WIDTH - LABEL, subsequent_indent=_GAP, break_on_hyphens=False, drop_whitespace=True
    )


def _break(line: str, width: int) -> list[str]:
    return textwrap.wrap(line, width, break_on_hyphens=False) or [""]


def _width(text: str) -> int:
    """Return the columns that a text takes: two for a letter of Chinese, none for an accent."""
    return sum(
        0
        if unicodedata.combining(letter)
        else 2
        if unicodedata.east_asian_width(letter) in "WF"
        else 1
        for letter in text
    )


def _pad(text: str, width: int, *, at_right: bool) -> str:
    space = " " * (width - _width(text))
    return space + text if at_right else text + space
