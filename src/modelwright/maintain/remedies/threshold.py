"""Another probability from which on the answer is yes."""

from collections.abc import Iterator

import msgspec

from modelwright.maintain.log.live_rows import LiveRows
from modelwright.maintain.remedies.base import PlainRemedy, Situation, Treatment
from modelwright.maintain.remedies.past import part_of
from modelwright.tasks.costs import best_threshold

_FEWEST_ROWS = 100
_FEWEST_EACH = 10
"""Rows of each class without which a threshold is a guess."""


def _plan(situation: Situation) -> Iterator[Treatment]:
    program, costs = situation.program, situation.judge.costs
    if program.task.kind != "binary" or costs is None:
        return
    for span, rows in _spans(situation.recent):
        positives = int((rows.truth == 1).sum())
        if len(rows) < _FEWEST_ROWS or min(positives, len(rows) - positives) < _FEWEST_EACH:
            continue
        found = best_threshold(rows.truth, rows.answers[:, 1], costs).value
        yield Treatment(
            option=span,
            sentence=(
                f"Answer yes from a probability of {found:.3g} on, not of {program.threshold:.3g}."
            ),
            program=msgspec.structs.replace(program, threshold=float(found)),
        )


def _spans(recent: LiveRows) -> Iterator[tuple[str, LiveRows]]:
    yield "by all recent rows", recent
    if len(recent) >= 4 * _FEWEST_ROWS:
        yield "by the last half of them", part_of(recent, len(recent) // 2, len(recent))


MOVE_THRESHOLD = PlainRemedy(
    "move threshold",
    "Moves the probability from which on the answer is yes.",
    _plan,
    measure="decisions",
)
