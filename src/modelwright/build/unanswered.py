"""Rows to which a program has no answer: with them it cannot be judged."""

from modelwright.errors import InputError
from modelwright.learners.base import Rows
from modelwright.predictor.operations.base import Floats
from modelwright.predictor.program import Program

_MOST_NAMED = 5
"""Columns of a row that are told."""


def require_answers(program: Program, rows: Rows, answers: Floats) -> None:
    """Refuse answers of which a row has none.

    Raises
    ------
    InputError
        With the values of the first such row.
    """
    failed = program.unanswered(answers)
    if not failed.any():
        return
    row = int(failed.argmax())
    named = [each.name for each in program.inputs[:_MOST_NAMED]]
    values = ", ".join(f"{name} = {rows.columns[name].item(row)!r}" for name in named)
    more = ", …" if len(program.inputs) > _MOST_NAMED else ""
    raise InputError(
        f"The model cannot answer {int(failed.sum()):,} of {len(answers):,} rows that it is judged "
        f"by, the first with {values}{more}.",
        "Leave out the rows that it was not made for, or let the model answer them.",
    )
