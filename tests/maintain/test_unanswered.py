from dataclasses import replace
from datetime import UTC, datetime

import numpy as np
import pytest

from flights_example import draw_flights, draw_labels, make_flights_bundle
from modelwright.documents import Health
from modelwright.maintain.health import judge_rows
from modelwright.maintain.log.live_rows import LiveRows, live_rows_of
from modelwright.maintain.unanswered import answered_part, tell_unanswered

BUNDLE = make_flights_bundle()
TABLE = draw_flights(1_000, seed=4)
ROWS = live_rows_of(TABLE.with_columns(draw_labels(TABLE, seed=4)), BUNDLE)
NOW = datetime(2026, 3, 1, tzinfo=UTC)


def judged(given: LiveRows) -> Health:
    rows = answered_part(given, BUNDLE.program)
    return tell_unanswered(judge_rows(BUNDLE, rows, made_at=NOW), given, BUNDLE.program)


def failing(*places: int) -> LiveRows:
    answers = ROWS.answers.copy()
    answers[list(places)] = np.nan
    return replace(ROWS, answers=answers)


def test_rows_that_all_have_an_answer_stay_as_they_are():
    assert answered_part(ROWS, BUNDLE.program) is ROWS
    assert judged(ROWS) == judge_rows(BUNDLE, ROWS, made_at=NOW)


def test_a_few_rows_without_an_answer_are_left_out_and_told():
    health = judged(failing(2, 7, 500))
    assert (health.healthy, health.action, health.rows, health.labelled) == (True, "keep", 997, 997)
    assert "no answer to 3 of 1,000 rows (0.3 %), the first is row 3:" in health.sentence


@pytest.mark.parametrize("count", [11, 1_000])
def test_many_rows_without_an_answer_are_an_alarm(count):
    health = judged(failing(*range(count)))
    assert (health.healthy, health.action, health.rows) == (False, "fix input", 1_000)
    assert [each.kind for each in health.causes] == ["no answer"]
    assert health.sentence.startswith(f"The model has no answer to {count:,} of 1,000 rows")
