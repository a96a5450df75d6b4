"""Calls as languages write them that answer one row at a time, in one list of numbers ``v``."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeVar

from modelwright.predictor.emitters.layout import Call, Parameter

_SHAPES = {
    "codes": "text y",
    "token_weights": "text m y",
    "date_parts": "moment m y",
    "constant": "m y",
    "code_table": "x m y",
    "ramps": "x m y",
    "linear": "x n y m",
    "curves": "x n y m",
    "trees": "x n y m",
    "sigmoid": "x y",
    "isotonic": "x y",
}
"""What comes before the parameters: ``x`` where the input begins, ``n`` its width, ``y`` where the
output begins, ``m`` its width; a text or a moment by its number."""
_USUAL = "x n y"
_LINES = 60
"""Of a function: virtual machines do not compile long ones to machine code."""

_Line = TypeVar("_Line")


@dataclass(frozen=True, slots=True)
class Cell:
    """A text or a moment of the row, by its number."""

    list: str
    place: int


Argument = Parameter | Cell


@dataclass(frozen=True, slots=True)
class RowCall:
    """A call on one row: the function and all its arguments but the list of numbers."""

    function: str
    arguments: tuple[Argument, ...]


def row_calls(calls: tuple[Call, ...]) -> Iterator[RowCall]:
    """Return what is called for a row; values side by side and blends take a call for each."""
    for call in calls:
        match call.operation:
            case "columns":
                yield from _side_by_side(call)
            case "blend":
                yield from _blended(call)
            case _:
                yield RowCall(call.operation, (*_places(call), *call.parameters))


def _side_by_side(call: Call) -> Iterator[RowCall]:
    place = call.writes.place
    for read in call.reads:
        yield RowCall("columns", (read.place, read.width, place))
        place += read.width


def _blended(call: Call) -> Iterator[RowCall]:
    for number, (read, weight) in enumerate(zip(call.reads, call.parameters, strict=True)):
        yield RowCall("blend", (read.place, read.width, call.writes.place, weight, number == 0))


def _places(call: Call) -> Iterator[Argument]:
    read = call.reads[0]
    found: dict[str, Argument] = {
        "x": read.place,
        "n": read.width,
        "y": call.writes.place,
        "m": call.writes.width,
        "text": Cell("texts", read.place),
        "moment": Cell("moments", read.place),
    }
    return (found[name] for name in _SHAPES.get(call.operation, _USUAL).split())


def in_camel_case(call: RowCall, number: Callable[[float], str]) -> str:
    """Write a call as languages do whose functions are called ``dateParts``.

    Parameters
    ----------
    call
        What is called.
    number
        How the language writes a number.

    Examples
    --------
    >>> in_camel_case(RowCall("date_parts", (Cell("moments", 0), 2, True)), str)
    'dateParts(v, moments[0], 2, True)'
    """
    function = re.sub(r"_(\w)", lambda found: found[1].upper(), call.function)
    arguments = (
        f"{each.list}[{each.place}]" if isinstance(each, Cell) else number(each)
        for each in call.arguments
    )
    return f"{function}(v, {', '.join(arguments)})"


def in_functions(lines: Sequence[_Line]) -> list[Sequence[_Line]]:
    """Return lines in parts that are short enough for a function."""
    return [lines[start : start + _LINES] for start in range(0, len(lines), _LINES)]
