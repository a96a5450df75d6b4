"""Runs a program's instructions for a few rows, to the bits of the interpreter."""

import ctypes
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from modelwright.data.schema import ValueType
from modelwright.errors import BundleError
from modelwright.predictor.instructions.layout import Kind
from modelwright.predictor.instructions.steps import write_step
from modelwright.predictor.instructions.writer import Own, Slot, Taken, Writer
from modelwright.predictor.kernel.library import Library, address_of
from modelwright.predictor.operations.base import Floats, Value
from modelwright.predictor.operations.categories import UNKNOWN_CODE, Codes

if TYPE_CHECKING:
    from modelwright.predictor.program import Program

MOST_ROWS = 16
"""Beyond, whole columns at once are sooner."""
_MOST_NUMBERS = 1 << 16

_TYPES: Mapping[ValueType, type] = {"number": np.float64, "string": object, "datetime": np.int64}

Cells = Sequence[Any]
"""What a row has in the columns that a program reads, in their order: numbers as floats, texts or
None, moments as whole numbers."""


def write_instructions(program: "Program", library: Library | None) -> "Follower | None":
    """Return a program as instructions; None where the kernel cannot follow them.

    Parameters
    ----------
    program
        What is followed.
    library
        The kernel; None, or an older one, follows nothing.
    """
    if library is None or not library.follows(len(Kind)):
        return None
    writer = Writer()
    try:
        numbers = [each for each in program.inputs if each.type == "number"]
        for each in numbers:
            writer.values[f"column:{each.name}"] = writer.slot(1)
        coded = [step for step in program.steps if isinstance(step, Codes)]
        for code in coded:
            writer.values[code.output] = writer.slot(code.check((1,)))
        for step in program.steps:
            if not isinstance(step, Codes):
                write_step(writer, step)
    except BundleError:
        # Whoever runs it otherwise says what is wrong.
        return None
    size = writer.lay_out()
    return Follower(program, writer, coded, size, library) if size <= _MOST_NUMBERS else None


@dataclass(frozen=True)
class _Stage:
    own: Sequence[Own]
    taken: Sequence[tuple[Callable[..., Floats], slice, slice]]
    address: int
    count: int


class Follower:
    """A program as instructions; made by `write_instructions`."""

    def __init__(
        self,
        program: "Program",
        writer: Writer,
        coded: Sequence[Codes],
        size: int,
        library: Library,
    ) -> None:
        places = {each.name: place for place, each in enumerate(program.inputs)}
        self._names = [*places]
        self._numbers = [places[e.name] for e in program.inputs if e.type == "number"]
        self._codes = [
            (step.places, places[step.inputs[0].removeprefix("column:")]) for step in coded
        ]
        self._given = len(self._numbers) + len(self._codes)
        self._places = places
        self._types = [_TYPES[each.type] for each in program.inputs]
        self._size = size
        self._follow = library.locked.modelwright_follow
        # Kept with all it says, because instructions hold addresses of tables.
        self._writer = writer
        self._lists = [writer.instructions(stage) for stage in writer.stages]
        self._stages = [
            _Stage(
                stage.own,
                [_parts(taken) for taken in stage.taken.values()],
                ctypes.addressof(listed),
                len(listed),
            )
            for stage, listed in zip(writer.stages, self._lists, strict=True)
        ]
        self._answer = writer.values[program.answer].part

    def run(self, columns: Mapping[str, Value]) -> Floats:
        """Answer rows that stand in columns, as `Program.run` does."""
        lists = [columns[name].tolist() for name in self._names]
        return self.run_cells([*zip(*lists, strict=True)])

    def run_cells(self, rows: Sequence[Cells]) -> Floats:
        """Answer rows.

        Parameters
        ----------
        rows
            At least one.

        Returns
        -------
        ndarray of shape (rows, outputs)

        Raises
        ------
        MemoryError
            When there is no room for the rows.
        """
        count, size = len(rows), self._size
        numbers = np.empty((count, size))
        numbers[:, : self._given] = [self._given_of(cells) for cells in rows]
        address = address_of(numbers)
        for stage in self._stages:
            for own in stage.own:
                numbers[:, own.result.part] = own.run(
                    *(self._read(each, numbers, rows) for each in own.reads)
                )
            for function, source, result in stage.taken:
                if count == 1:
                    line = numbers[0]
                    function(line[source], out=line[result])
                else:
                    numbers[:, result] = function(np.ascontiguousarray(numbers[:, source]))
            if stage.count and self._follow(stage.address, stage.count, address, size, count):
                raise MemoryError(f"There is no room for {count} rows.")
        return numbers[:, self._answer].copy()

    def _given_of(self, cells: Cells) -> list[float]:
        """Return what the first numbers of a row are: those that are read, then codes."""
        given = [cells[place] for place in self._numbers]
        for places, place in self._codes:
            given.append(places.get(cells[place], UNKNOWN_CODE))
        return given

    def _read(self, each: Slot | str, numbers: Floats, rows: Sequence[Cells]) -> Value:
        if isinstance(each, Slot):
            return np.ascontiguousarray(numbers[:, each.part])
        place = self._places[each.removeprefix("column:")]
        cells = [row[place] for row in rows]
        return np.array(cells, dtype=self._types[place])


def _parts(taken: Taken) -> tuple[Callable[..., Floats], slice, slice]:
    width = sum(slot.width for slot in taken.of)
    of, results = taken.of[0].start, taken.results[0].start
    return taken.function, slice(of, of + width), slice(results, results + width)
