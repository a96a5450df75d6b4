"""What a broken input did to the loss.

Where a program can undo the break (another unit, columns that changed places, renamed levels), the
rows are answered with the break undone: the difference is what it did. Where nothing can (values
that are gone), the same break is done to rows before it, whose loss without it is known. A column
that only breaks a rule, or became another at once, is broken where undoing that spares loss.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from modelwright.documents import Cause, CauseKind
from modelwright.maintain.log.live_rows import LiveRows
from modelwright.maintain.remedies.answering import answers_or, offers_of
from modelwright.maintain.remedies.base import Remedy, Situation, Treatment
from modelwright.maintain.remedies.levels import MAP_LEVELS
from modelwright.maintain.remedies.swaps import SWAP_BACK
from modelwright.maintain.remedies.units import FIX_UNITS
from modelwright.maintain.shares.new_levels import with_new_levels
from modelwright.predictor.operations.base import Floats, Value
from modelwright.predictor.reference.grids import missing_in

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
_UNDOING: Mapping[CauseKind, Remedy] = {
    "unit change": FIX_UNITS,
    "swapped columns": SWAP_BACK,
    "renamed categories": MAP_LEVELS,
}


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
        Labelled rows before and since, and the columns that became others there at once.
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
        _, treatment = _undoing(situation, cause.columns)
        if treatment is not None:
            yield _undone(cause, treatment, situation, now)
        else:
            yield Broken(cause, None, _done_before(situation, cause, now))
    of_rules = (name for cause in causes if cause.kind == "broken rule" for name in cause.columns)
    suspects = tuple(name for name in (*of_rules, *situation.broken) if name not in named)
    kind, treatment = _undoing(situation, suspects)
    if treatment is not None:
        cause = Cause(kind=kind, columns=treatment.columns, sentence=treatment.sentence)
        yield _undone(cause, treatment, situation, now)


def _undone(cause: Cause, treatment: Treatment, situation: Situation, now: LiveRows) -> Broken:
    undone = answers_or(treatment.program, now.columns, now.answers)
    return Broken(cause, undone, np.zeros(situation.onset))


def _undoing(situation: Situation, columns: Sequence[str]) -> tuple[CauseKind, Treatment | None]:
    """Return the treatment of these columns that saves most, with what it undoes; None without."""
    recent, judge, kind = situation.recent, situation.judge, next(iter(_UNDOING))
    if not len(recent) or not columns:
        return kind, None
    looked_at = replace(situation, broken=tuple(columns))
    least, best = judge.losses(situation.program, recent.answers, recent.truth).mean(), None
    for name, remedy in _UNDOING.items():
        for treatment in offers_of(remedy, looked_at):
            if treatment.columns and set(treatment.columns) <= set(columns):
                answers = treatment.program.run(recent.columns)
                loss = judge.losses(treatment.program, answers, recent.truth).mean()
                if loss < least:
                    least, kind, best = loss, name, treatment
    return kind, best


def _done_before(situation: Situation, cause: Cause, now: LiveRows) -> Floats:
    judge, program = situation.judge, situation.program
    before = situation.rows.part(0, situation.onset)
    broken = {
        name: _break(cause, before.columns[name], now.columns[name])
        for name in cause.columns
        if name in before.columns
    }
    answers = answers_or(program, {**before.columns, **broken}, before.answers)
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
    if cause.kind == "new categories":
        return with_new_levels(before, now, random)
    # Values that no longer belong to their rows: drawn from those that come.
    return np.asarray(now[random.integers(0, len(now), len(before))])
