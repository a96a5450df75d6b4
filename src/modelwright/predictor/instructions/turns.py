"""What is done for a row turn by turn: some steps by NumPy, then instructions by the kernel.

Where the kernel can call NumPy's loops, powers and logarithms are instructions too, so that a
program of numbers and texts is one turn.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from modelwright.predictor.instructions.layout import Instruction, Kind
from modelwright.predictor.instructions.writer import Own, Taken, Writer
from modelwright.predictor.kernel.library import Library
from modelwright.predictor.kernel.loops import Loop, loop_of


@dataclass
class Turn:
    """What NumPy does first, and the instructions that follow.

    Parameters
    ----------
    own
        Steps of NumPy.
    taken
        Powers and logarithms that NumPy takes.
    instructions
        Of the kernel.
    """

    own: Sequence[Own] = ()
    taken: Sequence[Taken] = ()
    instructions: list[Instruction] = field(default_factory=list)

    def listed(self) -> Any:
        """Return the instructions side by side, as the kernel reads them."""
        return (Instruction * len(self.instructions))(*self.instructions)


def turns_of(writer: Writer, library: Library) -> list[Turn]:
    """Return what is done for a row, once all slots have their places.

    Parameters
    ----------
    writer
        Has written all steps.
    library
        The compiled kernel.
    """
    turns: list[Turn] = []
    for stage in writer.stages:
        taken = [*stage.taken.values()]
        by_kernel = _by_kernel(taken, library)
        if not turns or stage.own or len(by_kernel) < len(taken):
            turns.append(Turn(stage.own, [] if by_kernel else taken))
        written = (each.instruction() for each in stage.written)
        turns[-1].instructions.extend([*by_kernel, *written])
    return turns


def _by_kernel(taken: Sequence[Taken], library: Library) -> list[Instruction]:
    """Return what the kernel takes: all of it, or nothing where a loop was not found."""
    if not library.follows(Kind.TAKE):
        return []
    loops = [loop_of(each.function) for each in taken]
    return [
        _instruction(each, loop)
        for each, loop in zip(taken, loops, strict=True)
        if loop is not None and None not in loops
    ]


def _instruction(taken: Taken, loop: Loop) -> Instruction:
    of, results = taken.parts
    made = Instruction(kind=Kind.TAKE, from_=of.start, to=results.start, width=of.stop - of.start)
    made.tables[0] = loop.address
    return made
