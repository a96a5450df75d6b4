"""How long learners will take, and which of them are worth their time."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import ceil

from modelwright.compute.budget import format_duration
from modelwright.compute.parallel import cores
from modelwright.learners.settings import settings_of
from modelwright.plan.probes import Probe

# What build does with its time: these mirror its shares, which the plan cannot import.
_SEARCH_SHARE = 0.53
"""Of the budget, for folds and refits; the rest is for deploy, blending and the holdout."""
_SHARE_OF_ONE = 0.5
_SHARE_OF_LAST = 0.85
_REFIT_FOLDS = 1.6
_LEAST_DONE = 0.1
"""A learner that can do less than this part of its work in its share of the time is refused."""


@dataclass(frozen=True)
class Work:
    """How much there is to do.

    Parameters
    ----------
    rows
        Rows that one fold learns from.
    folds
        How many folds there are.
    budget_s
        Seconds that are left for everything.
    """

    rows: int
    folds: int
    budget_s: float

    @property
    def turns(self) -> int:
        """How many folds follow each other: one runs on each core."""
        return ceil(self.folds / cores())

    @property
    def turns_with_refit(self) -> float:
        """The same, with learning again from all rows; refits share the cores."""
        return self.turns + _REFIT_FOLDS / cores()


@dataclass(frozen=True)
class Span:
    """The time that one learner will take.

    Parameters
    ----------
    folds_s, refit_s
        Seconds for the folds, and for learning again from all rows.
    done
        The part of its work that it can do in them; 1 where it is not cut short.
    """

    folds_s: float
    refit_s: float
    done: float

    @property
    def seconds(self) -> float:
        """All of it."""
        return self.folds_s + self.refit_s


def spans_of(probes: Sequence[Probe], work: Work) -> Iterator[Span]:
    """Walk through learners as build does: each gets a share of the time that is left.

    A learner of which nothing could be measured is expected to take all of its share.
    """
    left, promised = work.budget_s * _SEARCH_SHARE, 0.0
    for position, probe in enumerate(probes):
        last = position + 1 == len(probes)
        allowed = max(0.0, left - promised) * (_SHARE_OF_LAST if last else _SHARE_OF_ONE)
        most = allowed * work.turns / work.turns_with_refit
        expected = probe.expected_s(work.rows)
        wanted = most if expected is None else expected * work.turns
        spent = min(wanted, most)
        refit = spent / work.turns * _REFIT_FOLDS / cores()
        left, promised = left - spent, promised + refit
        yield Span(spent, refit, spent / wanted if wanted else 1.0)


def take_or_refuse(
    probes: Sequence[Probe], work: Work
) -> tuple[tuple[Probe, ...], tuple[str, ...]]:
    """Take the learners that are worth their time, and say why the others are not.

    The first one is taken however little time there is: it is cut short.

    Returns
    -------
    taken, refusals
        A refusal is a clause for people.
    """
    taken: list[Probe] = []
    refusals: list[str] = []
    for probe in probes:
        *_, span = spans_of((*taken, probe), work)
        most_rows = settings_of(probe.learner).get("most_rows")
        if probe.failure:
            refusals.append(f"{probe.learner.title} is refused: {probe.failure.rstrip('.')}")
        elif isinstance(most_rows, int) and work.rows > most_rows:
            refusals.append(
                f"{probe.learner.title} is refused: it is for {most_rows:,} rows or fewer"
            )
        elif taken and span.done < _LEAST_DONE:
            needed = (probe.expected_s(work.rows) or 0.0) * work.turns_with_refit
            refusals.append(
                f"{probe.learner.title} is refused: it would need {format_duration(needed)} and "
                f"gets {format_duration(span.seconds)}"
            )
        else:
            taken.append(probe)
    return tuple(taken), tuple(refusals)
