"""What remedies do: asked after some windows, each answers until the next one, or is taken back."""

from collections.abc import Sequence

import numpy as np

from bench.remedies.stage import CLEAN, WINDOW, Stage
from modelwright.maintain.log.live_rows import LiveRows
from modelwright.maintain.remedies.base import Situation, Treatment
from modelwright.maintain.remedies.past import rows_at
from modelwright.maintain.remedies.proposals import (
    IN_TROUBLE,
    both_sides,
    propose,
    share_spared,
    situation_of,
)
from modelwright.maintain.remedies.registry import remedies_named
from modelwright.predictor.operations.base import Floats
from modelwright.tasks.metrics import metric_named

NOTHING, BACK = "-", "roll back"


def live_with_remedies(
    stage: Stage, rows: LiveRows, asked: Sequence[int]
) -> tuple[Floats, tuple[str, ...]]:
    """Return the loss of each row with what is applied by then, and the names of that.

    Parameters
    ----------
    stage, rows
        The model, and what it meets.
    asked
        After which windows remedies are tested.
    """
    usual, names = stage.losses(rows), list[str]()
    losses, since = usual.copy(), 0
    for count in asked:
        moment = CLEAN + count * WINDOW
        # Always of the model that learned from none of these rows: no answer flatters.
        name, treatment = _best(stage, rows_at(rows, np.arange(moment)))
        if treatment is not None:
            answers = treatment.program.run(rows.columns)
            mended = stage.judge.losses(treatment.program, answers, rows.truth)
            losses[moment:], since = mended[moment:], moment
        elif since and _is_worse(losses[since:moment], usual[since:moment]):
            losses[moment:], since, name = usual[moment:], 0, BACK
        names.append(name)
    return losses, tuple(names)


def _is_worse(mended: Floats, usual: Floats) -> bool:
    """Whether to go back would have spared loss since, as certain as a remedy has to be."""
    spared = share_spared(mended - usual, mended, both_sides(IN_TROUBLE))
    return spared is not None and spared.low > 0


def _best(stage: Stage, known: LiveRows) -> tuple[str, Treatment | None]:
    """Return the best remedy that helps with confidence; none where none does."""
    bundle = stage.bundle
    situation = situation_of(
        Situation(
            bundle=bundle, rows=known, judge=stage.judge, school=stage.school(bundle.program)
        ),
        known,
    )
    metric = metric_named(bundle.facts.metric, bundle.program.task)
    remedies = tuple(each for each in remedies_named(()) if each.measure == "answers")
    best = propose(situation, remedies, metric=metric, report=lambda _: None)[0]
    if best.treatment is None or not best.proposal.helps:
        return NOTHING, None
    return best.proposal.remedy, best.treatment
