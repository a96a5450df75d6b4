"""Calls as languages write them that answer many rows at once: each value is named."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from modelwright.predictor.emitters.identifiers import identifiers
from modelwright.predictor.emitters.layout import Call, Layout, Parameter, Slot

_NAMES = {
    "impute": "fill",
    "scale": "center scale limit",
    "smooth_clip": "limit",
    "ramps": "source start length",
    "date_parts": "parts",
    "codes": "levels",
    "code_table": "table rows",
    "token_weights": "vocabulary characters shortest longest rarity weights",
    "constant": "answer",
    "linear": "weights bias",
    "curves": "sizes knots heights missing",
    "trees": "strict count roots outputs asked numbers leaves base scale",
    "clip": "low high",
    "scale_logits": "slope bias",
    "isotonic": "knots heights count",
}
"""What the parameters of a call are named, in their order."""
_WIDE = frozenset(
    {"ramps", "date_parts", "code_table", "token_weights", "constant", "linear", "curves", "trees"}
)
"""Functions that must be told how many numbers of a row they write."""
_MANY = frozenset({"columns", "blend"})
"""Functions that read a list of values."""
_READS = {"codes": "string", "token_weights": "string", "date_parts": "datetime"}
"""What is read by functions that do not read numbers."""
ROWS = "rows"
"""What the number of rows is named; a constant reads it. Languages reserve it."""


@dataclass(frozen=True, slots=True)
class ArrayCall:
    """A call on many rows.

    Parameters
    ----------
    function
        Its name, the operation's.
    reads
        The names of the values that it reads.
    many
        Whether these are one argument, a list.
    writes
        The name of the value that it writes.
    named
        Further arguments by name; those of a blend are its weights, without names.
    """

    function: str
    reads: tuple[str, ...]
    many: bool
    writes: str
    named: tuple[tuple[str, Parameter], ...]


@dataclass(frozen=True)
class ArrayCalls:
    """A program as calls on many rows.

    Parameters
    ----------
    columns
        What the value of each column is named, in the order of the layout's cells.
    calls
        One for each step.
    answer
        What the answer is named.
    """

    columns: tuple[str, ...]
    calls: tuple[ArrayCall, ...]
    answer: str


def array_calls(layout: Layout, *, reserved: Collection[str]) -> ArrayCalls:
    """Return a program's calls with a name for each value: the column's, or the operation's.

    Parameters
    ----------
    layout
        The program.
    reserved
        Words that the language, or the code around, has for itself.
    """
    wanted = [cell.column.name for cell in layout.cells]
    wanted += [f"{call.operation} {place}" for place, call in enumerate(layout.calls, 1)]
    names = identifiers(wanted, reserved=reserved)
    known: dict[tuple[str, Slot], str] = {
        (cell.column.value_type, Slot(cell.place, 1)): name
        for cell, name in zip(layout.cells, names, strict=False)
    }
    calls = tuple(_calls(layout.calls, names[len(layout.cells) :], known))
    return ArrayCalls(tuple(names[: len(layout.cells)]), calls, known["number", layout.answer])


def _calls(
    calls: tuple[Call, ...], names: list[str], known: dict[tuple[str, Slot], str]
) -> Iterator[ArrayCall]:
    for call, name in zip(calls, names, strict=True):
        of_type = _READS.get(call.operation, "number")
        # A constant may read a column of any type: all that counts is how many rows there are.
        constant = call.operation == "constant"
        reads = (ROWS,) if constant else tuple(known[of_type, slot] for slot in call.reads)
        known["number", call.writes] = name
        yield ArrayCall(call.operation, reads, call.operation in _MANY, name, _named(call))


def _named(call: Call) -> tuple[tuple[str, Parameter], ...]:
    width = (("width", call.writes.width),) if call.operation in _WIDE else ()
    names = _NAMES.get(call.operation, "").split() or [""] * len(call.parameters)
    return (*width, *zip(names, call.parameters, strict=True))
