"""Whether live rows are distributed as the training rows were, column by column.

Each column is tested by `comparison.compare_counts`, and the p-values are corrected for their
number, so that a checkup of rows that did not change reports a change, be it a note or an alarm,
at most as often as stated. With many rows every difference is certain, so an alarm also needs one
that matters: a Jensen-Shannon distance of 0.1 beyond what sampling explains. That is a mean moved
by a quarter of a standard deviation, or a share of 10 % that becomes 18 %.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from modelwright.data.schema import Column, Kind
from modelwright.documents import ColumnDrift
from modelwright.maintain.inputs.blocks import count_in_blocks
from modelwright.maintain.inputs.comparison import Comparison, compare_counts, hold_family
from modelwright.maintain.inputs.description import describe_change
from modelwright.maintain.inputs.faults import Fault, find_fault
from modelwright.maintain.log.live_rows import LiveRows
from modelwright.maintain.look.tallies import CATEGORIES
from modelwright.predictor.bundle import Bundle
from modelwright.predictor.operations.base import Value
from modelwright.predictor.reference.beyond import Beyond
from modelwright.predictor.reference.distribution import Distribution
from modelwright.predictor.reference.reference import answer_values

ANSWERS = "(answers)"
"""Stands for a column's name where the answers of the model are meant."""
FEWEST_ROWS = 100
"""Fewer rows say nothing about a distribution."""
_ALARMING = 0.1

_Verdict = Literal["steady", "note", "alarm"]


@dataclass(frozen=True)
class Change:
    """How a column changed, and what looks broken in it.

    Parameters
    ----------
    drift
        For the document.
    fault
        As `find_fault` says it; None where nothing looks broken.
    """

    drift: ColumnDrift
    fault: Fault | None = None

    @property
    def is_alarm(self) -> bool:
        """Whether the change is certain and large."""
        return self.drift.verdict == "alarm"


def measure_drift(
    bundle: Bundle, rows: LiveRows, blocks: NDArray[np.int64], *, false_alarm_rate: float
) -> tuple[Change, ...]:
    """Compare every feature and the answers with training, the largest change first.

    Parameters
    ----------
    bundle
        Its reference holds the training rows.
    rows
        The live rows.
    blocks : ndarray of shape (rows,)
        The independent block of each row.
    false_alarm_rate
        How often rows that did not change may be reported, over all columns together.

    Returns
    -------
    tuple of Change
        Empty below a hundred rows.
    """
    if len(rows) < FEWEST_ROWS:
        return ()
    watched = _watch(bundle, rows, blocks)
    compared = [compare_counts(np.array(each.trained.counts), each.counts) for each in watched]
    p_values = hold_family(np.array([each.p_value for each in compared]))
    changes = [
        _change(each, comparison, p_value=float(p_value), limit=false_alarm_rate)
        for each, comparison, p_value in zip(watched, compared, p_values, strict=True)
    ]
    return tuple(sorted(changes, key=_rank))


@dataclass(frozen=True)
class _Watched:
    """A feature, or the answers where `column` is None, with its rows then and now.

    `trained` are the rows that were answered, `unheard` the part of the rows now whose level no
    training row had, `beyond` that of a window of training whose level no earlier one had.
    """

    column: Column | None
    is_used: bool
    trained: Distribution
    values: Value
    counts: NDArray[np.int64]
    unheard: float = 0.0
    beyond: float = 0.0

    @property
    def is_heard(self) -> bool:
        """Whether most of the levels that answered rows did not have are of other training rows."""
        return bool(2 * self.unheard * len(self.values) < self.counts[:, -2].sum())


def _watch(bundle: Bundle, rows: LiveRows, blocks: NDArray[np.int64]) -> list[_Watched]:
    used = {each.name for each in bundle.program.inputs}

    reference = bundle.reference

    def watch(column: Column | None, trained: Distribution, values: Value) -> _Watched:
        counts = count_in_blocks(trained, values, blocks)
        if column is None:
            return _Watched(None, True, trained, values, counts)
        new = reference.unknown(column.name, values) if column.kind in CATEGORIES else ()
        unheard = float(np.mean([value in new for value in values])) if new else 0.0
        beyond = reference.roughness.further.get(column.name, Beyond()).levels
        return _Watched(column, column.name in used, trained, values, counts, unheard, beyond)

    answers = answer_values(bundle.program.task, rows.answers)
    return [
        watch(None, reference.answers, answers),
        *(
            watch(column, reference.columns[column.name], rows.columns[column.name])
            for column in bundle.schema
        ),
    ]


def _change(watched: _Watched, comparison: Comparison, *, p_value: float, limit: float) -> Change:
    verdict = _verdict(watched, comparison) if p_value <= limit else "steady"
    counts, column = watched.counts.sum(axis=0), watched.column
    fault = None
    if verdict == "alarm" and column is not None:
        new = watched.unheard if watched.unheard > watched.beyond else 0.0
        fault = find_fault(
            column, watched.trained, values=watched.values, counts=counts, unheard=new
        )
    title = "The answers" if column is None else repr(column.name)
    drift = ColumnDrift(
        column=ANSWERS if column is None else column.name,
        distance=comparison.distance,
        p_value=p_value,
        verdict=verdict,
        sentence=f"{title}: as before."
        if verdict == "steady"
        else describe_change(title, watched.trained, counts, heard=watched.is_heard),
    )
    return Change(drift, fault)


def _verdict(watched: _Watched, comparison: Comparison) -> _Verdict:
    # Time passes, so a moment always drifts; and what the model does not read cannot harm it.
    is_moment = watched.column is not None and watched.column.kind == Kind.DATETIME
    matters = comparison.excess > _ALARMING and watched.is_used and not is_moment
    return "alarm" if matters else "note"


def _rank(change: Change) -> tuple[int, float]:
    return ["alarm", "note", "steady"].index(change.drift.verdict), -change.drift.distance
