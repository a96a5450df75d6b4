"""How an answer follows from the values of a program whose parts are exact."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

import numpy as np

from modelwright.data.records import Columns
from modelwright.predictor.attribution.owners import Owners, owners_of
from modelwright.predictor.attribution.slopes import Two, is_straight, slopes
from modelwright.predictor.operations.base import Floats, Value
from modelwright.predictor.operations.curves import Curves
from modelwright.predictor.operations.trees import Trees
from modelwright.predictor.program import Program, Step, column_value, raw_values

MOST_TOGETHER = 3
"""Raw columns that one number may depend on: every combination of them is tried."""
_ROWS_AT_ONCE = 1024


@dataclass(frozen=True)
class Source:
    """What an answer is led back to: its parts are exact.

    Parameters
    ----------
    name
        Of a value whose columns have few owners each.
    values
        Of the rows and of the others.
    step
        Trees or curves that read it, where the answer follows these; None where it follows the
        value itself.
    slope : ndarray of shape (rows, others, width)
        How far it does.
    """

    name: str
    values: Two
    step: Trees | Curves | None
    slope: Floats

    @property
    def followed(self) -> str:
        """The name of the value that the answer follows."""
        return self.name if self.step is None else self.step.output


@dataclass(frozen=True)
class Carried:
    """An answer as a sum over sources.

    Parameters
    ----------
    sources
        What it is led back to.
    owners
        Of every value.
    straight
        Whether the answer is nothing but a sum of them: then its parts are exact too.
    """

    sources: tuple[Source, ...]
    owners: Mapping[str, Owners]
    straight: bool


def carry_back(program: Program, rows: Columns, others: Columns, outputs: Value) -> Carried | None:
    """Lead the answers of a program back to values whose parts are exact.

    Parameters
    ----------
    program
        A checked one.
    rows, others
        Raw columns.
    outputs : ndarray of shape (rows,)
        Which column of the answer is meant, for each row.

    Returns
    -------
    Carried, or None
        None where a step on the way has no line.
    """
    owners = owners_of(program)
    every = {program.answer, *(name for step in program.steps for name in step.inputs)}
    numbers = {name for name in every if name not in _texts(program)}
    of_rows, of_others = (values_of(program, each, numbers) for each in (rows, others))
    values = {name: (of_rows[name], of_others[name]) for name in numbers}
    slope = {program.answer: _meant(outputs, of_rows[program.answer], of_others[program.answer])}
    sources, straight = [], True
    for step in reversed(program.steps):
        passed = slope.pop(step.output, None)
        if passed is None:
            continue
        if _few(owners[step.output]):
            sources.append(Source(step.output, values[step.output], None, passed))
            continue
        if isinstance(step, Trees | Curves) and _few(owners[step.inputs[0]]):
            sources.append(Source(step.inputs[0], values[step.inputs[0]], step, passed))
            continue
        if not values.keys() >= {*step.inputs}:
            # Texts have no line.
            return None
        led = slopes(step, [values[name] for name in step.inputs], values[step.output], passed)
        if led is None:
            return None
        straight = straight and is_straight(step)
        for name, each in zip(step.inputs, led, strict=True):
            slope[name] = slope[name] + each if name in slope else each
    sources += [Source(name, values[name], None, passed) for name, passed in slope.items()]
    return Carried(tuple(sources), owners, straight)


def values_of(program: Program, columns: Columns, wanted: Collection[str]) -> dict[str, Value]:
    """Return values of a program for rows, by their names.

    Parameters
    ----------
    program
        A checked one.
    columns
        The raw columns, one array per input.
    wanted
        Names of values.
    """
    steps = _leading_to(program, wanted)
    raw = raw_values(program.inputs, columns)
    count = len(next(iter(raw.values())))
    parts: dict[str, list[Value]] = {name: [] for name in wanted}
    for begin in range(0, max(1, count), _ROWS_AT_ONCE):
        some = slice(begin, begin + _ROWS_AT_ONCE)
        values = {name: each[some] for name, each in raw.items()}
        for step in steps:
            values[step.output] = step.run(*[values[name] for name in step.inputs])
        for name, kept in parts.items():
            kept.append(values[name])
    return {name: np.concatenate(kept) for name, kept in parts.items()}


def _leading_to(program: Program, wanted: Collection[str]) -> list[Step]:
    needed, steps = set(wanted), []
    for step in reversed(program.steps):
        if step.output in needed:
            needed.update(step.inputs)
            steps.append(step)
    return steps[::-1]


def _texts(program: Program) -> set[str]:
    return {column_value(each.name) for each in program.inputs if each.type != "number"}


def _meant(outputs: Value, answers: Floats, others: Floats) -> Floats:
    meant = np.eye(answers.shape[1])[outputs]
    return np.repeat(meant[:, None], len(others), axis=1)


def _few(owners: Owners) -> bool:
    return all(owner.bit_count() <= MOST_TOGETHER for owner in owners)
