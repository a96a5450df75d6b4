"""The model learns again, with the rows that came since."""

from collections.abc import Iterator

from modelwright.errors import ModelwrightError
from modelwright.maintain.remedies.base import Lesson, PlainRemedy, Situation, Treatment

_FEWEST_ALONE = 300
"""Live rows without which nothing is learned from them alone."""


def lessons_of(situation: Situation) -> Iterator[tuple[str, str, Lesson]]:
    """Yield the rows from which a model may learn again: an option, words for it, the lesson.

    Parameters
    ----------
    situation
        The model and what is known.
    """
    rows, recent = situation.rows, situation.recent
    trained = max(1, situation.bundle.facts.training_rows)
    # Together they weigh as much as the training does.
    weight = max(1.0, trained / max(1, len(recent)))
    yield "all rows alike", "all rows alike", Lesson(rows=rows)
    yield (
        "recent rows count more",
        f"all rows, those of late {weight:.3g} times",
        Lesson(rows=recent, weight=weight),
    )
    if len(recent) >= _FEWEST_ALONE:
        yield "recent rows alone", "recent rows alone", Lesson(rows=recent, with_training=False)


def _plan(situation: Situation) -> Iterator[Treatment]:
    if situation.school is None:
        return
    for option, words, lesson in lessons_of(situation):
        if not len(lesson.rows):
            continue
        try:
            program = situation.school.learn(lesson)
        except ModelwrightError:
            # Rows of one class alone, for example: this way there is nothing to offer.
            continue
        yield Treatment(
            option=option,
            sentence=f"Learn again from {words}: {len(lesson.rows):,} live rows.",
            program=program,
            learned=lesson.rows,
            with_training=lesson.with_training,
        )


RETRAIN = PlainRemedy("retrain", "Learns again, with the rows that came since.", _plan)
