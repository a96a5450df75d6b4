from functools import partial

import numpy as np
import polars as pl
import pytest

from modelwright.data.inference.infer import infer_schema
from modelwright.data.prepare import prepare
from modelwright.data.splitting.splits import Split
from modelwright.errors import SchemaError
from modelwright.learners.linear import Linear
from modelwright.learners.rehearsal import Rehearsal
from modelwright.tasks.infer import infer_task
from modelwright.tasks.metrics import METRICS

N = 600


@pytest.fixture
def table():
    rng = np.random.default_rng(7)
    x = rng.normal(size=N)
    return pl.DataFrame(
        {
            "x": x,
            "word": rng.choice(["a", "b"], N),
            "essay": [f"{i} went to town and {i + 1} came back again" for i in range(N)],
            "who": np.arange(N) % 60,
            "day": np.arange(N),
            "y": x > 0,
        }
    )


def rehearse(table, *, split=None, groups=None, **roles):
    schema = infer_schema(table, target="y", roles=roles)
    return Rehearsal.draw(
        prepare(table, schema),
        schema,
        target="y",
        task=infer_task(table["y"]),
        split=split or Split(kind="random"),
        metric=METRICS["roc_auc"],
        seed=0,
        groups=groups,
    )


by_who = partial(rehearse, split=Split(kind="group", column="who"), who="group")


def test_rows_are_answered_out_of_fold(table):
    rehearsal = rehearse(table)
    assert len(rehearsal) == len(rehearsal.asked) == N
    assert rehearsal.metric.score(rehearsal.truth, rehearsal.answers) > 0.95
    assert rehearsal.units is None


def test_text_is_left_out(table):
    assert "essay" not in rehearse(table).rows.schema.names


def test_rows_of_one_group_share_a_fold(table):
    rehearsal = by_who(table)
    who = rehearsal.frame["who"].to_numpy()
    for learned, asked in rehearsal.folds:
        assert not set(who[learned]) & set(who[asked])
    assert len(set(rehearsal.units)) == 60


def test_the_future_is_not_learned_from(table):
    rehearsal = rehearse(table, split=Split(kind="time", column="day"), day="time")
    for learned, asked in rehearsal.folds:
        assert learned.max() < asked.min()
    assert np.isnan(rehearsal.answers).any()


def test_given_groups_come_first(table):
    groups = np.arange(N) // 10
    for learned, asked in rehearse(table, groups=groups).folds:
        assert not set(groups[learned]) & set(groups[asked])


@pytest.mark.parametrize("each", [7, 7_000])
def test_many_rows_are_drawn_in_whole_groups_where_these_are_small(each):
    rows = 14_000
    x = np.random.default_rng(0).normal(size=rows)
    table = pl.DataFrame({"x": x, "who": np.arange(rows) // each, "y": x > 0})
    rehearsal = by_who(table)
    sizes = rehearsal.frame["who"].value_counts()["count"]
    assert (sizes.unique().to_list() == [7]) == (each == 7)
    assert 9_900 < len(rehearsal) <= 10_000


def test_the_same_seed_rehearses_the_same(table):
    assert np.array_equal(rehearse(table).answers, rehearse(table).answers)


def test_one_group_alone_cannot_be_divided(table):
    with pytest.raises(SchemaError, match="fewer than two groups"):
        _ = by_who(table.with_columns(who=1)).answers


def test_a_line_keeps_its_usual_penalty():
    draw = np.random.default_rng(5)
    inputs = draw.normal(size=(120, 40))
    noisy = pl.DataFrame(inputs, [f"x{at}" for at in range(40)]).with_columns(
        y=inputs[:, 0] + draw.normal(size=120) > 0
    )
    rehearsal = rehearse(noisy)
    answers = rehearsal.answer(rehearsal.folds, learner=Linear())
    asked = rehearsal.asked
    assert METRICS["log_loss"].score(rehearsal.truth[asked], answers[asked]) < 1
