"""Members that are carried over as they were learned, as steps with their numbers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray

from modelwright.build.source.columns import Feature
from modelwright.predictor.operations.dates import DateParts
from modelwright.predictor.program import Program, Step, column_value

OPERATIONS = frozenset(
    (
        *("impute", "missing_flags", "scale", "smooth_clip", "round_to_float32", "codes"),
        *("code_table", "token_weights", "constant", "columns", "linear", "ramps"),
        *("curves", "activation", "trees", "link", "clip", "blend"),
    )
)
"""Those that the project has a function for."""
_MANY = 1_000


@dataclass(frozen=True)
class Carried:
    """A member that the project does not learn again.

    Parameters
    ----------
    name, title
        Of its file, and what people read.
    reason
        Why, as a clause.
    weight
        Of the blend.
    reads
        How columns are read, by the value that they are to the steps.
    steps
        What it does with them.
    answer
        The value that is its answer.
    """

    name: str
    title: str
    reason: str
    weight: float
    reads: Mapping[str, Feature]
    steps: tuple[Step, ...]
    answer: str

    @property
    def operations(self) -> frozenset[str]:
        """The operations that it uses."""
        return frozenset(_tag(step) for step in self.steps)

    def numbers(self) -> str:
        """Return its file as JSON, a step a line."""
        lines = ",\n".join(msgspec.json.encode(_plain(step)).decode() for step in self.steps)
        answer = msgspec.json.encode(self.answer).decode()
        return f'{{"answer": {answer}, "steps": [\n{lines}\n]}}\n'


def carry(name: str, title: str, reason: str, *, weight: float, program: Program) -> Carried | None:
    """Return a member as it was learned; None where it does what the project has no function for.

    Parameters
    ----------
    name, title, reason, weight
        As `Carried` has them.
    program
        The member's. Parts of moments are read as features, and no steps of their own.
    """
    dates = [step for step in program.steps if isinstance(step, DateParts)]
    steps = tuple(step for step in program.steps if not isinstance(step, DateParts))
    if not {_tag(step) for step in steps} <= OPERATIONS:
        return None
    return Carried(
        name, title, reason, weight, _reads(program, dates, steps), steps, program.answer
    )


def _reads(
    program: Program, dates: Sequence[DateParts], steps: Sequence[Step]
) -> dict[str, Feature]:
    raw = {column_value(each.name): each for each in program.inputs}
    read = {name for step in steps for name in step.inputs} & set(raw)
    # A moment that is no date to any step only counts rows.
    kinds = {"number": "Number", "string": "Text", "datetime": "Text"}
    found = {
        value: Feature(kinds[each.type], (each.name,))
        for value, each in raw.items()
        if value in read
    }
    for step in dates:
        name = raw[step.inputs[0]].name
        found[step.output] = Feature("Moment", (name,), {"parts": step.parts})
    return found


def _plain(step: Step) -> dict[str, Any]:
    fields = {name: getattr(step, name) for name in step.__struct_fields__}
    short = {
        name: written
        for name, value in fields.items()
        if isinstance(value, np.ndarray) and (written := _in_few_digits(value)) is not None
    }
    plain = {
        name: value.tolist() if isinstance(value, np.ndarray) else value
        for name, value in (fields | short).items()
    }
    return {"operation": _tag(step), "in_float32": sorted(short), **plain}


def _in_few_digits(numbers: NDArray[Any]) -> NDArray[np.float64] | None:
    """Return numbers that float32 holds with as few digits as tell them apart there; else None.

    A network learns in float32: its numbers take half the room so.
    """
    if numbers.dtype != np.float64 or numbers.size < _MANY:
        return None
    with np.errstate(over="ignore"):
        single = numbers.astype(np.float32)
    written = single.astype(str).astype(np.float64)
    exact = np.array_equal(single, numbers) and np.array_equal(written.astype(np.float32), single)
    return written if exact else None


def _tag(step: Step) -> str:
    return str(step.__struct_config__.tag)
