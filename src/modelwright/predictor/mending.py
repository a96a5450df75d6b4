"""Programs that read their columns otherwise than they did: a break outside is mended inside.

Each function returns a new program whose first steps undo what happened to a column. The rest of
the program stays, bit for bit, so that sound rows that are mended the other way round are answered
as before.
"""

from collections.abc import Callable, Iterator, Mapping

import msgspec
import numpy as np

from modelwright.errors import InputError
from modelwright.predictor.operations.categories import (
    FIRST_LEVEL_CODE,
    MISSING_CODE,
    RARE_CODE,
    UNKNOWN_CODE,
    Codes,
    CodeTable,
)
from modelwright.predictor.operations.linear import Constant
from modelwright.predictor.operations.numbers import Impute, Scale
from modelwright.predictor.program import Program, Step, check_program, column_value

_NO_LIMIT = 1e300
"""A scale clips; this is where it may, as nothing is measured so far out."""


def convert_column(program: Program, name: str, *, factor: float, offset: float) -> Program:
    """Return the program that reads a column of numbers as ``(value - offset) / factor``.

    Parameters
    ----------
    program
        The model.
    name
        The column.
    factor, offset
        What happened to it: ``new = factor * old + offset``, with a factor above zero.

    Examples
    --------
    >>> from modelwright.predictor.operations.linear import Columns
    >>> from modelwright.predictor.program import Input
    >>> from modelwright.tasks.task import Task
    >>> celsius = Program(
    ...     task=Task(kind="regression"),
    ...     inputs=(Input(name="temp", type="number"),),
    ...     steps=(Columns(inputs=("column:temp",), output="same"),),
    ...     answer="same",
    ... )
    >>> convert_column(celsius, "temp", factor=1.8, offset=32.0).run({"temp": np.array([212.0])})
    array([[100.]])
    """
    return _before(
        program,
        name,
        lambda raw, output: Scale(
            inputs=(raw,),
            output=output,
            center=np.array([float(offset)]),
            scale=np.array([float(factor)]),
            limit=_NO_LIMIT,
        ),
    )


def fill_column(program: Program, name: str, *, value: float) -> Program:
    """Return the program that reads a number where a value of a column is missing."""
    return _before(
        program,
        name,
        lambda raw, output: Impute(inputs=(raw,), output=output, fill=np.array([float(value)])),
    )


def hold_column(program: Program, name: str, *, value: float | str | None) -> Program:
    """Return the program that does not look at a column: it takes each row for the same.

    Parameters
    ----------
    program
        The model.
    name
        A column of numbers or of categories.
    value
        What it takes the column for; None for a missing category.

    Raises
    ------
    InputError
        When the column is read as a moment or as words.
    """
    if isinstance(value, float):
        return _before(
            program,
            name,
            lambda raw, output: Constant(inputs=(raw,), output=output, answer=np.array([value])),
        )
    raw = column_value(name)
    _require_codes(program, name)
    steps = tuple(_held(step, value) if raw in step.inputs else step for step in program.steps)
    return _checked(program, steps)


def swap_columns(program: Program, one: str, other: str) -> Program:
    """Return the program that reads each of two columns where it read the other."""
    names = {column_value(one): column_value(other), column_value(other): column_value(one)}
    return _checked(program, tuple(_renamed(step, names) for step in program.steps))


def rename_levels(program: Program, name: str, levels: Mapping[str, str]) -> Program:
    """Return the program that reads new levels of a column as levels that it knows.

    Parameters
    ----------
    program
        The model.
    name
        A column of categories.
    levels
        The level that a new one stands for, by the new one.

    Raises
    ------
    InputError
        When the column is read as words.
    """
    _require_codes(program, name)
    raw, steps = column_value(name), list[Step]()
    for step in program.steps:
        if isinstance(step, Codes) and raw in step.inputs:
            steps.extend(_aliased(step, levels))
        else:
            steps.append(step)
    return _checked(program, tuple(steps))


def reads_codes_alone(program: Program, name: str) -> bool:
    """Say whether a column is read by its codes only, and not as words too."""
    raw = column_value(name)
    readers = [step for step in program.steps if raw in step.inputs]
    return bool(readers) and all(isinstance(step, Codes) for step in readers)


def known_levels(program: Program, name: str) -> frozenset[str]:
    """Return the levels of a column that the program tells apart from what it does not know."""
    raw = column_value(name)
    readers = (each for each in program.steps if isinstance(each, Codes) and raw in each.inputs)
    return frozenset(level for each in readers for level in (*each.levels, *each.rare))


def _before(program: Program, name: str, make: Callable[[str, str], Step]) -> Program:
    raw = column_value(name)
    output = f"mended{len(program.steps)}:{name}"
    others = (_renamed(step, {raw: output}) for step in program.steps)
    return _checked(program, (make(raw, output), *others))


def _renamed(step: Step, names: Mapping[str, str]) -> Step:
    if not names.keys() & set(step.inputs):
        return step
    inputs = tuple(names.get(each, each) for each in step.inputs)
    return msgspec.structs.replace(step, inputs=inputs)


def _held(step: Step, level: float | str | None) -> Step:
    code = MISSING_CODE
    if isinstance(step, Codes) and isinstance(level, str):
        code = _code_of(step, level)
    return Constant(inputs=step.inputs, output=step.output, answer=np.array([float(code)]))


def _aliased(step: Codes, levels: Mapping[str, str]) -> Iterator[Step]:
    codes = {new: _code_of(step, old) for new, old in levels.items()}
    known = {new: code for new, code in codes.items() if code not in (UNKNOWN_CODE, RARE_CODE)}
    rare = (new for new, code in codes.items() if code == RARE_CODE)
    if both := codes.keys() & set(step.levels):
        raise InputError(f"The model knows {min(both)!r}: it cannot stand for another level.")
    raw = f"{step.output}:{len(step.levels)}"
    extended = msgspec.structs.replace(
        step,
        output=raw,
        levels=(*step.levels, *known),
        rare=(*step.rare, *(level for level in rare if level not in step.rare)),
    )
    table = np.arange(FIRST_LEVEL_CODE + len(extended.levels), dtype=np.float64)
    table[FIRST_LEVEL_CODE + len(step.levels) :] = list(known.values())
    yield extended
    yield CodeTable(inputs=(raw,), output=step.output, table=table[:, None])


def _code_of(step: Codes, level: str) -> int:
    if level in step.levels:
        return FIRST_LEVEL_CODE + step.levels.index(level)
    return RARE_CODE if level in step.rare else UNKNOWN_CODE


def _require_codes(program: Program, name: str) -> None:
    if not reads_codes_alone(program, name):
        raise InputError(
            f"The model does not read {name!r} as categories alone.",
            "Mend the column where it comes from.",
        )


def _checked(program: Program, steps: tuple[Step, ...]) -> Program:
    mended = msgspec.structs.replace(program, steps=steps)
    check_program(mended)
    return mended
