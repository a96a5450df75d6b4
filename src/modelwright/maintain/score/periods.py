"""The score by time: parts of the rows, estimated and realised side by side."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from modelwright.documents import PeriodScore
from modelwright.errors import InputError
from modelwright.maintain.inputs.blocks import block_rows
from modelwright.maintain.log.live_rows import LiveRows
from modelwright.maintain.remedies.past import in_order, labelled_part, part_of
from modelwright.maintain.score.estimate import Agreement, Estimate, Estimator
from modelwright.maintain.score.performance import FEWEST_LABELS
from modelwright.predictor.expectation.drawing import taken_by
from modelwright.tasks.interval import Interval
from modelwright.tasks.intervals import bootstrap_interval

PERIOD_ROWS = 250
"""Of a period, at least, where there are several."""
_MOST_PERIODS = 12
_RESAMPLES, _DRAWS = 200, 100


_NOTHING = Estimate(None, "There are no rows.")


@dataclass(frozen=True)
class Course:
    """How the score went, and the estimate for all rows.

    Parameters
    ----------
    periods
        The oldest first.
    agreements
        Of the periods with labels, in their order.
    estimate
        Of all rows together.
    """

    periods: tuple[PeriodScore, ...] = ()
    agreements: tuple[Agreement, ...] = ()
    estimate: Estimate = _NOTHING


def follow_score(
    estimator: Estimator, rows: LiveRows, *, earlier: Sequence[Agreement] = (), fault: str = ""
) -> Course:
    """Score rows period by period: what would have been estimated, and what came true.

    Each period is estimated from what was known before it: the training, and periods with labels.

    Parameters
    ----------
    estimator
        The model and the metric.
    rows
        In any order.
    earlier
        How windows before these rows agreed.
    fault
        What is known to be broken in the rows; empty for nothing.
    """
    agreements, periods = list(earlier), list[PeriodScore]()
    for part in parts_in_time(rows):
        known = labelled_part(part)
        foreseen = estimator.foresee(part, draws=_DRAWS)
        estimate = estimator.estimate(part, foreseen, before=agreements)
        of_known = foreseen if known is part else estimator.foresee(known, draws=_DRAWS)
        agreement = estimator.agreement(known, of_known)
        periods.append(_period(estimator, part, known, estimate))
        agreements += [agreement] if agreement else []
    whole = estimator.estimate(rows, estimator.foresee(rows), before=agreements, fault=fault)
    return Course(tuple(periods), tuple(agreements), whole)


def parts_in_time(rows: LiveRows) -> Iterator[LiveRows]:
    """Yield the rows in at most twelve parts, in the order of time; few rows are one part."""
    ordered = in_order(rows)
    count = min(_MOST_PERIODS, max(1, len(rows) // PERIOD_ROWS))
    for part in np.array_split(np.arange(len(rows)), count):
        if len(part):
            yield part_of(ordered, int(part[0]), int(part[-1]) + 1)


def realised_score(estimator: Estimator, known: LiveRows) -> Interval | None:
    """Return the score of labelled rows; None where they are too few, or it is undefined."""
    if len(known) < FEWEST_LABELS:
        return None
    try:
        return bootstrap_interval(
            estimator.metric,
            known.truth,
            taken_by(estimator.metric, estimator.bundle.program, known.answers),
            groups=block_rows(known.times, len(known)),
            resamples=_RESAMPLES,
            seed=estimator.bundle.facts.seed,
        )
    except InputError:
        # All labels are of one class, for example: the metric is undefined.
        return None


def _period(
    estimator: Estimator, part: LiveRows, known: LiveRows, estimate: Estimate
) -> PeriodScore:
    since, until = part.span
    return PeriodScore(
        since=since,
        until=until,
        rows=len(part),
        labelled=len(known),
        estimated=estimate.score,
        realised=realised_score(estimator, known),
        reason="" if estimate.score else estimate.reason,
    )
