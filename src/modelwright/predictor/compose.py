"""Several programs made one: steps that are the same are kept once."""

from collections.abc import Sequence

import msgspec
import numpy as np

from modelwright.predictor.operations.answers import Blend
from modelwright.predictor.operations.base import Value
from modelwright.predictor.program import Input, Program, Step
from modelwright.tasks.rule import Rule


def blend_programs(programs: Sequence[Program], weights: Sequence[float]) -> Program:
    """Return the program that answers with the weighted mean of several.

    Parameters
    ----------
    programs
        Members that answer the same task.
    weights
        One per member; they are divided by their sum.

    Raises
    ------
    ValueError
        When there is no member or not one weight each.
    """
    if not programs or len(programs) != len(weights):
        raise ValueError("Blending takes one weight for each of at least one program.")
    if len(programs) == 1:
        return programs[0]
    steps, answers = _merge(programs)
    total = float(sum(weights))
    shares = tuple(float(weight) / total for weight in weights)
    blend = Blend(inputs=tuple(answers), output="blend", weights=shares)
    return msgspec.structs.replace(
        programs[0],
        inputs=_all_inputs(programs),
        steps=(*steps, blend),
        answer=blend.output,
        threshold=0.5,
        weights=(),
        coverage=None,
    )


def ruled_by(program: Program, rule: Rule) -> Program:
    """Return the program with another rule by which it chooses classes."""
    return msgspec.structs.replace(program, threshold=rule.threshold, weights=rule.weights)


def append_step(program: Program, step: Step) -> Program:
    """Return the program whose answer goes through one more step.

    The step's `inputs` and `output` are set here. What the program stated of its answers does not
    hold of others: the coverage is left out.
    """
    output = f"s{len(program.steps)}.{step.__struct_config__.tag}"
    last = msgspec.structs.replace(step, inputs=(program.answer,), output=output)
    steps = (*program.steps, last)
    return msgspec.structs.replace(program, steps=steps, answer=output, coverage=None)


def add_answer(program: Program, other: Program) -> Program:
    """Return the program that answers with the sum of two; its own steps stay as they are.

    Parameters
    ----------
    program, other
        Both answer with one number.
    """
    steps: list[Step] = [*program.steps]
    renamed: dict[str, str] = {}
    for step in other.steps:
        inputs = tuple(renamed.get(name, name) for name in step.inputs)
        renamed[step.output] = f"s{len(steps)}.{step.__struct_config__.tag}"
        steps.append(msgspec.structs.replace(step, inputs=inputs, output=renamed[step.output]))
    output = f"s{len(steps)}.blend"
    answers = (program.answer, renamed[other.answer])
    total = Blend(inputs=answers, output=output, weights=(1.0, 1.0))
    return msgspec.structs.replace(
        program,
        inputs=_all_inputs([program, other]),
        steps=(*steps, total),
        answer=output,
        coverage=None,
    )


def _merge(programs: Sequence[Program]) -> tuple[list[Step], list[str]]:
    merged: list[Step] = []
    names: dict[tuple[object, ...], str] = {}
    answers = []
    for program in programs:
        renamed: dict[str, str] = {}
        for step in program.steps:
            moved = msgspec.structs.replace(
                step, inputs=tuple(renamed.get(name, name) for name in step.inputs)
            )
            key = _identity(moved)
            if key not in names:
                names[key] = f"s{len(merged)}.{step.__struct_config__.tag}"
                merged.append(msgspec.structs.replace(moved, output=names[key]))
            renamed[step.output] = names[key]
        answers.append(renamed[program.answer])
    return merged, answers


def _identity(step: Step) -> tuple[object, ...]:
    """Return what two steps have in common that compute the same."""
    fields = (name for name in step.__struct_fields__ if name != "output")
    return (type(step), *(_frozen(getattr(step, name)) for name in fields))


def _frozen(parameter: object) -> object:
    if isinstance(parameter, np.ndarray):
        array: Value = parameter
        return (array.dtype.str, array.shape, array.tobytes())
    return parameter


def _all_inputs(programs: Sequence[Program]) -> tuple[Input, ...]:
    return tuple({each.name: each for program in programs for each in program.inputs}.values())
