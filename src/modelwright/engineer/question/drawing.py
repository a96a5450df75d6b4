"""The rows of the question's table that a short budget leaves time to learn from."""

from dataclasses import replace

import msgspec
import numpy as np
import polars as pl
from numpy.typing import NDArray

from modelwright.compute.budget import format_duration
from modelwright.data.sources.base import Reading
from modelwright.data.sources.sampling import drawn, is_drawn
from modelwright.data.values.cells import ALWAYS_MISSING, MISSING_AMONG_NUMBERS
from modelwright.documents import Plan
from modelwright.engineer.question.intake import Intake, fingerprint_of
from modelwright.tasks.targets import as_numbers

_BEGIN_S, _CELLS_A_SECOND, _FEWEST = 4.0, 250_000, 2_000
"""To load libraries takes some seconds of a processor; to read, plan, explore, judge and write, one
for a million cells, which may be a quarter of what is left. Fewer rows are not worth judging."""
_CELL_BYTES = 8


def in_time(intake: Intake, budget_s: float, target: str) -> Intake:
    """Return a table of which a budget leaves time to learn: rows are drawn where it has too many.

    Rows with an answer come first: all of them where they fit, and the others in what is left. How
    many depends on no clock, so that the same budget brings the same rows.

    Parameters
    ----------
    intake
        What was read; rows that memory does not hold were drawn already.
    budget_s
        For everything.
    target
        The column with the answers.
    """
    table = intake.table
    cells = max(table.height * table.width, table.estimated_size() / _CELL_BYTES)
    share = _CELLS_A_SECOND * max(0.0, budget_s - _BEGIN_S) / max(cells, 1)
    most = max(_FEWEST, int(table.height * share))
    if intake.others is not None or table.height <= most:
        return intake
    few = _drawn(intake, most, target)
    facts = few.facts.facts + _why(table, budget_s, target)
    return replace(few, facts=msgspec.structs.replace(few.facts, facts=facts))


def as_planned(intake: Intake, plan: Plan) -> Intake:
    """Return the rows that a plan was made from, whatever the budget is by now.

    Parameters
    ----------
    intake
        What was read.
    plan
        It says how many rows it had, and whether these were drawn.
    """
    stated = plan.table
    if intake.others is not None or not is_drawn(stated.facts):
        return intake
    if intake.table.height <= stated.rows:
        return intake
    return _drawn(intake, stated.rows, plan.target)


def _drawn(intake: Intake, most: int, target: str) -> Intake:
    reading = Reading(intake.table, intake.facts.facts)
    part = drawn(reading, most, first=_answered(intake.table, target))
    facts = msgspec.structs.replace(
        intake.facts, rows=most, fingerprint=fingerprint_of(part.frame), facts=part.facts
    )
    return replace(intake, table=part.frame, facts=facts)


def _why(table: pl.DataFrame, budget_s: float, target: str) -> tuple[str, ...]:
    why = f"A budget of {format_duration(budget_s)} is too short for all of them."
    known = int(_answered(table, target).sum())
    if known == table.height:
        return (why,)
    first = f"Rows with an answer came first: {known:,} of {table.height:,} rows have one."
    return (why, first)


def _answered(table: pl.DataFrame, target: str) -> NDArray[np.bool_]:
    if target not in table.columns:
        return np.ones(table.height, dtype=bool)
    answers = table[target]
    if answers.dtype.is_float():
        answers = answers.fill_nan(None)
    if answers.dtype == pl.String:
        answers = _texts(answers)
    return answers.is_not_null().to_numpy()


def _texts(answers: pl.Series) -> pl.Series:
    texts = answers.str.strip_chars()
    labels = texts.set(texts.is_in(ALWAYS_MISSING), None)
    numbers = labels.set(labels.is_in(MISSING_AMONG_NUMBERS), None)
    # Among words NA may be a country.
    return labels if as_numbers(numbers) is None else numbers
