"""From which rows a model learns again, and what it answers with when it learned twice."""

from dataclasses import dataclass, replace

import msgspec
import numpy as np
import pytest

from flights_example import draw_flights, draw_labels, make_flights_bundle
from modelwright.errors import LearnerError
from modelwright.maintain.log.live_rows import live_rows_of
from modelwright.maintain.remedies.base import Lesson, Situation
from modelwright.maintain.remedies.losses import Judge
from modelwright.maintain.remedies.past import part_of
from modelwright.maintain.remedies.retraining import RETRAIN
from modelwright.predictor.compose import append_step
from modelwright.predictor.operations.answers import ScaleLogits
from modelwright.predictor.program import Program

BUNDLE = make_flights_bundle()
TABLE = draw_flights(600, seed=5)
ROWS = live_rows_of(TABLE.with_columns(draw_labels(TABLE, seed=5)), BUNDLE)


@dataclass(frozen=True)
class Teacher:
    """Teaches a level of the answers: none with the training, another from live rows alone."""

    refuses_few: bool = False
    rows: int = 1_000

    def learn(self, lesson: Lesson) -> Program:
        if self.refuses_few and not lesson.with_training:
            raise LearnerError("One class alone.")
        level = 0.0 if lesson.with_training else 2.0
        step = ScaleLogits(inputs=("",), output="", slope=1.0, bias=np.array([0.0, level]))
        return append_step(BUNDLE.program, step)


def offered(teacher: Teacher | None, *, onset: int = 0):
    situation = Situation(
        bundle=BUNDLE, rows=ROWS, onset=onset, judge=Judge.of(BUNDLE), school=teacher
    )
    return {each.option: each for each in RETRAIN.treat(situation)}


def test_old_and_new_together_answer_with_the_mean_of_both():
    found = offered(Teacher(), onset=200)
    assert list(found) == [
        "all rows alike",
        "recent rows count more",
        "recent rows alone",
        "old and new together",
    ]
    both = found["old and new together"]
    old, new = (found[name].program.run(ROWS.columns) for name in list(found)[::2])
    assert both.program.run(ROWS.columns) == pytest.approx((old + new) / 2, abs=1e-12)
    assert both.program.threshold == BUNDLE.program.threshold
    assert "all rows (600 live rows) and from 400 recent ones alone" in both.sentence
    assert (len(both.learned), both.with_training) == (600, True)


def test_rows_that_a_champion_before_answered_are_learned_from_too():
    seen = list[int]()

    class Counting(Teacher):
        def learn(self, lesson: Lesson) -> Program:
            seen.append(len(lesson.rows))
            assert len(lesson.rows.columns["temp"]) == len(lesson.rows.truth) == len(lesson.rows)
            return super().learn(lesson)

    situation = Situation(
        bundle=BUNDLE,
        rows=part_of(ROWS, 250, 600),
        judge=Judge.of(BUNDLE),
        school=Counting(),
        before=part_of(ROWS, 0, 250),
    )
    assert len(list(RETRAIN.treat(situation))) == 4
    assert seen == [600, 350, 350]


def test_rows_that_were_learned_again_count_once():
    """A mended model's own count holds live rows already, which are learned from again."""
    facts = msgspec.structs.replace(BUNDLE.facts, training_rows=1_500)
    situation = Situation(
        bundle=replace(BUNDLE, facts=facts),
        rows=part_of(ROWS, 500, 600),
        judge=Judge.of(BUNDLE),
        school=Teacher(rows=1_000),
        before=part_of(ROWS, 0, 500),
    )
    assert situation.trained == 1_000
    offers = {each.option: each for each in RETRAIN.treat(situation)}
    assert "those of late 10 times" in offers["recent rows count more"].sentence


def test_what_cannot_be_learned_is_not_offered():
    assert list(offered(Teacher(refuses_few=True))) == ["all rows alike", "recent rows count more"]
    assert list(offered(Teacher(), onset=400)) == ["all rows alike", "recent rows count more"]
    assert not offered(None)
