"""How many rows came, hour by hour, beside the same hours of the weeks before: e-values.

Traffic has its hours and its weekend, and a quiet night is no silence. So an hour is compared with
the same hour of the weeks before, and a day with the same day. How much such hours differ anyway is
learned from all of them: counts are negative binomial around the past mean, in a mixture over
roughnesses, over lengths of memory, and over a clock that was turned by an hour, each weighted by
how well it foresaw the hours so far. The bet is that rows come at another rate, or not at all.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammaln

from modelwright.predictor.operations.base import Floats
from modelwright.predictor.reference.surprise import log_sum

WEEK = 168
"""Hours after which traffic is alike again."""
DAYS = 7
_ROUGH = np.array([1.0, 3.0, 10.0, 30.0, 100.0, 1000.0])
"""Sizes of the negative binomial distribution: how steady rates are, from hardly to very."""
_BELIEF = np.log([1e-6, 1e-3, 0.1, 0.3, 0.3, 0.298999])
_FADING = np.array([1.0, 0.5])
"""By how much a week counts less than the next."""
_TURNED = ((0, 0.98), (-1, 0.01), (1, 0.01))
"""Hours by which a clock may have been turned, with the belief in it."""
_KEPT = 0.01
"""The part of the belief that no past takes away: tomorrow may be another day."""
_BETS = np.array([0.0, 0.01, 0.1, 0.3, 0.6, 1.6, 3.0, 10.0])
"""Times as many rows as before; none at all first."""
_BET_ROUGH = 30.0
_FEWEST = 2
"""Weeks in which an hour must have been seen."""
_MOST = 8
_NONE = 0.01
"""Rows of a silence."""
_SOME = 0.1
"""Rows that are expected where none ever came."""


@dataclass(frozen=True)
class Judged:
    """How surprising the last numbers of rows are.

    Parameters
    ----------
    evidence : ndarray of shape (judged,)
        Logarithms of e-values; 0 where the past is too short.
    usual : ndarray of shape (judged,)
        Rows that came at the same time of the weeks before, on average.
    """

    evidence: Floats
    usual: Floats


def judge_counts(counts: NDArray[np.int64], judged: int, *, period: int) -> Judged:
    """Judge the last numbers of rows, each beside those a whole number of periods before.

    Parameters
    ----------
    counts : ndarray of shape (spans,)
        Rows that came in successive hours, or days.
    judged
        How many of the last ones to judge.
    period
        After how many of them traffic is alike again: `WEEK` or `DAYS`.

    Examples
    --------
    >>> week = np.where(np.arange(168) % 24 < 12, 200, 0)
    >>> steady = np.tile(week, 4)
    >>> bool((judge_counts(steady, 24, period=168).evidence < 0.01).all())
    True
    >>> silent = np.append(steady, 0)
    >>> bool(judge_counts(silent, 1, period=168).evidence[0] > 7)
    True
    """
    first = len(counts) - judged
    if first < _FEWEST * period:
        return Judged(np.zeros(judged), np.zeros(judged))
    turns = _TURNED if period == WEEK else _TURNED[:1]
    rates, doubts, weeks = _expected(counts.astype(float), period, [turn for turn, _ in turns])
    prior = np.log([[[belief] for _ in _FADING] for _, belief in turns]) + _BELIEF
    prior = (prior - np.log(len(_FADING))).ravel()
    likely = _likelihoods(counts, rates, doubts)
    begin = _FEWEST * period
    learned = prior + likely[:, begin:first].sum(axis=1)
    learned -= log_sum(learned)
    weights = np.logaddexp(np.log1p(-_KEPT) + learned, np.log(_KEPT) + prior)
    null = log_sum(weights[:, None] + likely[:, first:], axis=0)
    usual = rates[0, 0, first:]
    means = np.maximum(np.maximum(usual, _SOME)[None] * _BETS[:, None], _NONE)
    bets = log_sum(_log_chance(counts[None, first:], means, _BET_ROUGH), axis=0)
    evidence = bets - np.log(len(_BETS)) - null
    return Judged(np.where(weeks[first:] >= _FEWEST, np.maximum(evidence, 0.0), 0.0), usual)


def _expected(counts: Floats, period: int, turns: Sequence[int]) -> tuple[Floats, Floats, Floats]:
    """Return rates and the rows of doubt in them, (turns, memories, spans), and weeks seen."""
    # One more, which nobody has counted yet: the last one's neighbour.
    spans = len(counts) + 1
    sums, worth = np.zeros((2, spans)), np.zeros((2, spans))
    for week in range(1, min(_MOST, spans // period) + 1):
        past = np.concatenate([np.zeros(week * period), counts[: spans - week * period]])
        seen = (np.arange(spans) >= week * period) * _FADING[:, None] ** (week - 1)
        sums += seen * past
        worth += seen
    means = sums / np.maximum(worth, 1e-9)
    places = np.arange(spans - 1)
    rates = np.stack([means[:, np.maximum(places - turn, 0)] for turn in turns])
    return rates, np.broadcast_to(worth[:, :-1], rates.shape), worth[0, :-1]


def _likelihoods(counts: NDArray[np.int64], rates: Floats, doubts: Floats) -> Floats:
    """Return how likely each number was, (hypotheses, spans)."""
    means = np.maximum(rates, _SOME)[:, :, None]
    known = np.maximum(doubts, 1e-9)[:, :, None]
    rough = _ROUGH[:, None]
    # A mean of few weeks is itself uncertain, by as much as weeks differ.
    size = 1 / (1 / rough + (1 / rough + 1 / means) / known)
    chances = _log_chance(counts, means, size)
    return np.asarray(chances.reshape(-1, len(counts)))


def _log_chance(counts: NDArray[np.int64], means: Floats, size: Floats | float) -> Floats:
    """Return the logarithm of the negative binomial probability."""
    found = gammaln(counts + size) - gammaln(size) - gammaln(counts + 1.0)
    return np.asarray(
        found + size * np.log(size / (size + means)) + counts * np.log(means / (size + means))
    )
