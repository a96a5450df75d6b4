"""Where the numbers of a row lie, and which instructions there are so far.

A value is ready at a stage. Between two stages powers and logarithms are taken, of all that the
stage before left for that at once, and NumPy does the steps that the kernel does not know.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from modelwright.predictor.instructions.layout import Instruction, Kind
from modelwright.predictor.operations.base import Floats, Value

Function = Callable[..., Floats]


@dataclass(eq=False)
class Slot:
    """Some numbers of a row.

    Parameters
    ----------
    width
        How many.
    stage
        The first in which they can be read.
    start
        Where they begin, once that is known.
    """

    width: int
    stage: int
    start: int = -1

    @property
    def part(self) -> slice:
        """Where they lie."""
        return slice(self.start, self.start + self.width)


@dataclass
class Taken:
    """What is taken of numbers before a stage: their powers or their logarithms."""

    function: np.ufunc
    of: list[Slot] = field(default_factory=list)
    results: list[Slot] = field(default_factory=list)

    @property
    def parts(self) -> tuple[slice, slice]:
        """Where the numbers and the results lie, once that is known."""
        width, of, results = sum(slot.width for slot in self.of), self.of[0], self.results[0]
        return slice(of.start, of.start + width), slice(results.start, results.start + width)


@dataclass(frozen=True)
class Own:
    """A step that NumPy does before a stage.

    Parameters
    ----------
    run
        Of the operation.
    reads
        Slots, or names of raw columns.
    result
        Where its numbers go.
    """

    run: Function
    reads: Sequence[Slot | str]
    result: Slot


@dataclass
class Stage:
    """What is done before a stage, and then its instructions."""

    own: list[Own] = field(default_factory=list)
    taken: dict[np.ufunc, Taken] = field(default_factory=dict)
    written: list["Written"] = field(default_factory=list)


@dataclass(frozen=True)
class Written:
    """An instruction whose slots may have no place yet; see `instructions.h`."""

    kind: Kind
    reads: Slot
    writes: Slot
    tables: Sequence[Any]
    at: int
    width: int
    beside: Slot | None
    low: float
    high: float

    def instruction(self) -> Instruction:
        """Return it as the kernel reads it, once all slots have their places."""
        made = Instruction(
            kind=self.kind,
            from_=self.reads.start,
            to=self.writes.start + self.at,
            width=self.width,
            count=self.writes.width,
            with_=0 if self.beside is None else self.beside.start,
            low=self.low,
            high=self.high,
        )
        for place, table in enumerate(self.tables):
            made.tables[place] = _address(table)
        return made


class Writer:
    """Writes instructions.

    Attributes
    ----------
    values
        The slot of each value by its name.
    stages
        In their order.
    """

    def __init__(self) -> None:
        self.values: dict[str, Slot] = {}
        self.stages: list[Stage] = [Stage()]
        self._slots: list[Slot] = []

    def slot(self, width: int, stage: int = 0) -> Slot:
        """Return a place for so many numbers."""
        made = Slot(width, stage)
        self._slots.append(made)
        return made

    def write(
        self,
        kind: Kind,
        reads: Slot,
        writes: Slot,
        *tables: Any,
        stage: int = 0,
        at: int = 0,
        width: int | None = None,
        beside: Slot | None = None,
        low: float = 0.0,
        high: float = 0.0,
    ) -> Slot:
        """Add an instruction in the first stage that has all it reads; return what it writes.

        Parameters
        ----------
        kind, reads, writes, tables, low, high
            Of the instruction.
        stage
            The first in which it may be.
        at
            Where it begins to write in its slot.
        width
            What the kernel shall take for the numbers read; None for all of the slot.
        beside
            The powers that it reads too.
        """
        number = max(stage, reads.stage)
        writes.stage = max(writes.stage, number)
        read = reads.width if width is None else width
        written = Written(kind, reads, writes, tables, at, read, beside, low, high)
        self._stage(number).written.append(written)
        return writes

    def take(self, function: np.ufunc, of: Slot) -> Slot:
        """Take powers or logarithms, as NumPy does; return where they will be."""
        taken = self._stage(of.stage + 1).taken.setdefault(function, Taken(function))
        taken.of.append(of)
        taken.results.append(Slot(of.width, of.stage + 1))
        # They lie beside those that are taken with them.
        self._slots.remove(of)
        return taken.results[-1]

    def do(self, run: Function, reads: Sequence[Slot | str], width: int) -> Slot:
        """Let NumPy do a step."""
        ready = [each.stage + 1 for each in reads if isinstance(each, Slot)]
        result = self.slot(width, max(ready, default=0))
        self._stage(result.stage).own.append(Own(run, reads, result))
        return result

    def lay_out(self) -> int:
        """Give each slot its place; return how many numbers a row has."""
        end = 0
        taken = [each for stage in self.stages for each in stage.taken.values()]
        for slots in (self._slots, *(part for each in taken for part in (each.of, each.results))):
            for slot in slots:
                slot.start, end = end, end + slot.width
        return end

    def _stage(self, number: int) -> Stage:
        while len(self.stages) <= number:
            self.stages.append(Stage())
        return self.stages[number]


def _address(table: Value | Any) -> int:
    return int(table.ctypes.data) if isinstance(table, np.ndarray) else int(table.address)
