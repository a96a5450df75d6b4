"""Losses of rows, realised and expected."""

from collections.abc import Sequence

import numpy as np

from modelwright.maintain.look.aspects import ANSWERS
from modelwright.maintain.look.look import Look
from modelwright.predictor.operations.base import Floats
from modelwright.predictor.reference.grids import Codes
from modelwright.predictor.reference.reference import answer_values
from modelwright.tasks.row_losses import FEWEST_LABELS

MATERIAL = 0.05
"""The part by which the loss must be expected to grow for an alarm where nothing is broken."""

_SMALLEST = 1e-6
_BELIEVED, _LITTLE = 2, 0.03
"""Windows that are taken to have been seen, and by how much their loss differed at least."""
_DOUBT = 5.0
"""Rows by which a bin's mean loss is drawn to the mean of all."""


def realised_growth(look: Look) -> float | None:
    """Return by which part the loss has grown since the past; None without labels."""
    change = realised_change(look)
    return None if change is None else float(np.expm1(change))


def realised_change(look: Look) -> float | None:
    """Return the logarithm of how many times the loss is that of the past; None without labels."""
    now, before = look.level, look.sketch.level
    return None if now is None or before is None else now[0] - before[0]


def usual_change(look: Look) -> float:
    """Return by which part the loss changes from window to window anyway.

    A few windows tell little of it: training is taken for two more, which differed by as much as
    the mean of their rows is known to at least.
    """
    levels = [window.level for window in look.sketch.past]
    known, errors = np.array([each for each in levels if each is not None]).reshape(-1, 2).T
    if not len(known):
        return 0.0
    by_chance = float(np.square(errors).mean()) ** 0.5
    trained = max(_LITTLE, by_chance, look.bundle.reference.roughness.losses or 0.0)
    squares = np.square(known - known.mean()).sum() + _BELIEVED * trained**2
    return float(np.expm1((squares / (len(known) - 1 + _BELIEVED)) ** 0.5))


def expected_growth(look: Look, columns: Sequence[str] = ()) -> float | None:
    """Return by which part the loss should grow because other rows come; None if that is unknown.

    The loss is taken to depend on the answer, and on the columns that changed, as it did in the
    past; without labels the log-loss is what the probabilities themselves expect.

    Parameters
    ----------
    look
        The window beside the past.
    columns
        Those that changed.
    """
    losses = look.sketch.losses
    if np.isfinite(losses).sum() < FEWEST_LABELS:
        return _growth_of_doubt(look)
    growths = [_growth_by(look, *_codes_of(look, name)) for name in (ANSWERS, *columns)]
    return max(growths, key=abs)


def _codes_of(look: Look, name: str) -> tuple[Codes, Codes]:
    sketch = look.sketch
    if name == ANSWERS:
        watched = answer_values(look.bundle.program.task, look.rows.answers)
        return sketch.answer_grid.codes(sketch.answers), sketch.answer_grid.codes(watched)
    return sketch.codes[name], sketch.grids[name].codes(look.values[name])


def _growth_by(look: Look, before: Codes, now: Codes) -> float:
    losses = look.sketch.losses
    known = np.isfinite(losses)
    usual = losses[known].mean()
    bins = int(max(before.max(initial=0), now.max(initial=0))) + 2
    rows = np.bincount(before[known] + 1, minlength=bins)
    sums = np.bincount(before[known] + 1, weights=losses[known], minlength=bins)
    means = (sums + _DOUBT * usual) / (rows + _DOUBT)
    return float(means[now + 1].mean() / usual - 1) if usual > 0 else 0.0


def _growth_of_doubt(look: Look) -> float | None:
    """Return the growth of the log-loss that the probabilities themselves expect."""
    if not look.bundle.program.task.is_classification:
        return None
    before = np.concatenate([window.answers for window in look.sketch.past])
    usual = _entropy(before)
    return _entropy(look.rows.answers) / usual - 1 if usual > 0 else 0.0


def _entropy(answers: Floats) -> float:
    likely = np.clip(answers, _SMALLEST, 1.0)
    return float(-(likely * np.log(likely)).sum(axis=1).mean())
