"""How surprising a window is, given the windows that were accepted before it: e-values.

An e-value is a bet against "nothing has changed" at fair odds: its mean is at most 1 while that is
true, so it exceeds 1,000 at most once in a thousand times, and bets of several columns may be
averaged without any correction (Vovk & Wang, Annals of Statistics 49 (2021) 1736-1754).

Here the bet is a likelihood ratio. What is expected of the next window is learned from the past:
shares of rows per bin around those of the past windows, spread as much as past windows were spread.
Rows of one window are alike, weeks differ, and how much so is not known beforehand; so the
expectation is a mixture over spreads and over lengths of memory, each weighted by how well it
foresaw the windows so far. The bet is that the shares may be anything, or
lie somewhere around those of the past.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammaln

from modelwright.predictor.operations.base import Floats

_WORTH = np.array([10.0, 30.0, 100.0, 300.0, 1000.0, 10_000.0])
"""How many independent rows a window may be worth, whatever it counts."""
_BELIEF = np.log([1e-9, 1e-4, 0.05, 0.3, 0.3, 0.35])
"""How far each is believed beforehand: only windows that were seen to differ much may do so."""
_BETS = (2.0, 10.0, 30.0)
"""The same for a changed world: far from the past, and near it."""
_FADING = np.array([1.0, 0.5])
"""By how much a window counts less than the next."""
_UNSEEN = 0.5
"""Rows that each bin is taken to have held before anything was seen (Jeffreys)."""


def log_surprises(history: NDArray[Any], now: NDArray[Any]) -> Floats:
    """Return the logarithm of the e-value of each aspect of a window.

    Parameters
    ----------
    history : ndarray of shape (aspects, windows, bins)
        Rows per bin in the windows that were accepted, the oldest first. Aspects with fewer bins
        than others are filled up with bins of no rows at all, marked by -1.
    now : ndarray of shape (aspects, bins)
        Rows per bin in the next window.

    Returns
    -------
    ndarray of shape (aspects,)
        Natural logarithms; 0 where nothing was counted.

    Examples
    --------
    >>> steady = np.array([[[50, 50], [48, 52], [51, 49], [47, 53]]])
    >>> unsteady = np.array([[[90, 10], [15, 85], [70, 30], [5, 95]]])
    >>> bool(log_surprises(steady, np.array([[95, 5]]))[0] > 10)
    True
    >>> bool(log_surprises(unsteady, np.array([[95, 5]]))[0] < 10)
    True
    """
    is_bin = now >= 0
    before, after = np.maximum(history, 0).astype(float), np.maximum(now, 0).astype(float)
    ages = np.arange(before.shape[1])[::-1]
    expected = _Expected.of(_FADING[:, None] ** ages @ before, is_bin)
    weights, likely = _weights(before, is_bin), expected.log_likelihood(after)
    return np.asarray(_log_bets(before, after, is_bin) - log_sum(weights + likely, axis=1))


def surprises_together(histories: Sequence[NDArray[Any]], nows: Sequence[NDArray[Any]]) -> Floats:
    """Return what `log_surprises` does for aspects that differ in their bins and windows.

    Parameters
    ----------
    histories
        Of each aspect, (windows, bins).
    nows
        Of each, (bins,).

    Examples
    --------
    >>> steady = np.array([[50, 50], [48, 52]])
    >>> found = surprises_together([steady, steady[:, :1]], [np.array([98, 2]), np.array([9])])
    >>> bool(found[0] > 10), bool(found[1] < 1)
    (True, True)
    """
    widest, longest = max(map(len, nows)), max(map(len, histories))
    history = np.full((len(nows), longest, widest), -1.0)
    now = np.full((len(nows), widest), -1.0)
    for number, (before, after) in enumerate(zip(histories, nows, strict=True)):
        bins = len(after)
        # Windows without rows come before the others: they say nothing.
        history[number, :, :bins] = 0.0
        history[number, longest - len(before) :, :bins] = before
        now[number, :bins] = after
    return log_surprises(history, now)


def log_sum(logs: Floats, axis: int | tuple[int, ...] | None = None) -> Floats:
    """Add numbers of which logarithms are known; SciPy's does it with ten times the overhead.

    Examples
    --------
    >>> float(log_sum(np.log([1.0, 2.0, 3.0])).round(3)) == round(float(np.log(6)), 3)
    True
    """
    highest = logs.max(axis=axis, keepdims=True)
    summed = np.exp(logs - highest).sum(axis=axis)
    return np.asarray(np.log(summed) + highest.reshape(summed.shape))


def _log_bets(history: Floats, now: Floats, is_bin: NDArray[np.bool_]) -> Floats:
    """Return how well a changed world foresaw the window, (aspects,)."""
    counts = (history.sum(axis=1) + _UNSEEN) * is_bin
    shares = (counts / counts.sum(axis=1, keepdims=True))[:, None]
    bins = is_bin.sum(axis=1, dtype=np.float64)[:, None, None]
    anything = _Expected(is_bin[:, None] / bins, _UNSEEN * bins)
    near = _Expected(shares, np.broadcast_to(_BETS, (len(shares), 1, len(_BETS))))
    likely = np.concatenate([each.log_likelihood(now) for each in (anything, near)], axis=1)
    return np.asarray(log_sum(likely, axis=1) - np.log(likely.shape[1]))


def _weights(history: Floats, is_bin: NDArray[np.bool_]) -> Floats:
    """Return how well each spread and memory foresaw the past, (aspects, hypotheses), in logs."""
    aspects, windows, bins = history.shape
    foreseen = np.tile(_BELIEF, (aspects, len(_FADING)))
    if windows > 1:
        # Each window but the first beside those before it, all at once.
        ages = np.subtract.outer(np.arange(windows - 1), np.arange(windows - 1))
        fading = np.where(ages >= 0, _FADING[:, None, None] ** np.maximum(ages, 0), 0.0)
        before = (fading.reshape(-1, windows - 1) @ history[:, :-1]).reshape(
            aspects, len(_FADING), windows - 1, bins
        )
        expected = _Expected.of(
            before.transpose(0, 2, 1, 3).reshape(-1, len(_FADING), bins),
            np.repeat(is_bin, windows - 1, axis=0),
        )
        likely = expected.log_likelihood(history[:, 1:].reshape(-1, bins))
        foreseen += likely.reshape(aspects, windows - 1, -1).sum(axis=1)
    return np.asarray(foreseen - log_sum(foreseen, axis=1)[:, None])


@dataclass(frozen=True)
class _Expected:
    """What is expected of windows, a Dirichlet distribution for each hypothesis.

    Parameters
    ----------
    shares : ndarray of shape (aspects, memories, bins)
        The part of the rows that each bin is expected to hold.
    worth : ndarray of shape (aspects, memories, spreads)
        How sharply.
    """

    shares: Floats
    worth: Floats

    @classmethod
    def of(cls, counts: Floats, is_bin: NDArray[np.bool_]) -> "_Expected":
        """Turn remembered rows, (aspects, memories, bins), into what they let expect."""
        counts = (counts + _UNSEEN) * is_bin[:, None]
        known = counts.sum(axis=2, keepdims=True)
        # Nothing is expected more sharply than what was seen allows.
        return cls(counts / known, 1 / (1 / _WORTH + 1 / known))

    def log_likelihood(self, counts: Floats) -> Floats:
        """Return the logarithm of the chance of a sequence of rows (Dirichlet-multinomial).

        Parameters
        ----------
        counts : ndarray of shape (aspects, bins)

        Returns
        -------
        ndarray of shape (aspects, memories x spreads)
        """
        rows = counts.sum(axis=1)[:, None, None]
        found = gammaln(self.worth) - gammaln(self.worth + rows)
        # Most bins of a pair are empty, and gammas are what this costs.
        aspects, bins = np.nonzero(counts > 0)
        if len(aspects):
            some = self.shares[aspects, :, bins][:, :, None] * self.worth[aspects]
            parts = gammaln(some + counts[aspects, bins][:, None, None]) - gammaln(some)
            starts = np.flatnonzero(np.diff(aspects, prepend=-1))
            found[aspects[starts]] += np.add.reduceat(parts, starts, axis=0)
        return np.asarray(found.reshape(len(found), -1))


_ROUGH = np.array([0.01, 0.05, 0.1, 0.2, 0.4])
"""By how much levels of windows differ, beyond what their rows explain; of logarithms."""
_ROUGH_BELIEF = np.log([0.4, 0.4, 0.2, 1e-2, 1e-5])
_RISES = np.array([0.1, 0.2, 0.4, 0.8, 1.6, 3.2])


def log_rise(
    history: Floats, spreads: Floats, *, now: float, spread: float, trained: Sequence[float] = ()
) -> float:
    """Return the logarithm of the e-value of a level that has risen.

    Parameters
    ----------
    history : ndarray of shape (windows,)
        Levels of the past windows, such as logarithms of mean losses, the oldest first.
    spreads : ndarray of shape (windows,)
        Their standard errors.
    now, spread
        The same of the next window.
    trained
        What `levels_of_training` returned; empty where nobody knows.

    Examples
    --------
    >>> steady = np.array([0.0, 0.05, -0.02, 0.01])
    >>> log_rise(steady, np.full(4, 0.05), now=0.8, spread=0.05) > 10
    True
    >>> log_rise(steady, np.full(4, 0.05), now=0.05, spread=0.05) < 0
    True
    """
    weights = _levels_foreseen(history, spreads)
    weights += np.log(trained) if trained else _ROUGH_BELIEF
    weights -= log_sum(weights)
    middle, width = _foreseen(history, spreads)
    steady = log_sum(weights + _log_normal(now - middle, width + spread**2))
    risen = (now - middle)[..., None] - _RISES
    bets = weights[..., None] + _log_normal(risen, (width + spread**2)[..., None])
    return float(log_sum(bets) - np.log(len(_RISES)) - steady)


def levels_of_training(levels: Floats, spreads: Floats, *, doubt: float) -> tuple[float, ...]:
    """Return how far each roughness is believed after the windows of training; they add up to 1.

    Parameters
    ----------
    levels, spreads : ndarray of shape (windows,)
        As for `log_rise`.
    doubt
        How far live windows are taken to be unlike those of training, from 0 to 1.

    Examples
    --------
    >>> calm = levels_of_training(np.zeros(20), np.full(20, 0.02), doubt=0.1)
    >>> round(calm[0] + calm[1], 2)
    0.98
    """
    found = log_sum(_ROUGH_BELIEF + _levels_foreseen(levels, spreads), axis=0)
    return with_doubt(np.exp(found - log_sum(found)), _ROUGH_BELIEF, doubt)


def with_doubt(trained: Floats, usual: Floats, doubt: float) -> tuple[float, ...]:
    """Return beliefs that training told, and usual ones in so far as it may tell nothing.

    Parameters
    ----------
    trained : ndarray
        Beliefs that add up to 1.
    usual : ndarray
        The logarithms of what is believed where training told nothing.
    doubt
        How far live windows are taken to be unlike those of training, from 0 to 1.

    Examples
    --------
    >>> with_doubt(np.array([1.0, 0.0]), np.log([0.5, 0.5]), 0.5)
    (0.75, 0.25)
    """
    believed = np.exp(usual - log_sum(usual))
    return tuple(((1 - doubt) * trained + doubt * believed).tolist())


def _levels_foreseen(history: Floats, spreads: Floats) -> Floats:
    """Return how well each window was foreseen by those before it, (memories, roughnesses)."""
    found = np.zeros((len(_FADING), len(_ROUGH)))
    for number in range(1, len(history)):
        middle, width = _foreseen(history[:number], spreads[:number])
        found += _log_normal(history[number] - middle, width + spreads[number] ** 2)
    return found


def _foreseen(history: Floats, spreads: Floats) -> tuple[Floats, Floats]:
    """Return the mean and the variance of the next level, (memories, roughnesses)."""
    weights = _FADING[:, None] ** np.arange(len(history))[::-1]
    weights = weights / weights.sum(axis=1, keepdims=True)
    middle = (weights @ history)[:, None] + np.zeros(len(_ROUGH))
    rough = _ROUGH**2 * (1 + np.square(weights).sum(axis=1, keepdims=True))
    return middle, rough + (np.square(weights) @ np.square(spreads))[:, None]


def _log_normal(distance: Floats, variance: Floats) -> Floats:
    return np.asarray(-0.5 * (np.square(distance) / variance + np.log(2 * np.pi * variance)))
