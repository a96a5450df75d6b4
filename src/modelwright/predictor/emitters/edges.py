"""At which numbers of a raw column a program's answer may turn."""

from collections.abc import Iterable, Iterator

import numpy as np

from modelwright.predictor.operations.base import Floats
from modelwright.predictor.operations.curves import Curves
from modelwright.predictor.operations.linear import Columns
from modelwright.predictor.operations.numbers import Impute, RoundToFloat32
from modelwright.predictor.operations.ramps import Ramps
from modelwright.predictor.operations.trees import Trees
from modelwright.predictor.program import Program, Step, column_value

_PASSES = (Columns, Impute, RoundToFloat32)
"""Operations that leave numbers where they are, near enough to turn at the same ones."""


def edges_of(program: Program) -> dict[str, Floats]:
    """Return the thresholds of trees, knots of curves and ends of ramps, by raw column.

    Columns whose numbers reach none of these unchanged are left out.
    """
    origins: dict[str, tuple[str | None, ...]] = {
        column_value(each.name): (each.name if each.type == "number" else None,)
        for each in program.inputs
    }
    found: dict[str, list[Floats]] = {}
    for step in program.steps:
        reads = [origins[name] for name in step.inputs]
        width = step.check(tuple(map(len, reads)))
        origins[step.output] = _origin(step, reads, width)
        for place, numbers in _edges(step):
            name = reads[0][place]
            if name is not None:
                found.setdefault(name, []).append(numbers)
    return {name: np.unique(np.concatenate(arrays)) for name, arrays in found.items()}


def _origin(
    step: Step, reads: Iterable[tuple[str | None, ...]], width: int
) -> tuple[str | None, ...]:
    if isinstance(step, _PASSES):
        return tuple(name for read in reads for name in read)
    return (None,) * width


def _edges(step: Step) -> Iterator[tuple[int, Floats]]:
    match step:
        case Trees():
            for place in np.unique(step.feature[step.feature >= 0]).tolist():
                yield place, step.threshold[step.feature == place]
        case Curves():
            ends = np.cumsum(step.sizes)
            for place, (size, end) in enumerate(zip(step.sizes, ends, strict=True)):
                yield place, step.knots[end - size : end]
        case Ramps():
            for place in np.unique(step.source).tolist():
                mine = step.source == place
                yield place, step.start[mine]
                yield place, (step.start + step.length)[mine]
