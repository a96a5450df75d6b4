"""Another relation between the columns and the target: the loss grows, and no column says why."""

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import logsumexp

from modelwright.maintain.blocks import block_rows
from modelwright.maintain.detectors.base import Finding
from modelwright.maintain.grids import COARSE, grid_of, joint, persistence
from modelwright.maintain.look import PERSISTENT, Look
from modelwright.maintain.losses import expected_growth, realised_growth, usual_change
from modelwright.maintain.misses import level_of
from modelwright.maintain.recalibration import recalibrate
from modelwright.maintain.surprise import log_rise, log_surprises
from modelwright.maintain.wording import percent
from modelwright.predictor.operations.base import Floats
from modelwright.predictor.reference import answer_values
from modelwright.tasks.metrics import METRICS

_MATERIAL = 0.05
_BLUNTER = 0.05
_MENDED = 0.8
"""The part of the growth that a correction of the probabilities must take back."""


def find_other_relation(look: Look, least: float) -> Iterator[Finding]:
    """Yield that the loss grew by more than the mix of rows explains."""
    now, growth = level_of(look.losses), realised_growth(look)
    if now is None or growth is None or growth < max(_MATERIAL, usual_change(look)):
        return
    # Half of what may be bet is bet on the misses, the other half on all that is counted.
    least -= float(np.log(len(look.aspects)))
    evidence = max(_of_loss(look, *now), _of_residuals(look)) - float(np.log(2))
    if evidence < least:
        return
    off = _is_off(look, growth)
    yield Finding(
        kind="probabilities off" if off else "concept drift",
        evidence=evidence,
        sentence=f"The loss grew by {percent(growth)} against the last windows, and the columns do "
        f"not explain it{_mended(off)}.",
        growth=growth,
    )


def _of_loss(look: Look, level: float, spread: float) -> float:
    levels = [window.level for window in look.sketch.past]
    known = np.array([each for each in levels if each is not None])
    if not len(known):
        return 0.0
    changed = [
        column.name for column in look.sketch.columns if look.surprise("values", column.name) > 0
    ]
    explained = np.log1p(max(0.0, expected_growth(look, changed) or 0.0))
    return log_rise(known[:, 0], known[:, 1], now=level - explained, spread=spread)


def _of_residuals(look: Look) -> float:
    """Return how surprising the residuals are among rows alike, of all ways to part the rows.

    Within each part a mix of rows cannot tell; the bets on the parts are independent, so their
    product is a bet, and the average over the ways to part rows is one.
    """
    sketch = look.sketch
    grid = grid_of(sketch.residuals, bins=COARSE)
    before, now = grid.codes(sketch.residuals), grid.codes(look.misses.residuals)
    stays = persistence(before, grid.bins)
    stays, kept = (stays, look.kept) if stays >= PERSISTENT else (1.0, 1.0)
    answers = grid_of(sketch.answers, bins=COARSE)
    watched = answer_values(look.bundle.program.task, look.rows.answers)
    ways = [(answers, answers.codes(sketch.answers), answers.codes(watched))]
    ways += [
        (sketch.coarse[name], sketch.coarse_codes[name], look.coarse_codes[name])
        for name in sketch.coarse
    ]
    history, counts, way_of = list[Any](), list[Any](), list[int]()
    for number, (parts, part_before, part_now) in enumerate(ways):
        shape = parts.bins, grid.bins
        split = (np.split(each, sketch.starts) for each in (part_before, before))
        tables = [joint(a, b, shape).reshape(shape) for a, b in zip(*split, strict=True)]
        history.extend(np.stack(tables).transpose(1, 0, 2) / stays)
        counts.extend(joint(part_now, now, shape).reshape(shape) * kept / stays)
        way_of.extend([number] * parts.bins)
    surprises = log_surprises(np.stack(history), np.stack(counts))
    by_way = np.bincount(way_of, weights=surprises, minlength=len(ways))
    return float(logsumexp(by_way) - np.log(len(ways)))


def _is_off(look: Look, growth: float) -> bool:
    """Say whether a correction of the probabilities alone would take the growth back."""
    if look.bundle.program.task.kind != "binary":
        return False
    known = look.rows.labelled
    truth, answers = look.rows.truth[known], look.rows.answers[known]
    if len(np.unique(truth)) < 2:
        return False
    corrected = recalibrate(truth, answers, block_rows(None, len(truth)))
    likely = np.clip(corrected[np.arange(len(truth)), truth], 1e-6, 1.0)
    if _ranks_worse(look, truth, answers):
        return False
    usual, now = np.nanmean(look.sketch.losses), np.nanmean(look.losses)
    return bool(now + np.log(likely).mean() >= _MENDED * (now - usual)) and growth > 0


def _ranks_worse(look: Look, truth: NDArray[np.int64], answers: Floats) -> bool:
    """Say whether the answers tell the classes apart less well than they did: that is no scale."""
    known = np.isfinite(look.sketch.residuals)
    before = np.concatenate([window.answers for window in look.sketch.past])[known, 1]
    was = np.round(look.sketch.residuals[known] + before).astype(np.int64)
    if len(np.unique(was)) < 2:
        return True
    ranking = METRICS["roc_auc"]
    usual = ranking.score(was, np.column_stack([1 - before, before]))
    return bool(ranking.score(truth, answers) < usual - _BLUNTER)


def _mended(off: bool) -> str:
    return "; a correction of the probabilities would take it back" if off else ""
