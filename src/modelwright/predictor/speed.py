"""How fast a program answers one row, and how large it is."""

import time
from collections.abc import Callable
from itertools import cycle
from statistics import median

from modelwright.data.records import Columns
from modelwright.predictor.operations.base import Value
from modelwright.predictor.program import Program
from modelwright.predictor.storage.storage import write_program

_MEASURED_S = 0.05
_MOST_RUNS = 400
_MOST_ROWS = 32
"""One row alone would be answered from the processor's cache, as no row of a client is."""


def one_row_latency_s(
    program: Program, columns: Columns, *, clock: Callable[[], float] = time.perf_counter
) -> float:
    """Return the median seconds that a program takes for one row, in this process.

    Different rows are answered one by one for about 50 ms, and at least one.

    Parameters
    ----------
    program
        What answers.
    columns
        Rows, at least one; the first 32 are used.
    clock
        Tells the time in seconds.

    Examples
    --------
    >>> import numpy as np
    >>> from modelwright.predictor.operations.linear import Constant
    >>> from modelwright.predictor.program import Input
    >>> from modelwright.tasks.task import Task
    >>> program = Program(
    ...     task=Task(kind="regression"),
    ...     inputs=(Input(name="age", type="number"),),
    ...     steps=(Constant(inputs=("column:age",), output="same", answer=np.array([7.0])),),
    ...     answer="same",
    ... )
    >>> ticks = iter(range(1000))
    >>> one_row_latency_s(program, {"age": np.array([39.0, 40.0])}, clock=lambda: next(ticks))
    1
    """
    rows = _single_rows(program, columns)
    # The first answer also prepares what later ones find prepared.
    program.run(rows[0])
    began = clock()
    taken: list[float] = []
    for row in cycle(rows):
        start = clock()
        program.run(row)
        now = clock()
        taken.append(now - start)
        if now - began >= _MEASURED_S or len(taken) >= _MOST_RUNS:
            break
    return median(taken)


def program_bytes(program: Program) -> int:
    """Return the bytes that a program takes where it is stored.

    Parameters
    ----------
    program
        What is stored.
    """
    return sum(len(part) for part in write_program(program))


def _single_rows(program: Program, columns: Columns) -> list[dict[str, Value]]:
    read = {each.name: columns[each.name][:_MOST_ROWS] for each in program.inputs}
    count = min(len(values) for values in read.values())
    return [{name: values[row : row + 1] for name, values in read.items()} for row in range(count)]
