"""Standings: mean ranks, paired wins and ratios of errors over the contests of one budget."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy import stats

from bench.results import Result
from modelwright.tasks.interval import Interval
from modelwright.tasks.intervals import wilson_interval
from modelwright.tasks.metrics import METRICS

Scores = Mapping[str, float]
"""The score of each contestant in one contest; NaN of one that failed."""


@dataclass(frozen=True, kw_only=True)
class Duel:
    """Two contestants over the contests of both.

    Parameters
    ----------
    wins, ties, losses
        Of the first.
    share
        Of wins without ties, with its interval; None where there were ties only.
    error_ratio
        The geometric mean of the second's error over the first's, of contests that both finished:
        above 1 the first is better. None where nothing can be compared.
    """

    wins: int
    ties: int
    losses: int
    share: Interval | None
    error_ratio: float | None


def mean_ranks(results: Sequence[Result]) -> dict[str, float]:
    """Return the mean rank of each contestant, best first; 1 is best, equal scores share ranks.

    Parameters
    ----------
    results
        Of one budget. Only contests that everybody entered count; who failed there is last.

    Examples
    --------
    >>> mean_ranks([])
    {}
    """
    ranked = [_ranks(contest.scores, contest.maximize) for contest in _complete(results)]
    if not ranked:
        return {}
    means = {name: float(np.mean([ranks[name] for ranks in ranked])) for name in ranked[0]}
    return dict(sorted(means.items(), key=lambda pair: pair[1]))


def complete_contests(results: Sequence[Result]) -> list[str]:
    """Return the contests that every contestant of these results entered."""
    return [contest.name for contest in _complete(results)]


def duel(results: Sequence[Result], first: str, second: str) -> Duel:
    """Compare two contestants contest by contest."""
    both = [c for c in _contests(results) if first in c.scores and second in c.scores]
    gains = [_gain(contest, first, second) for contest in both]
    wins, losses = sum(gain > 0 for gain in gains), sum(gain < 0 for gain in gains)
    ratios = [ratio for contest in both if (ratio := _error_ratio(contest, first, second))]
    return Duel(
        wins=wins,
        ties=len(both) - wins - losses,
        losses=losses,
        share=wilson_interval(wins, wins + losses) if wins + losses else None,
        error_ratio=math.exp(float(np.mean(np.log(ratios)))) if ratios else None,
    )


@dataclass(frozen=True, kw_only=True)
class _Scored:
    name: str
    maximize: bool
    scores: Scores


def _contests(results: Sequence[Result]) -> list[_Scored]:
    by_contest: dict[str, dict[str, float]] = {}
    metrics: dict[str, str] = {}
    for result in results:
        conditions = result.conditions
        score = result.figures.score if result.figures else math.nan
        by_contest.setdefault(conditions.contest, {})[conditions.contestant] = score
        metrics[conditions.contest] = result.metric
    return [
        _Scored(name=name, maximize=METRICS[metrics[name]].direction == "maximize", scores=scores)
        for name, scores in by_contest.items()
    ]


def _complete(results: Sequence[Result]) -> list[_Scored]:
    everybody = {result.conditions.contestant for result in results}
    return [contest for contest in _contests(results) if set(contest.scores) == everybody]


def _ranks(scores: Scores, maximize: bool) -> dict[str, float]:
    losses = [_loss(score, maximize) for score in scores.values()]
    return dict(zip(scores, stats.rankdata(losses).tolist(), strict=True))


def _loss(score: float, maximize: bool) -> float:
    if math.isnan(score):
        return math.inf
    return -score if maximize else score


def _gain(contest: _Scored, first: str, second: str) -> float:
    a, b = (_loss(contest.scores[name], contest.maximize) for name in (first, second))
    return 0.0 if a == b else b - a


def _error_ratio(contest: _Scored, first: str, second: str) -> float | None:
    """Return the second's error over the first's; what is maximized errs by what is short of 1."""
    a, b = (
        1 - contest.scores[name] if contest.maximize else contest.scores[name]
        for name in (first, second)
    )
    return b / a if a > 0 and b > 0 else None
