"""The raw columns that each column of a value depends on."""

from collections.abc import Iterable, Iterator

import numpy as np

from modelwright.predictor.operations.activation import Activation
from modelwright.predictor.operations.answers import Blend, Clip, Link
from modelwright.predictor.operations.linear import Columns as SideBySide
from modelwright.predictor.operations.linear import Constant, Linear
from modelwright.predictor.operations.numbers import (
    Impute,
    MissingFlags,
    RoundToFloat32,
    Scale,
    SmoothClip,
)
from modelwright.predictor.operations.ramps import Ramps
from modelwright.predictor.operations.trees import Trees
from modelwright.predictor.program import Program, Step, column_value

Owners = tuple[int, ...]
"""For each column of a value a bit for each input of the program that it depends on."""

APART = (Impute, MissingFlags, Scale, SmoothClip, RoundToFloat32, Activation, Clip)
"""Steps that treat each column by itself."""


def owners_of(program: Program) -> dict[str, Owners]:
    """Return who owns each column of each value of a program.

    Parameters
    ----------
    program
        A checked one.

    Returns
    -------
    dict
        By the value's name; the bits are in the order of the program's inputs.
    """
    owners: dict[str, Owners] = {
        column_value(each.name): (1 << place,) for place, each in enumerate(program.inputs)
    }
    for step in program.steps:
        read = [owners[name] for name in step.inputs]
        width = step.check(tuple(map(len, read)))
        owners[step.output] = _owned(step, read, width)
    return owners


def places(owner: int) -> list[int]:
    """Return the numbers of the bits that are set.

    Examples
    --------
    >>> places(0b101)
    [0, 2]
    """
    return [place for place in range(owner.bit_length()) if owner >> place & 1]


def _owned(step: Step, read: list[Owners], width: int) -> Owners:
    if isinstance(step, Constant):
        return (0,) * width
    if isinstance(step, SideBySide):
        return tuple(owner for each in read for owner in each)
    if isinstance(step, Blend):
        return tuple(_all(each) for each in zip(*read, strict=True))
    if isinstance(step, APART) or (isinstance(step, Link) and step.kind == "exponential"):
        return read[0]
    if isinstance(step, Ramps):
        return tuple(read[0][place] for place in step.source.tolist())
    if isinstance(step, Linear):
        return tuple(_all(_weighed(step, read[0], output)) for output in range(width))
    if isinstance(step, Trees):
        asked = np.unique(step.feature[step.feature >= 0]).tolist()
        return (_all([read[0][place] for place in asked]),) * width
    return (_all([owner for each in read for owner in each]),) * width


def _weighed(step: Linear, read: Owners, output: int) -> Iterator[int]:
    """Yield the owners of the columns that a sum takes, each only once."""
    taken = np.flatnonzero(step.weights[:, output])
    yield from {read[place] for place in taken.tolist()}


def _all(owners: Iterable[int]) -> int:
    together = 0
    for owner in owners:
        together |= owner
    return together
