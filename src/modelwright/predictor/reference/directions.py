"""Directions: sets of rows alike in which truths may move off the answers, and what they show.

The same are looked at in the windows of training, when a model is built, and in live ones.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np

from modelwright.predictor.operations.base import Floats, Value
from modelwright.predictor.reference.grids import (
    BINS,
    COARSE,
    Codes,
    Grid,
    grid_of,
    joint,
    persistence,
)
from modelwright.predictor.reference.moves import MOVES
from modelwright.predictor.reference.pairs import dependences

_FAR = 2.5
"""Heights are cut at so many standard deviations."""
_TAIL = 4.0
"""Degrees of freedom of the misses of numbers."""
_CLIP = 1e-3
_DOUBT = 5.0
"""Rows by which the scale of a part is drawn to that of all."""
_LITTLE = 0.01
"""Nats that each column is taken to tell of the answers."""
_DRAWN = np.array([1.0, 16.0])
"""How firmly it is believed that the past needs no correction: one over variances."""
_FLATTEST = 0.02
_NEWTON = 8


@dataclass(frozen=True)
class Answered:
    """Rows with what was answered and what came true.

    Parameters
    ----------
    answers : ndarray of shape (rows, outputs)
        What the program answered.
    watched : ndarray of shape (rows,)
        The same, as answers are watched.
    misses : ndarray of shape (rows,)
        NaN where no label is known. The truth less the answer; of classes something above 0 where
        the one that is asked about came true, of several the likeliest, and below 0 where not.
    """

    answers: Floats
    watched: Value
    misses: Floats


def log_shown(before: Answered, now: Answered) -> tuple[Floats, Floats]:
    """Return what rows show of the answers, (rows, 2 x moves), of the past and of a window.

    The logarithm of how likely the truth was if the answer was off by each move: for all rows alike
    (lifted), and by their heights (turned). 0 where no label is known.

    Parameters
    ----------
    before, now
        What is usual is told by the former.
    """
    of = _of_numbers if before.answers.shape[1] == 1 else _of_classes
    return of(before, now)


@dataclass(frozen=True)
class Part:
    """A way to part rows: the part of each, before and now, and the sets that are tried.

    Parameters
    ----------
    weight
        How much of what may be bet is bet on it.
    """

    before: Codes
    now: Codes
    sets: Floats
    weight: float

    def chosen(self, codes: Codes) -> Floats:
        """Say which rows are in each set, (sets, rows)."""
        of_part = codes == np.arange(self.sets.shape[1])[:, None]
        return np.asarray(self.sets @ of_part.astype(np.float64))


@dataclass(frozen=True)
class Parted:
    """A column on its coarse grid: the bin of each row, before and now."""

    grid: Grid
    before: Codes
    now: Codes


def parts_of(before: Value, now: Value, columns: Mapping[str, Parted]) -> Iterator[Part]:
    """Yield the ways to part rows.

    Half of what may be bet is bet on parts of the answers, the other half on parts of the columns,
    on each as much as it told of the answers: where a model looks most, it can be wrong most.

    Parameters
    ----------
    before, now
        The answers, as they are watched.
    columns
        By name.
    """
    grid, answers = (grid_of(before, bins=bins) for bins in (BINS, COARSE))
    was, is_now, bins = _inside(grid, grid.codes(before), grid.codes(now))
    yield Part(np.zeros_like(was), np.zeros_like(is_now), np.ones((1, 1)), 0.25)
    yield Part(was, is_now, np.eye(bins), 0.25)
    said = answers.codes(before)
    tells = {
        name: _LITTLE + float(dependences(joint(each.before, said, shape).reshape(shape)))
        for name, each in columns.items()
        for shape in [(each.grid.bins, answers.bins)]
    }
    for name, told in tells.items():
        each = columns[name]
        was, is_now, bins = _inside(each.grid, each.before, each.now)
        sets = np.eye(bins) if each.grid.levels is not None else _ends(bins)
        yield Part(was, is_now, sets, 0.5 * told / sum(tells.values()))


def weights_of(parts: Sequence[Part]) -> Floats:
    """Return what may be bet on each direction, (2 x sets,): lifted, and then turned."""
    weights = [np.full(len(part.sets), part.weight) / len(part.sets) for part in parts]
    return np.tile(np.concatenate(weights) / 2, 2)


def summed(shown: Floats, chosen: Floats) -> Floats:
    """Sum the rows of each set, (sets, rows): lifted, and then turned, (2 x sets, moves)."""
    lifted, turned = np.split(chosen @ shown, 2, axis=1)
    return np.concatenate([lifted, turned])


def alike(misses: Floats) -> float:
    """Return how many rows are worth one, because neighbours are missed alike."""
    grid = grid_of(misses, bins=COARSE)
    return persistence(grid.codes(misses), grid.bins)


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


def _of_numbers(before: Answered, now: Answered) -> tuple[Floats, Floats]:
    heights = _standardised(before.answers[:, 0], now.answers[:, 0])
    scales = _scales(before, now)
    first, second = (
        _likely_numbers(each.misses / scale, height)
        for each, scale, height in zip((before, now), scales, heights, strict=True)
    )
    return first, second


def _of_classes(before: Answered, now: Answered) -> tuple[Floats, Floats]:
    odds = _odds(before), _odds(now)
    heights, scale = _standardised(*odds), scale_of(odds[0], before.misses)
    first, second = (
        _likely_classes(each.misses, scale[0] + scale[1] * odd, height)
        for each, odd, height in zip((before, now), odds, heights, strict=True)
    )
    return first, second


def _odds(rows: Answered) -> Floats:
    """Return the log-odds of the class that is asked about, or of the likeliest of several."""
    answers = rows.answers
    likely = answers[:, 1] if answers.shape[1] == 2 else answers.max(axis=1)
    clipped = np.clip(likely, _CLIP, 1 - _CLIP)
    return np.asarray(np.log(clipped / (1 - clipped)))


def scale_of(odds: Floats, residuals: Floats) -> tuple[float, float]:
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


def _scales(before: Answered, now: Answered) -> tuple[Floats, Floats]:
    """Return how far rows miss usually, before and now: high answers often miss by more."""
    grid = grid_of(before.watched, bins=BINS)
    was, is_now, bins = _inside(grid, grid.codes(before.watched), grid.codes(now.watched))
    known = np.isfinite(before.misses)
    squares = np.square(before.misses[known])
    usual = float(squares.mean()) or 1.0
    rows = np.bincount(was[known], minlength=bins)
    sums = np.bincount(was[known], weights=squares, minlength=bins)
    scales = np.sqrt((sums + _DOUBT * usual) / (rows + _DOUBT))
    return scales[was], scales[is_now]


def _standardised(before: Floats, now: Floats) -> tuple[Floats, Floats]:
    middle, width = before.mean(), before.std() or 1.0
    first, second = (np.clip((each - middle) / width, -_FAR, _FAR) for each in (before, now))
    return first, second


def _likely_numbers(residuals: Floats, heights: Floats) -> Floats:
    def likely(steps: Floats) -> Floats:
        found = -0.5 * (_TAIL + 1) * np.log1p(np.square(residuals[:, None] - steps) / _TAIL)
        return np.nan_to_num(found)

    return np.concatenate([likely(MOVES[None]), likely(heights[:, None] * MOVES)], axis=1)


def _likely_classes(residuals: Floats, odds: Floats, heights: Floats) -> Floats:
    signs = np.sign(np.nan_to_num(residuals))

    def likely(steps: Floats) -> Floats:
        found = -np.logaddexp(0.0, -signs[:, None] * (odds[:, None] + steps))
        return np.where(signs[:, None] == 0, 0.0, found)

    return np.concatenate([likely(MOVES[None]), likely(heights[:, None] * MOVES)], axis=1)
