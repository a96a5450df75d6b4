"""Directions in which the truth may move off the answers, and the bets that it has.

A direction is a set of rows alike (a bin of a column, or of the answers) whose truth is higher than
answered by some log-odds or standard deviations, or turned: answered high, true low. The answers
themselves say how likely each truth was, so another mix of rows moves nothing. Each window has its
own move, near one of all windows; how near is learned from the windows that were accepted. The bet
is that the move of the next one is another, and it is an e-value: the likelihoods of its rows are
exact, and the moves are summed over a grid.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

import numpy as np
from scipy.special import logsumexp

from modelwright.maintain.look import Look
from modelwright.maintain.pairs import dependences
from modelwright.predictor.grids import (
    BINS,
    COARSE,
    Codes,
    Grid,
    grid_of,
    joint,
    persistence,
)
from modelwright.predictor.operations.base import Floats
from modelwright.predictor.surprise import log_sum

_STEPS = np.array([0.1, 0.25, 0.5, 0.75, 1.0, 1.5, 2.0, 3.0, 4.0, 5.0])
_MOVES = np.concatenate([-_STEPS[::-1], [0.0], _STEPS])
"""In log-odds, or standard deviations."""
_ROUGH = np.array([0.05, 0.2, 0.4, 0.8])
"""How far windows may differ in a direction, and how far each is believed beforehand."""
_ROUGH_BELIEF = np.log([0.6, 0.4, 1e-2, 1e-7])
_LONG_OR_SHORT = np.log([[0.9], [0.1]])
"""How far it is believed that all windows tell of the next one, or the last one alone."""
_JUMPS = np.array([-4.0, -2.0, -1.0, -0.5, 0.5, 1.0, 2.0, 4.0])
_USUAL = 0.5
"""How far off the answers are in all windows."""
_FAR = 2.5
"""Heights are cut at so many standard deviations."""
_TAIL = 4.0
"""Degrees of freedom of the misses of numbers."""
_CLIP = 1e-3
_DOUBT = 5.0
"""Rows by which the scale of a part is drawn to that of all."""
_LITTLE = 0.01
"""Nats that each column is taken to tell of the answers."""
_SLACK = 1e-9
_DRAWN = np.array([1.0, 16.0])
"""How firmly it is believed that the past needs no correction: one over variances."""
_FLATTEST = 0.02
_NEWTON = 8
_FEWEST_ROWS = 20
"""Of fewer rows of the past nothing is known."""


def log_turn(look: Look) -> float:
    """Return the logarithm of the e-value of all directions together; 0 where no label was known.

    Half of what may be bet is bet on parts of the answers, the other half on parts of the columns,
    on each as much as it told of the answers: where a model looks most, it can be wrong most.
    """
    if not np.isfinite(look.sketch.residuals).any():
        return 0.0
    before, now = _shown(look)
    worth, parts = _worth(look), list(_parts(look))
    chosen = np.concatenate([part.chosen(part.before) for part in parts])
    windows = zip(*(np.split(each, look.sketch.starts) for each in (before, chosen.T)), strict=True)
    history = np.stack([_summed(rows, sets.T) for rows, sets in windows]) * worth[0]
    next_ = _summed(now, np.concatenate([part.chosen(part.now) for part in parts])) * worth[1]
    weights = np.concatenate(
        [np.full(len(part.sets), part.weight) / len(part.sets) for part in parts]
    )
    known = chosen @ np.isfinite(look.sketch.residuals)
    found = np.where(np.tile(known, 2) >= _FEWEST_ROWS, _log_bets(history, next_), 0.0)
    return float(logsumexp(found, b=np.tile(weights / 2, 2)))


def _summed(shown: Floats, chosen: Floats) -> Floats:
    """Sum the rows of each set, (sets, rows): lifted, and then turned, (2 x sets, moves)."""
    lifted, turned = np.split(chosen @ shown, 2, axis=1)
    return np.concatenate([lifted, turned])


@dataclass(frozen=True)
class _Part:
    """A way to part rows: the part of each, before and now, and the sets that are tried."""

    before: Codes
    now: Codes
    sets: Floats
    weight: float

    def chosen(self, codes: Codes) -> Floats:
        """Say which rows are in each set, (sets, rows)."""
        of_part = codes == np.arange(self.sets.shape[1])[:, None]
        return np.asarray(self.sets @ of_part.astype(np.float64))


def _parts(look: Look) -> Iterator[_Part]:
    sketch = look.sketch
    grid, answers = (grid_of(sketch.answers, bins=bins) for bins in (BINS, COARSE))
    before, now, bins = _inside(grid, grid.codes(sketch.answers), grid.codes(look.watched))
    yield _Part(np.zeros_like(before), np.zeros_like(now), np.ones((1, 1)), 0.25)
    yield _Part(before, now, np.eye(bins), 0.25)
    said = answers.codes(sketch.answers)
    tells = {
        name: _LITTLE + float(dependences(joint(codes, said, shape).reshape(shape)))
        for name, codes in sketch.coarse_codes.items()
        for shape in [(sketch.coarse[name].bins, answers.bins)]
    }
    for name, told in tells.items():
        coarse = sketch.coarse[name]
        codes = sketch.coarse_codes[name], look.coarse_codes[name]
        before, now, bins = _inside(coarse, *codes)
        sets = np.eye(bins) if coarse.levels is not None else _ends(bins)
        yield _Part(before, now, sets, 0.5 * told / sum(tells.values()))


def _inside(grid: Grid, before: Codes, now: Codes) -> tuple[Codes, Codes, int]:
    """Count what lies beyond all that was seen to the parts next to it: nothing is known of it."""
    if grid.levels is not None or grid.bins < 3:
        return before, now, grid.bins
    last = grid.bins - 3

    def inner(codes: Codes) -> Codes:
        return np.where(codes < 0, -1, np.clip(codes - 1, 0, last))

    return inner(before), inner(now), last + 1


@cache
def _ends(bins: int) -> Floats:
    """Return the sets of the lowest parts and of the highest, one set a row."""
    place = np.arange(bins)
    cuts = np.arange(1, bins)[:, None]
    whole = np.ones((int(bins == 1), bins))
    return np.concatenate([place < cuts, place >= cuts, whole]).astype(np.float64)


def _worth(look: Look) -> tuple[float, float]:
    """Return how much a row of the past and of the window counts, where neighbours are alike."""
    grid = grid_of(look.sketch.residuals, bins=COARSE)
    stays = persistence(grid.codes(look.sketch.residuals), grid.bins)
    # The past kept some of its rows only: neighbours of the window are as much closer.
    return 1 / stays, 1 / (1 + (stays - 1) / look.kept)


def _log_bets(history: Floats, now: Floats) -> Floats:
    """Compare how well a move that is another foresaw the rows with how well the usual ones did.

    Parameters
    ----------
    history : ndarray of shape (windows, directions, moves)
    now : ndarray of shape (directions, moves)
    """
    usual = -0.5 * np.square(_MOVES / _USUAL)
    belief = usual - logsumexp(usual) + _ROUGH_BELIEF[:, None]
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
    summed = np.exp(likely - highest[:, None]) @ near.reshape(-1, len(_MOVES)).T
    found = np.log(np.maximum(summed, 1e-300)) + highest[:, None]
    return np.asarray(found.reshape(-1, *near.shape[:2]))


def _chances(shift: float) -> Floats:
    """Return the chance of each move beside each usual one, (roughnesses, usual moves, moves)."""
    distance = (_MOVES - _MOVES[:, None] - shift) / _ROUGH[:, None, None]
    chances = np.exp(-0.5 * np.square(distance))
    return np.asarray(chances / np.maximum(chances.sum(axis=2, keepdims=True), 1e-300))


_NEAR = _chances(0.0)
_ANYWHERE = np.concatenate([_NEAR, *(_chances(jump) for jump in _JUMPS)])
"""Near the usual moves, and a jump away from them."""


def _shown(look: Look) -> tuple[Floats, Floats]:
    """Return what rows of the past and of the window show of the answers, (rows, 2 x moves).

    The logarithm of how likely the truth was if the answer was off by each move: for all rows alike
    (lifted), and by their heights (turned). 0 where no label is known.
    """
    past = np.concatenate([window.answers for window in look.sketch.past])
    residuals = look.sketch.residuals, look.misses.residuals
    if past.shape[1] == 1:
        heights = _standardised(past[:, 0], look.rows.answers[:, 0])
        scales = _scales(look, residuals[0])
        first, second = (
            _of_numbers(residual / scale, height)
            for residual, scale, height in zip(residuals, scales, heights, strict=True)
        )
        return first, second
    likely = [
        np.clip(answers[:, 1] if past.shape[1] == 2 else answers.max(axis=1), _CLIP, 1 - _CLIP)
        for answers in (past, look.rows.answers)
    ]
    odds = [np.log(each / (1 - each)) for each in likely]
    if past.shape[1] > 2:
        # Of several classes it counts whether the likeliest came true.
        losses = look.sketch.losses, look.losses
        tops = (answers.max(axis=1) for answers in (past, look.rows.answers))
        was, came = (
            np.where(np.isnan(loss), np.nan, np.where(loss <= _SLACK - np.log(top), 1.0, -1.0))
            for loss, top in zip(losses, tops, strict=True)
        )
        residuals = was, came
    heights, scale = _standardised(*odds), _scale_of(odds[0], residuals[0])
    first, second = (
        _of_classes(residual, scale[0] + scale[1] * odd, height)
        for residual, odd, height in zip(residuals, odds, heights, strict=True)
    )
    return first, second


def _scale_of(odds: Floats, residuals: Floats) -> tuple[float, float]:
    """Return the level and the slope by which the past corrects the odds, drawn to 0 and 1.

    Answers that are too sure would make what comes true anyway look like a surprise.
    """
    known = np.isfinite(residuals)
    x = np.column_stack([np.ones(int(known.sum())), odds[known]])
    came = (residuals[known] > 0).astype(np.float64)
    found = usual = np.array([0.0, 1.0])
    for _ in range(_NEWTON):
        likely = 0.5 * (1 + np.tanh(x @ found / 2))
        pull = x.T @ (came - likely) - _DRAWN * (found - usual)
        bent = (x * (likely * (1 - likely))[:, None]).T @ x + np.diag(_DRAWN)
        found = found + np.clip(np.linalg.solve(bent, pull), -1.0, 1.0)
    return float(found[0]), float(max(_FLATTEST, found[1]))


def _scales(look: Look, residuals: Floats) -> tuple[Floats, Floats]:
    """Return how far rows miss usually, before and now: high answers often miss by more."""
    sketch = look.sketch
    grid = grid_of(sketch.answers, bins=BINS)
    before, now, bins = _inside(grid, grid.codes(sketch.answers), grid.codes(look.watched))
    known = np.isfinite(residuals)
    squares = np.square(residuals[known])
    usual = float(squares.mean()) or 1.0
    rows = np.bincount(before[known], minlength=bins)
    sums = np.bincount(before[known], weights=squares, minlength=bins)
    scales = np.sqrt((sums + _DOUBT * usual) / (rows + _DOUBT))
    return scales[before], scales[now]


def _standardised(before: Floats, now: Floats) -> tuple[Floats, Floats]:
    middle, width = before.mean(), before.std() or 1.0
    first, second = (np.clip((each - middle) / width, -_FAR, _FAR) for each in (before, now))
    return first, second


def _of_numbers(residuals: Floats, heights: Floats) -> Floats:
    def likely(steps: Floats) -> Floats:
        found = -0.5 * (_TAIL + 1) * np.log1p(np.square(residuals[:, None] - steps) / _TAIL)
        return np.nan_to_num(found)

    return np.concatenate([likely(_MOVES[None]), likely(heights[:, None] * _MOVES)], axis=1)


def _of_classes(residuals: Floats, odds: Floats, heights: Floats) -> Floats:
    """Of the class that is asked about, or of the likeliest of several."""
    signs = np.sign(np.nan_to_num(residuals))

    def likely(steps: Floats) -> Floats:
        found = -np.logaddexp(0.0, -signs[:, None] * (odds[:, None] + steps))
        return np.where(signs[:, None] == 0, 0.0, found)

    return np.concatenate([likely(_MOVES[None]), likely(heights[:, None] * _MOVES)], axis=1)
