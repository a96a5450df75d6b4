"""Runs a program's instructions for a few rows, to the bits of the interpreter."""

import ctypes
import struct
from collections.abc import Callable, Mapping, Sequence
from copy import copy
from dataclasses import dataclass
from functools import partial
from threading import Lock
from typing import TYPE_CHECKING, Any, Self

import numpy as np

from modelwright.data.schema import ValueType
from modelwright.errors import BundleError
from modelwright.predictor.instructions.layout import Kind
from modelwright.predictor.instructions.steps import write_step
from modelwright.predictor.instructions.turns import turns_of
from modelwright.predictor.instructions.writer import Own, Slot, Taken, Writer
from modelwright.predictor.kernel.door import Door
from modelwright.predictor.kernel.library import Library, address_of
from modelwright.predictor.operations.base import Floats, Value
from modelwright.predictor.operations.categories import UNKNOWN_CODE, Codes

if TYPE_CHECKING:
    from modelwright.predictor.program import Program

MOST_ROWS = 32
"""Beyond, whole columns at once are sooner."""
_MOST_NUMBERS = 1 << 16
_NO_ROOM = 2
"""What the kernel answers where there is no memory."""

_TYPES: Mapping[ValueType, type] = {"number": np.float64, "string": object, "datetime": np.int64}


def write_instructions(program: "Program", library: Library | None) -> "Follower | None":
    """Return a program as instructions; None where the kernel cannot follow them.

    Parameters
    ----------
    program
        What is followed.
    library
        The kernel; None, or an older one, follows nothing.
    """
    if library is None or not library.follows(Kind.SLOPE):
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


_Function = tuple[Callable[..., Floats], Floats, Floats]
"""What NumPy takes, of which numbers of a board, and where to."""


