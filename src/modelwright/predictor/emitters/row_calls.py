"""Calls as languages write them that answer one row at a time, in one list of numbers ``v``."""

from collections.abc import Iterator
from dataclasses import dataclass

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
