"""The encoding of a program as features that a person would name."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from modelwright.learners.features.formula import OWN
from modelwright.learners.networks.encoding import NETWORK_READS
from modelwright.predictor.operations.categories import FIRST_LEVEL_CODE, Codes, CodeTable
from modelwright.predictor.operations.dates import DateParts
from modelwright.predictor.operations.linear import Columns as SideBySide
from modelwright.predictor.operations.linear import Linear
from modelwright.predictor.operations.numbers import RoundToFloat32, Scale
from modelwright.predictor.operations.text import TokenWeights
from modelwright.predictor.program import Program, Step, column_of


@dataclass(frozen=True)
class Feature:
    """One or several columns of the matrix.

    Parameters
    ----------
    kind
        A class of the project: ``"Number"``, ``"Moment"``, ``"Days"``, ``"Category"``,
        ``"Cross"``, ``"Topics"``, ``"Flags"``, or a block of a design matrix.
    columns
        The raw columns: one, or two of a cross and of the days between.
    options
        Further arguments of the class.
    """

    kind: str
    columns: tuple[str, ...]
    options: Mapping[str, object] = field(default_factory=dict)


def features_of(program: Program, encoding: str) -> tuple[Feature, ...] | None:
    """Return the features of a member's matrix, in order.

    Parameters
    ----------
    program
        The member's.
    encoding
        The value that its library learned from.

    Returns
    -------
    tuple of Feature, or None
        None where a step cannot be learned again by the project, such as a column of zeros.
    """
    steps = {step.output: step for step in program.steps}
    matrix = steps.get(encoding)
    while isinstance(matrix, RoundToFloat32):
        matrix = steps.get(matrix.inputs[0])
    if not isinstance(matrix, SideBySide):
        return None
    found = [_feature(name, steps) for name in matrix.inputs]
    return None if None in found else tuple(each for each in found if each is not None)


def embedded_of(program: Program) -> tuple[Feature, ...]:
    """Return the codes of the categories that a network embeds, in order."""
    steps = {step.output: step for step in program.steps}
    read = steps.get(NETWORK_READS)
    found = [steps.get(name) for name in read.inputs] if read else []
    codes = [steps[step.inputs[0]] for step in found if isinstance(step, CodeTable)]
    coded = [(raw_column(step),) for step in codes]
    return tuple(Feature("Code", each, {"of": Feature("Category", each)}) for each in coded)


def raw_column(step: Step) -> str:
    """Return the raw column that a step reads."""
    return column_of(step.inputs[0])


def _feature(name: str, steps: Mapping[str, Step]) -> Feature | None:
    if name.startswith(OWN):
        return None
    if column_of(name) != name and name not in steps:
        return Feature("Number", (column_of(name),))
    step = steps.get(name)
    if isinstance(step, DateParts):
        return Feature("Moment", (raw_column(step),), {"parts": step.parts})
    if isinstance(step, RoundToFloat32):
        return _topics(steps[step.inputs[0]])
    if isinstance(step, Scale):
        return _flags(steps[step.inputs[0]])
    if isinstance(step, Linear):
        return _days(step, steps)
    if not isinstance(step, CodeTable):
        return None
    coded = steps[step.inputs[0]]
    if isinstance(coded, Codes):
        return _category(step, coded)
    return _cross(coded, steps) if isinstance(coded, Linear) else None


def _category(step: CodeTable, coded: Codes) -> Feature:
    """Tell what stands beside the rank: a column per level, or target means."""
    further = step.table[FIRST_LEVEL_CODE:, 1:]
    levels = len(coded.levels)
    each_level = further.shape == (levels, levels) and bool((further == np.eye(levels)).all())
    beside = "level" if further.size and each_level else "mean" if further.shape[1] else ""
    options = {"beside": beside} if beside else {}
    return Feature("Category", (raw_column(coded),), options)


def _topics(step: Step) -> Feature | None:
    if not isinstance(step, TokenWeights):
        return None
    options = {"components": step.weights.shape[1], **_lengths(step)}
    return Feature("Topics", (raw_column(step),), options)


def _flags(step: Step) -> Feature | None:
    if not isinstance(step, TokenWeights):
        return None
    return Feature("Flags", (raw_column(step),), {"most": len(step.vocabulary), **_lengths(step)})


def _lengths(step: TokenWeights) -> dict[str, object]:
    """Return how long runs of characters are, where they stand for words."""
    return {"lengths": step.lengths} if step.analyzer == "character" else {}


def _days(apart: Linear, steps: Mapping[str, Step]) -> Feature | None:
    both = steps[apart.inputs[0]]
    if not isinstance(both, SideBySide) or not np.array_equal(apart.weights, [[-1.0], [1.0]]):
        return None
    return Feature("Days", tuple(raw_column(steps[name]) for name in both.inputs))


def _cross(code: Linear, steps: Mapping[str, Step]) -> Feature | None:
    pair = steps[code.inputs[0]]
    if not isinstance(pair, SideBySide) or len(pair.inputs) != 2:
        return None
    return Feature("Cross", tuple(raw_column(steps[name]) for name in pair.inputs))
