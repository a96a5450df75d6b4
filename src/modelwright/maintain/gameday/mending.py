"""What a fault's remedy brings back: proposed by what is known when it is found, judged after."""

from dataclasses import dataclass, replace

import numpy as np
import polars as pl

from modelwright.maintain.gameday.traffic import Span
from modelwright.maintain.remedies.answering import answers_or
from modelwright.maintain.remedies.base import Situation
from modelwright.maintain.remedies.losses import Judge
from modelwright.maintain.remedies.proposals import propose, situation_of
from modelwright.maintain.remedies.registry import remedies_named
from modelwright.predictor.bundle import Bundle
from modelwright.predictor.program import Program
from modelwright.tasks.metrics import Metric


@dataclass(frozen=True)
class Mended:
    """A remedy, and what it did.

    Parameters
    ----------
    remedy
        Its name; empty where none helps with confidence.
    share
        The part of the loss that the fault added and the remedy took away, on the faulty rows after
        it was found; None where there are none, or the fault added nothing there.
    """

    remedy: str = ""
    share: float | None = None


@dataclass(frozen=True)
class Scenes:
    """Rows around a fault.

    Parameters
    ----------
    before
        Until it begins.
    faulty, plain
        While it lasts, and the same rows without it.
    known
        How many faulty rows were seen when it was found.
    """

    before: Span
    faulty: Span
    plain: Span
    known: int


def mend_fault(bundle: Bundle, scenes: Scenes, *, metric: Metric) -> Mended:
    """Propose remedies by what was known when a fault was found, and judge the best of them.

    Only remedies that need no learning are tried: they are what helps within the hour.

    Parameters
    ----------
    bundle
        The model.
    scenes
        Rows with their labels.
    metric
        By which the model was chosen.
    """
    judge, seen = Judge.of(bundle), scenes.faulty.part(0, scenes.known)
    both = Span(
        pl.concat([scenes.before.table, seen.table], how="vertical_relaxed"),
        np.concatenate([scenes.before.truth, seen.truth]),
    )
    rows = replace(both.answered(bundle), times=None)
    situation = situation_of(Situation(bundle=bundle, rows=rows, judge=judge), rows)
    remedies = tuple(each for each in remedies_named(()) if each.measure == "answers")
    best, *_ = propose(situation, remedies, metric=metric, report=lambda _: None)
    if best.treatment is None or not best.proposal.helps:
        return Mended()
    later = scenes.faulty.part(scenes.known, len(scenes.faulty))
    plain = scenes.plain.part(scenes.known, len(scenes.faulty))
    usual = _loss(later, bundle, bundle.program, judge)
    fixed = _loss(later, bundle, best.treatment.program, judge)
    added = usual - _loss(plain, bundle, bundle.program, judge)
    return Mended(best.proposal.remedy, (usual - fixed) / added if added > 0 else None)


def _loss(span: Span, bundle: Bundle, program: Program, judge: Judge) -> float:
    """Return the mean loss of labelled rows; NaN where there are none."""
    rows = span.answered(bundle)
    answers = rows.answers
    if program is not bundle.program:
        answers = answers_or(program, rows.columns, answers)
    known = rows.labelled
    losses = judge.losses(program, answers[known], rows.truth[known])
    return float(losses.mean()) if len(losses) else float("nan")
