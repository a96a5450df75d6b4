import numpy as np
import pytest

from modelwright.compute.budget import Budget
from modelwright.data.schema import Column, Kind, Schema
from modelwright.learners.base import Rows
from modelwright.learners.columns.levels import learn_levels
from modelwright.learners.columns.target_means import draw_folds, outcomes_of
from modelwright.learners.columns.topics import (
    COMPONENTS,
    LEAST_TOLD,
    LEVEL_COMPONENTS,
    told_by_topics,
    topics_of_levels,
    topics_of_texts,
)
from modelwright.learners.trees.encoding import encode_for_trees, encode_other_rows
from modelwright.learners.trees.rows import keep_part
from modelwright.tasks.task import Task

TITLES = [
    f"{rank} {trade} {place}"
    for rank in ("chief", "senior", "junior", "acting")
    for trade in ("fire fighter", "police officer", "nurse", "librarian", "driver")
    for place in ("north", "south", "east", "west")
]
PAY = {"chief": 4.0, "senior": 2.0, "junior": 0.0, "acting": 1.0}


def _rows(count: int = 1200, *, told: bool = True) -> Rows:
    draw = np.random.default_rng(0)
    titles = draw.choice(np.array(TITLES, dtype=object), count)
    pay = np.array([PAY[title.split()[0]] if told else 0.0 for title in titles])
    schema = Schema(columns=(Column(name="job", kind=Kind.CATEGORICAL),))
    target = pay + draw.normal(size=count)
    return Rows(schema, {"job": titles}, target, Task(kind="regression"))


def _of(values: list[str | None]) -> Rows:
    schema = Schema(columns=(Column(name="job", kind=Kind.CATEGORICAL),))
    columns = {"job": np.array(values, dtype=object)}
    return Rows(schema, columns, np.zeros(len(values)), Task(kind="regression"))


def _told(rows: Rows) -> float:
    part = topics_of_levels(rows, "job", budget=Budget.start(60))
    topics = keep_part(part, rows.schema, rows.columns)()
    levels = learn_levels("job", rows.columns["job"])
    return told_by_topics(topics, levels, outcomes_of(rows), draw_folds(len(rows), seed=0))


def test_levels_that_share_words_are_close():
    rows = _rows()
    part = topics_of_levels(rows, "job", budget=Budget.start(60))
    assert part.names[-1] == f"job (topic {LEVEL_COMPONENTS})"
    titles = np.array(["chief nurse north", "chief nurse south", "junior driver west"], object)
    near, nearer, far = keep_part(part, rows.schema, {"job": titles})()
    assert np.linalg.norm(near - nearer) < np.linalg.norm(near - far)


@pytest.mark.parametrize(
    "levels",
    [
        [f"code{number}" for number in range(500)],
        [f"unit {number}" for number in range(500)],
        TITLES[:20],
        [None] * 40,
    ],
)
def test_codes_and_few_levels_have_no_topics(levels):
    assert topics_of_levels(_of(levels), "job", budget=Budget.start(60)) is None


def test_each_level_counts_once():
    often = TITLES + TITLES[:3] * 500
    once, again = (
        topics_of_levels(_of(values), "job", budget=Budget.start(60)) for values in (TITLES, often)
    )
    np.testing.assert_array_equal(once.steps[0].weights, again.steps[0].weights)


def test_topics_are_asked_what_the_target_means_leave():
    assert _told(_rows(400)) > 10 * LEAST_TOLD
    assert _told(_rows(told=False)) < LEAST_TOLD
    # With a thousand rows a title, the means know it all.
    assert _told(_rows(80_000)) < LEAST_TOLD


def test_a_target_without_variance_tells_nothing():
    rows = _rows()
    rows.target[:] = 3.0
    assert _told(rows) == 0.0


def test_the_matrix_has_topics_where_they_tell_something():
    for rows, expected in ((_rows(400), True), (_rows(told=False), False)):
        learned = encode_for_trees(rows, budget=Budget.start(60), seed=0)
        assert any("topic" in name for name in learned.encoding.names) is expected


def test_kept_rows_are_what_the_program_computes():
    rows = _rows(400)
    learned = encode_for_trees(rows, budget=Budget.start(60), seed=0)
    others = _rows(50)
    others.columns["job"][:2] = [None, "astronaut"]
    kept = encode_other_rows(learned, rows, others).matrix
    np.testing.assert_array_equal(kept, learned.encoding.matrix(others.columns))


def test_texts_have_topics_however_few():
    notes = _of(["late again", "late", "early again", None])
    part = topics_of_texts(notes, "job", budget=Budget.start(60))
    assert 0 < len(part.names) <= COMPONENTS
    assert topics_of_texts(_of(["late"]), "job", budget=Budget.start(60)) is None
