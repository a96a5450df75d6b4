"""The model learns again without a column that broke."""

from collections.abc import Iterator
from dataclasses import replace

from modelwright.errors import ModelwrightError
from modelwright.maintain.remedies.base import PlainRemedy, Situation, Treatment
from modelwright.maintain.remedies.columns import changed_columns
from modelwright.maintain.remedies.retraining import lessons_of

_MOST = 2
"""Columns that are dropped, those that changed most."""


def _plan(situation: Situation) -> Iterator[Treatment]:
    changed = [each.name for each in changed_columns(situation)]
    names = tuple(changed[:_MOST])
    if situation.school is None or not names or len(situation.program.inputs) <= len(names):
        return
    for option, words, lesson in list(lessons_of(situation))[:2]:
        try:
            program = situation.school.learn(replace(lesson, without=names))
        except ModelwrightError:
            continue
        yield Treatment(
            option=option,
            sentence=f"Learn again without {' and '.join(map(repr, names))}, from {words}.",
            program=program,
            columns=names,
            learned=lesson.rows,
        )


DROP_FEATURE = PlainRemedy(
    "drop feature", "Learns again without the columns that changed most.", _plan
)
