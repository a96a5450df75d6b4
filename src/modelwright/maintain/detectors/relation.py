"""Another relation between the columns and the target: the loss grows, and no column says why."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from modelwright.maintain.detectors.base import Finding
from modelwright.maintain.inputs.blocks import block_rows
from modelwright.maintain.look.look import Look
from modelwright.maintain.score.recalibration import recalibrate
from modelwright.maintain.truths.hidden import HIDDEN
from modelwright.maintain.truths.losses import MATERIAL, realised_growth, usual_change
from modelwright.maintain.truths.relation import log_other_relation
from modelwright.maintain.wording import percent
from modelwright.predictor.operations.base import Floats
from modelwright.tasks.metrics import METRICS

_BLUNTER = 0.05
_MENDED = 0.8
"""The part of the growth that a correction of the probabilities must take back."""


def find_other_relation(look: Look, least: float) -> Iterator[Finding]:
    """Yield that the loss grew by more than the mix of rows explains."""
    now, growth = look.level, realised_growth(look)
    if now is None or growth is None or growth < max(MATERIAL, usual_change(look)):
        return
    # What is bet on the misses has a share of its own; a part of it is for columns that mislead.
    least -= float(np.log(look.bets * (1 - HIDDEN)))
    evidence = log_other_relation(look)
    if evidence < least:
        return
    off = _is_off(look, growth)
    yield Finding(
        kind="probabilities off" if off else "concept drift",
        evidence=evidence,
        sentence=f"The loss grew by {percent(growth)} against the last windows, and the columns do "
        f"not explain it{_mended(off)}.",
        growth=growth,
        doubt=usual_change(look),
        usual_change=usual_change(look),
    )


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
