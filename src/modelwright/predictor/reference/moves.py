"""Moves: how far the truth may lie off the answers, and the bet that it has moved.

A set of rows alike (a bin of a column, or of the answers) may have truths that are higher than
answered by some log-odds or standard deviations, or turned: answered high, true low. The answers
themselves say how likely each truth was, so another mix of rows moves nothing. Each window has its
own move, near one of all windows; how near is learned from the windows that were accepted, and
before them from those of training. The bet is that the move of the next one is another, and it is
an e-value: the likelihoods of its rows are exact, and the moves are summed over a grid.
"""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from scipy.special import logsumexp

from modelwright.predictor.operations.base import Floats
from modelwright.predictor.reference.surprise import log_sum, with_doubt

_STEPS = np.array([0.1, 0.25, 0.5, 0.75, 1.0, 1.5, 2.0, 3.0, 4.0, 5.0])
MOVES = np.concatenate([-_STEPS[::-1], [0.0], _STEPS])
"""In log-odds, or standard deviations."""
_ROUGH = np.array([0.05, 0.2, 0.4, 0.8])
"""How far windows may differ in a direction."""
_BELIEF = np.log([0.6, 0.4, 1e-2, 1e-7])
"""How far each is believed where training told nothing of it."""
_LONG_OR_SHORT = np.log([[0.9], [0.1]])
"""How far it is believed that all windows tell of the next one, or the last one alone."""
_JUMPS = np.array([-4.0, -2.0, -1.0, -0.5, 0.5, 1.0, 2.0, 4.0])
_USUAL = 0.5
"""How far off the answers are in all windows."""
_ROUNDS = 20
_DRAWN = 1e-3
"""How far what training told is drawn to what is believed without it, in each round."""


def log_moved(history: Floats, now: Floats, trained: Sequence[float] = ()) -> Floats:
    """Compare how well a move that is another foresaw the rows with how well the usual ones did.

    Parameters
    ----------
    history : ndarray of shape (windows, directions, moves)
        How likely the truths of each direction were under each move, as logarithms.
    now : ndarray of shape (directions, moves)
        The same of the next window.
    trained
        What `moves_of_training` returned; empty where nobody knows.

    Returns
    -------
    ndarray of shape (directions,)
        The logarithm of the e-value of each direction.

    Examples
    --------
    >>> still, moved = -100 * (MOVES - 0.0) ** 2, -100 * (MOVES - 1.0) ** 2
    >>> history = np.tile(still, (8, 1, 1))
    >>> bool(log_moved(history, moved[None])[0] > 5), bool(log_moved(history, still[None])[0] < 0)
    (True, True)
    """
    belief = _belief(np.log(trained) if trained else _BELIEF)
    windows = [_foreseen(window, _NEAR) for window in history]
    memories = (belief + sum(windows), belief + windows[-1])
    weights = np.stack([_total(memories[0]), _chained(belief, windows)]) + _LONG_OR_SHORT
    weights -= logsumexp(weights, axis=0)
    known = [
        memory - _total(memory)[:, None, None] + weight[:, None, None]
        for memory, weight in zip(memories, weights, strict=True)
    ]
    # What is learned from all windows, and what from the last: worlds change and stay so.
    learned = np.logaddexp(*known)
    likely = _foreseen(now, _ANYWHERE)
    steady, *moved = (
        _total(learned + likely[:, place : place + len(_ROUGH)])
        for place in range(0, likely.shape[1], len(_ROUGH))
    )
    return np.asarray(logsumexp(moved, axis=0) - np.log(len(moved)) - steady)


def moves_of_training(
    stretches: Sequence[Floats], weights: Floats, *, doubt: float
) -> tuple[float, ...]:
    """Return how far each roughness is believed after the windows of training; they add up to 1.

    Parameters
    ----------
    stretches
        Some windows in a row each, as the history of `log_moved`.
    weights : ndarray of shape (directions,)
        How much may be bet on each direction; they add up to 1.
    doubt
        How far live windows are taken to be unlike those of training, from 0 to 1.

    Examples
    --------
    >>> still = np.tile(-100 * MOVES**2, (8, 1, 1))
    >>> bool(moves_of_training([still], np.ones(1), doubt=0.1)[0] > 0.9)
    True
    """
    likely = np.sum([_likely(windows) for windows in stretches], axis=0)
    usual = np.exp(_BELIEF - logsumexp(_BELIEF))
    found = usual
    for _ in range(_ROUNDS):
        # Directions of which little is known are taken to be like the others.
        each = np.log(found) + likely
        told = weights @ np.exp(each - logsumexp(each, axis=1)[:, None])
        found = (1 - _DRAWN) * told + _DRAWN * usual
    return with_doubt(found, _BELIEF, doubt)


def _likely(windows: Floats) -> Floats:
    """Return how likely windows in a row are, (directions, roughnesses)."""
    belief, seen = _belief(np.zeros(len(_ROUGH))), [_foreseen(each, _NEAR) for each in windows]
    long, short = log_sum(belief + sum(seen), axis=2), log_sum(belief + seen[0], axis=2)
    for last, window in pairwise(seen):
        short = short + log_sum(belief + last + window, axis=2) - log_sum(belief + last, axis=2)
    return np.asarray(np.logaddexp(*(np.stack([long, short]) + _LONG_OR_SHORT[:, :, None])))


def _belief(rough: Floats) -> Floats:
    """Return how far each roughness with each usual move is believed, (roughnesses, moves)."""
    usual = -0.5 * np.square(MOVES / _USUAL)
    return np.asarray(usual - logsumexp(usual) + rough[:, None])


def _chained(belief: Floats, windows: list[Floats]) -> Floats:
    """Return how well each window was foreseen by the one before it, (directions,)."""
    found = _total(belief + windows[0])
    for last, window in pairwise(windows):
        found = found + _total(belief + last + window) - _total(belief + last)
    return found


def _total(found: Floats) -> Floats:
    return log_sum(found, axis=(1, 2))


def _foreseen(likely: Floats, near: Floats) -> Floats:
    """Return how likely rows are, (directions, roughnesses, usual moves), as logarithms."""
    highest = likely.max(axis=1)
    summed = np.exp(likely - highest[:, None]) @ near.reshape(-1, len(MOVES)).T
    found = np.log(np.maximum(summed, 1e-300)) + highest[:, None]
    return np.asarray(found.reshape(-1, *near.shape[:2]))


def _chances(shift: float) -> Floats:
    """Return the chance of each move beside each usual one, (roughnesses, usual moves, moves)."""
    distance = (MOVES - MOVES[:, None] - shift) / _ROUGH[:, None, None]
    chances = np.exp(-0.5 * np.square(distance))
    return np.asarray(chances / np.maximum(chances.sum(axis=2, keepdims=True), 1e-300))


_NEAR = _chances(0.0)
_ANYWHERE = np.concatenate([_NEAR, *(_chances(jump) for jump in _JUMPS)])
"""Near the usual moves, and a jump away from them."""
