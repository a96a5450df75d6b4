"""Rows that the model has no answer to: the others are judged, and people are told."""

import msgspec
import numpy as np

from modelwright.documents import Cause, Health
from modelwright.maintain.log.live_rows import LiveRows
from modelwright.maintain.remedies.past import rows_at
from modelwright.maintain.wording import percent
from modelwright.predictor.program import Program

_MOST = 0.01
"""The part of all rows beyond which something has to be done, as of a model that serves."""


def answered_part(rows: LiveRows, program: Program) -> LiveRows:
    """Return the rows that the model has an answer to.

    Parameters
    ----------
    rows
        With what the program answers.
    program
        The model.
    """
    failed = program.unanswered(rows.answers)
    return rows_at(rows, np.flatnonzero(~failed)) if failed.any() else rows


def tell_unanswered(health: Health, given: LiveRows, program: Program) -> Health:
    """Return a health that says how many rows had no answer; more than one in a hundred alarm.

    Parameters
    ----------
    health
        What is said of `answered_part`.
    given
        All rows.
    program
        The model.
    """
    failed = program.unanswered(given.answers)
    if not (count := int(failed.sum())):
        return health
    sentence = (
        f"The model has no answer to {count:,} of {len(given):,} rows "
        f"({percent(count / len(given))}), the first is row {int(failed.argmax()) + 1:,}: look for "
        "values that it was not made for."
    )
    if count <= _MOST * len(given):
        return msgspec.structs.replace(health, sentence=f"{health.sentence} {sentence}")
    first = health.healthy or not health.causes
    return msgspec.structs.replace(
        health,
        rows=len(given),
        healthy=False,
        action="fix input" if first else health.action,
        sentence=sentence if first else f"{health.sentence} {sentence}",
        causes=(*health.causes, Cause(kind="no answer", sentence=sentence)),
    )
