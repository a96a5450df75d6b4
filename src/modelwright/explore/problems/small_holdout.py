"""Whether the holdout can show the gain that is asked for."""

from collections.abc import Iterator

from modelwright.documents import Risk
from modelwright.explore.problems.base import Subject
from modelwright.learners.baseline import Rule
from modelwright.tasks.intervals import paired_difference


def find_small_holdout(subject: Subject) -> Iterator[Risk]:
    """Tell that the holdout cannot tell the expected gain over a simple rule from chance."""
    rehearsal = subject.rehearsal
    if rehearsal is None:
        return
    asked, metric, units = rehearsal.asked, rehearsal.metric, rehearsal.units
    gain = paired_difference(
        metric,
        rehearsal.truth[asked],
        rehearsal.taken(rehearsal.answers, asked),
        rehearsal.taken(rehearsal.answer(rehearsal.folds, learner=Rule()), asked),
        groups=None if units is None else units[asked],
    )
    held = _holdout_rows(subject)
    # The error of a mean shrinks with the root of the rows.
    reach = (gain.high - gain.value) * (len(asked) / held) ** 0.5
    if gain.value >= reach:
        return
    yield Risk(
        name="small holdout",
        sentence=f"The holdout of about {held:,} rows can tell a gain of {reach:.3g} in "
        f"{metric.title} from chance; a quick model gains {gain.value:.3g} over a simple rule"
        f"{_needed(held, reach, gain.value)}.",
        severity="warning",
    )


def _holdout_rows(subject: Subject) -> int:
    fraction = subject.plan.split.holdout_fraction
    return max(1, round(len(subject.rows) * fraction / (1 - fraction)))


def _needed(held: int, reach: float, gain: float) -> str:
    if gain <= 0:
        return ", which is nothing"
    return f", to see which takes about {float(f'{held * (reach / gain) ** 2:.2g}'):,.0f} rows"
