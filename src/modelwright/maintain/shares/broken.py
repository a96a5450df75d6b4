"""What a broken input did to the loss.

Where a program can undo the break (another unit, columns that changed places, renamed levels), the
rows are answered with the break undone: the difference is what it did. Where nothing can (values
that are gone), the same break is done to rows before it, whose loss without it is known.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from modelwright.documents import Cause
from modelwright.maintain.live_rows import LiveRows
from modelwright.maintain.remedies.base import Remedy, Situation, Treatment
from modelwright.maintain.remedies.levels import MAP_LEVELS
from modelwright.maintain.remedies.swaps import SWAP_BACK
from modelwright.maintain.remedies.units import FIX_UNITS
from modelwright.predictor.grids import missing_in
from modelwright.predictor.operations.base import Floats, Value

BROKEN = {
    "missing values",
    "unit change",
    "swapped columns",
    "stuck values",
    "new categories",
    "renamed categories",
    "shifted clock",
}
"""Kinds of causes that are a broken column."""
_UNDOING: tuple[Remedy, ...] = (FIX_UNITS, SWAP_BACK, MAP_LEVELS)


@dataclass(frozen=True)
class Broken:
    """A broken input, and what it did.

    Parameters
    ----------
    cause
        What is broken.
    undone : ndarray of shape (rows, outputs), optional
        Answers to the rows now with the break undone; None where nothing undoes it.
    done : ndarray of shape (rows before,)
        By how much the same break makes the loss of rows before grow.
    """

    cause: Cause
    undone: Floats | None
    done: Floats


def find_broken(situation: Situation, causes: Sequence[Cause], now: LiveRows) -> Iterator[Broken]:
    """Yield broken inputs that were found, with what they did.

    Parameters
    ----------
    situation
        Labelled rows before and since.
    causes
        What was found.
    now
        All rows since, in order.
    """
    named = set[str]()
    for cause in causes:
        # Two causes that name one column are one break.
        if cause.kind not in BROKEN or not cause.columns or named & set(cause.columns):
            continue
        named |= set(cause.columns)
        program = _undoing(situation, cause)
        if program is not None:
            yield Broken(cause, program.program.run(now.columns), np.zeros(situation.onset))
        else:
            yield Broken(cause, None, _done_before(situation, cause, now))


def _undoing(situation: Situation, cause: Cause) -> Treatment | None:
    """Return the treatment of these columns that saves most; None where none saves anything."""
    recent, judge = situation.recent, situation.judge
    if not len(recent):
        return None
    usual = judge.losses(situation.program, recent.answers, recent.truth).mean()
    best: tuple[float, Treatment | None] = (float(usual), None)
    for remedy in _UNDOING:
        for treatment in remedy.treat(situation):
            if treatment.columns and set(treatment.columns) <= set(cause.columns):
                answers = treatment.program.run(recent.columns)
                loss = float(judge.losses(treatment.program, answers, recent.truth).mean())
                best = min(best, (loss, treatment), key=lambda each: each[0])
    return best[1]


def _done_before(situation: Situation, cause: Cause, now: LiveRows) -> Floats:
    judge, program = situation.judge, situation.program
    before = situation.rows.part(0, situation.onset)
    broken = {
        name: _break(cause, before.columns[name], now.columns[name])
        for name in cause.columns
        if name in before.columns
    }
    answers = program.run({**before.columns, **broken})
    return judge.losses(program, answers, before.truth) - judge.losses(
        program, before.answers, before.truth
    )


def _break(cause: Cause, before: Value, now: Value) -> Value:
    """Return values before, broken as those now are."""
    random = np.random.default_rng(0)
    if cause.kind == "missing values":
        more = missing_in(now).mean() - missing_in(before).mean()
        gone = random.random(len(before)) < max(0.0, float(more))
        broken = before.copy()
        broken[gone] = None if before.dtype == object else np.nan
        return broken
    # Values that no longer belong to their rows: drawn from those that come.
    return np.asarray(now[random.integers(0, len(now), len(before))])