@dataclass(frozen=True)
class _Board:
    """Memory for the numbers of some rows, its parts, and what is done in it turn by turn.

    `answer` is what the program answers all of them, `told` what it answers the first.
    """

    numbers: Floats
    memory: Any
    address: Any
    given: Floats
    answer: Floats
    told: Any
    turns: Sequence[tuple[Sequence[Own], Sequence[_Function], int, int]]


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
        self._numbers = [each.name for each in program.inputs if each.type == "number"]
        self._codes = [(step.places, step.inputs[0].removeprefix("column:")) for step in coded]
        self._given = len(self._numbers) + len(self._codes)
        self._pack = struct.Struct(f"{self._given}d").pack_into
        self._types = {each.name: _TYPES[each.type] for each in program.inputs}
        self._read_from([each.name for each in program.inputs])
        self._size = size
        self._library = library
        self._follow = library.locked.modelwright_follow
        # Kept with all it says, because instructions hold addresses of tables.
        self._writer = writer
        self._turns = [(turn, turn.listed()) for turn in turns_of(writer, library)]
        self._answer_part = writer.values[program.answer].part
        self._usual = self._board(1)
        self._busy = Lock()

    def reading(self, names: Sequence[str]) -> Self:
        """Return the same for rows whose values stand in another order, or have more of them."""
        other = copy(self)
        other._read_from(names)
        return other

    def run(self, columns: Mapping[str, Value]) -> Floats:
        """Answer rows that stand in columns, as `Program.run` does."""
        lists = [columns[name].tolist() for name in self._names]
        return self.run_rows([*zip(*lists, strict=True)])

    def run_rows(self, rows: Sequence[Sequence[Any]]) -> Floats:
        """Answer rows.

        Parameters
        ----------
        rows
            At least one: numbers as floats, texts or None, moments as whole numbers, in the order
            of the program's inputs or of what `reading` was told.

        Returns
        -------
        ndarray of shape (rows, outputs)

        Raises
        ------
        MemoryError
            When there is no room for the rows.
        """
        if len(rows) > 1:
            board = self._board(len(rows))
            board.given[:] = [self._given_of(row) for row in rows]
            self._fill(board, rows)
            return board.answer.copy()
        board = self._take_board()
        try:
            # Sooner than by an array of a list of lists.
            self._pack(board.memory, 0, *self._given_of(rows[0]))
            self._fill(board, rows)
            return board.answer.copy()
        finally:
            self._give_back(board)

    @property
    def given(self) -> Sequence[tuple[str, Mapping[str | None, int] | None]]:
        """What the first numbers of a row are: a column itself, or the codes of its texts."""
        numbers = [(name, None) for name in self._numbers]
        return [*numbers, *((name, places) for places, name in self._codes)]

    @property
    def reads_columns(self) -> bool:
        """Whether NumPy does a step that reads a column itself: a text, or moments."""
        owns = [own for turn, _ in self._turns for own in turn.own]
        return any(isinstance(each, str) for own in owns for each in own.reads)

    def answering(self, door: Door) -> Callable[[bytes], list[float] | None]:
        """Return what answers one row in JSON; its answer is None where Python shall read it.

        It is a list, because what NumPy does to an array takes longer than to read two numbers.

        Parameters
        ----------
        door
            Reads a body into what is `given`; only where no column is read otherwise.
        """
        by_turns = partial(self._answer_body, door)
        board, alone = self._usual, self._busy
        owns, taken, first, count = board.turns[0]
        if len(board.turns) > 1 or owns or taken or not self._library.answers:
            return by_turns
        call = partial(self._library.locked.modelwright_answer, door.address)
        numbers, size, tell = board.address, self._size, board.told.tolist

        # One frame and one call for all of it: between two rows other work takes the cache.
        def answer(body: bytes) -> list[float] | None:
            if not alone.acquire(False):
                return by_turns(body)
            try:
                done = call(body, len(body), first, count, numbers, size)
                if done == _NO_ROOM:
                    raise MemoryError("There is no room for 1 row.")
                told: list[float] | None = tell() if done else None
                return told
            finally:
                alone.release()

        return answer

    def _answer_body(self, door: Door, body: bytes) -> list[float] | None:
        board = self._take_board()
        try:
            if not door.read(body, board.address):
                return None
            self._fill(board, (None,))
            told: list[float] = board.told.tolist()
            return told
        finally:
            self._give_back(board)

    def _take_board(self) -> "_Board":
        # Another thread may answer a row just now.
        return self._usual if self._busy.acquire(blocking=False) else self._board(1)

    def _give_back(self, board: "_Board") -> None:
        if board is self._usual:
            self._busy.release()

    def _fill(self, board: "_Board", rows: Sequence[Any]) -> None:
        numbers, count = board.numbers, len(rows)
        for owns, taken, address, length in board.turns:
            for own in owns:
                numbers[:, own.result.part] = own.run(
                    *(self._read(each, numbers, rows) for each in own.reads)
                )
            for function, source, result in taken:
                if count == 1:
                    function(source, result)
                else:
                    result[:] = function(np.ascontiguousarray(source))
            if length and self._follow(address, length, board.address, self._size, count):
                raise MemoryError(f"There is no room for {count} rows.")

    def _board(self, count: int) -> "_Board":
        numbers = np.empty((count, self._size))
        memory: Any = numbers
        line: Any = numbers.reshape(-1)
        # One row is one line of memory, as NumPy's powers need it.
        lines = numbers[0] if count == 1 else numbers
        return _Board(
            numbers=numbers,
            memory=memory,
            address=address_of(numbers),
            given=numbers[:, : self._given],
            answer=numbers[:, self._answer_part],
            told=memoryview(line)[self._answer_part],
            turns=[
                (
                    turn.own,
                    [_function(each, lines) for each in turn.taken],
                    ctypes.addressof(listed),
                    len(listed),
                )
                for turn, listed in self._turns
            ],
        )

    def _read_from(self, names: Sequence[str]) -> None:
        self._names = tuple(names)
        self._places = {name: place for place, name in enumerate(names)}
        self._number_places = [self._places[name] for name in self._numbers]
        self._code_places = [(codes, self._places[name]) for codes, name in self._codes]

    def _given_of(self, row: Sequence[Any]) -> list[float]:
        """Return what the first numbers of a row are: those that are read, then codes."""
        given = [row[place] for place in self._number_places]
        for codes, place in self._code_places:
            given.append(codes.get(row[place], UNKNOWN_CODE))
        return given

    def _read(self, each: Slot | str, numbers: Floats, rows: Sequence[Sequence[Any]]) -> Value:
        if isinstance(each, Slot):
            return np.ascontiguousarray(numbers[:, each.part])
        name = each.removeprefix("column:")
        place = self._places[name]
        return np.array([row[place] for row in rows], dtype=self._types[name])


def _function(taken: Taken, lines: Floats) -> _Function:
    of, results = taken.parts
    return taken.function, lines[..., of], lines[..., results]
