"""What every kind of evidence is given, and what it gives back.

`find_leaks` calls each kind of evidence in turn. It may assume that every feature has at least two
values among the answered rows, and that `names` holds no column that was found before. It returns
certain leaks, which are taken away before the next kind is asked, and suspicious ones, which stay.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from itertools import islice
from typing import Self

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy.stats import spearmanr

from modelwright.data.schema import Schema
from modelwright.documents import Leak, Plan
from modelwright.explore.association import Strength, measure_column
from modelwright.explore.rest import Rest
from modelwright.explore.sample import Sample, answered, draw_sample, numbers_of
from modelwright.tasks.targets import encode_target

_LOOKED_AT, _FEWEST_ROWS = 5_000, 50
_FEWEST_TEXTS, _MOST_TEXT_COLUMNS = 30, 20
_IN_STEP = 0.99
"""The rank correlation of time and answers that rise with it."""


@dataclass(frozen=True)
class Case:
    """What is known of the table.

    Parameters
    ----------
    training
        All training rows, prepared.
    answered : ndarray of bool
        Which of them have an answer.
    sample
        Answered rows, bounded in number.
    rest
        What the features tell together.
    strengths
        What each feature tells alone.
    names
        The features that are not yet known to leak.
    moment
        The column with the moment of the prediction; may be empty.
    certain
        The leaks found so far.
    levels
        The sample and its rest with each number that is answered as a class, where a regression
        answers few different numbers; None otherwise.
    rises
        Whether numbers are answered that only grow, or only fall, as time goes on.
    target
        The name of the answer.
    time
        The column in whose order the rows happened; may be empty.
    """

    training: pl.DataFrame
    answered: NDArray[np.bool_]
    sample: Sample
    rest: Rest
    strengths: dict[str, Strength]
    names: tuple[str, ...]
    moment: str = ""
    certain: tuple[Leak, ...] = ()
    levels: tuple[Sample, Rest] | None = None
    rises: bool = False
    target: str = ""
    time: str = ""

    @classmethod
    def of(cls, plan: Plan, training: pl.DataFrame, schema: Schema) -> Self:
        """Draw a sample of training rows and measure what each feature of a schema tells."""
        sample = draw_sample(training, schema, target=plan.target, task=plan.task, seed=plan.seed)
        graded = sample.as_classes()
        return cls(
            training=training,
            answered=answered(training[plan.target], plan.task),
            sample=sample,
            rest=Rest(sample, seed=plan.seed),
            strengths={name: measure_column(sample, name) for name in sample.names},
            names=sample.names,
            moment=plan.moment,
            levels=None if graded is None else (graded, Rest(graded, seed=plan.seed)),
            rises=_rises(plan, training),
            target=plan.target,
            time=_time(plan, training),
        )

    @property
    def texts(self) -> tuple[str, ...]:
        """The columns of texts, too many to be levels; of many such columns the first."""
        texts = (
            name
            for name in self.names
            if name not in self.sample.numbers and self.sample.codes[name].max() >= _FEWEST_TEXTS
        )
        return tuple(islice(texts, _MOST_TEXT_COLUMNS))

    def by_class(self) -> Self | None:
        """Return the case as a classification, also where the answer is one of few numbers."""
        if self.sample.task.is_classification:
            return self
        if self.levels is None:
            return None
        sample, rest = self.levels
        return replace(self, sample=sample, rest=rest)

    def found(self, leaks: Collection[Leak]) -> Self:
        """Return the case without the columns of these leaks."""
        gone = {name for leak in leaks for name in leak.columns}
        return replace(
            self,
            names=tuple(name for name in self.names if name not in gone),
            certain=(*self.certain, *leaks),
        )

    def rest_without(self, names: Collection[str]) -> Strength:
        """Return what the weaker columns tell together; see `left_out`."""
        return self.rest.without(self.left_out(names))

    def left_out(self, names: Collection[str]) -> set[str]:
        """Return the features that are leaks, named here, or nearly sufficient alone.

        The last ones are left out because leaks seldom come alone, and each would hide the gap
        that gives the other away.
        """
        gone = set(self.sample.names) - set(self.names)
        sufficient = {name for name in self.names if self.strengths[name].unexplained <= SUFFICIENT}
        return gone | sufficient | set(names)


SUFFICIENT = 0.05
"""A column that leaves less than this open is nearly sufficient alone."""

KNOWN = "Was it known at the moment of the prediction?"
"""What a person is asked about a suspicious column."""

Evidence = Callable[[Case], list[Leak]]


def in_percent(fraction: float) -> str:
    """Write a fraction for a sentence, never rounded up to all or down to nothing.

    Examples
    --------
    >>> in_percent(0.25), in_percent(0.99999), in_percent(1.0)
    ('25 %', '99.999 %', '100 %')
    """
    for digits in range(6):
        text = f"{100 * fraction:.{digits}f}"
        if float(text) not in (0.0, 100.0) or fraction in (0.0, 1.0):
            break
    return f"{text} %"


def _time(plan: Plan, training: pl.DataFrame) -> str:
    """Return the column that orders the rows: of the split, of the moment, else the only date."""
    dates = [each.name for each in training if each.dtype.is_temporal()]
    by_split = plan.split.column if plan.split.kind == "time" else ""
    named = [
        name
        for name in (by_split, plan.moment)
        if name in training.columns and training[name].dtype != pl.String
    ]
    return next(iter((*named, *(dates if len(dates) == 1 else ()))), "")


def _rises(plan: Plan, training: pl.DataFrame) -> bool:
    if plan.task.is_classification:
        return False
    some = training.gather_every(max(1, len(training) // _LOOKED_AT))
    answers = encode_target(some[plan.target], plan.task)
    named = (plan.moment, plan.split.column if plan.split.kind == "time" else "")
    return any(
        _are_in_step(numbers_of(each), answers)
        for each in some.drop(plan.target)
        if each.dtype.is_temporal() or (each.name in named and each.dtype.is_numeric())
    )


def _are_in_step(times: NDArray[np.float64], answers: NDArray[np.float64]) -> bool:
    known = np.isfinite(times) & np.isfinite(answers)
    if known.sum() < _FEWEST_ROWS or not np.ptp(times[known]) or not np.ptp(answers[known]):
        return False
    return abs(float(spearmanr(times[known], answers[known]).statistic)) >= _IN_STEP
