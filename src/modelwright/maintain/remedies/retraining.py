"""The model learns again, with the rows that came since."""

from collections.abc import Iterator

from modelwright.errors import ModelwrightError
from modelwright.maintain.remedies.base import Lesson, PlainRemedy, Situation, Treatment
from modelwright.maintain.remedies.past import joined
from modelwright.predictor.compose import blend_programs, ruled_by
from modelwright.predictor.program import Program

_FEWEST_ALONE = 300
"""Live rows without which nothing is learned from them alone."""
_ALL, _ALONE = "all rows alike", "recent rows alone"


def lessons_of(situation: Situation) -> Iterator[tuple[str, str, Lesson]]:
    """Yield the rows from which a model may learn again: an option, words for it, the lesson.

    Parameters
    ----------
    situation
        The model and what is known.
    """
    rows, recent = joined(situation.before, situation.rows), situation.recent
    # Together they weigh as much as the training does.
    weight = max(1.0, situation.trained / max(1, len(recent)))
    yield _ALL, "all rows alike", Lesson(rows=rows)
    yield (
        "recent rows count more",
        f"all rows, those of late {weight:.3g} times",
        Lesson(rows=recent, weight=weight),
    )
    if len(recent) >= _FEWEST_ALONE:
        yield _ALONE, "recent rows alone", Lesson(rows=recent, with_training=False)


def _plan(situation: Situation) -> Iterator[Treatment]:
    learned = dict[str, Treatment]()
    for option, words, lesson in lessons_of(situation):
        program = _learn(situation, lesson)
        if program is None:
            continue
        learned[option] = Treatment(
            option=option,
            sentence=f"Learn again from {words}: {len(lesson.rows):,} live rows.",
            program=program,
            learned=lesson.rows,
            with_training=lesson.with_training,
        )
        yield learned[option]
    if _ALL in learned and _ALONE in learned:
        yield _both(learned[_ALL], learned[_ALONE])


def _learn(situation: Situation, lesson: Lesson) -> Program | None:
    if situation.school is None or not len(lesson.rows):
        return None
    try:
        return situation.school.learn(lesson)
    except ModelwrightError:
        # Rows of one class alone, for example: this way there is nothing to offer.
        return None


def _both(everything: Treatment, recent: Treatment) -> Treatment:
    """Return the mean of a model that forgets nothing and one that knows only of late.

    Where a world moves on, nobody knows how much of it is gone: the two err in other rows, and
    their mean often less than either (models of many ages: Kolter and Maloof, JMLR 8 (2007)
    2755-2790).
    """
    assert everything.learned is not None
    assert recent.learned is not None
    blended = blend_programs([everything.program, recent.program], [1.0, 1.0])
    return Treatment(
        option="old and new together",
        sentence=(
            f"Learn again twice, from all rows ({len(everything.learned):,} live rows) and from "
            f"{len(recent.learned):,} recent ones alone, and answer with the mean."
        ),
        program=ruled_by(blended, everything.program.rule),
        learned=everything.learned,
    )


RETRAIN = PlainRemedy("retrain", "Learns again, with the rows that came since.", _plan)
