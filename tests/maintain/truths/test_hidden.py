import functools
from dataclasses import replace

import numpy as np
import polars as pl
import pytest
from sklearn.ensemble import RandomForestClassifier

from flights_example import SCHEMA, TASK, draw_flights, draw_labels, make_flights_bundle
from modelwright.data.conform import columns_of, conform
from modelwright.learners.foreign.pipeline import FittedPipeline
from modelwright.maintain.look.look import Look
from modelwright.maintain.truths.hidden import Hidden, find_hidden, growth_without
from modelwright.maintain.truths.told_rows import ToldRows, told_windows
from modelwright.predictor.bundle import Bundle
from modelwright.predictor.reference.reference import reference_of
from modelwright.tasks.task import Task
from modelwright.testing import look_at_last

ROWS = 400


def flights(seed: int) -> pl.DataFrame:
    table = draw_flights(4 * ROWS, seed=seed)
    return table.with_columns(draw_labels(table, seed=seed))


def hidden(table: pl.DataFrame, least: float) -> Hidden | None:
    return find_hidden(look_at_last(make_flights_bundle(), table), least)


def test_where_nothing_changes_every_column_helps():
    assert not any(hidden(flights(seed), 0.0) for seed in range(4))


def test_a_column_of_other_rows_misleads_and_what_is_lost_is_told():
    table = flights(5)
    order = np.arange(len(table))
    order[3 * ROWS :] = np.roll(order[3 * ROWS :], 131)
    found = hidden(table.with_columns(temp=table["temp"].gather(order)), 5.0)
    assert found is not None
    assert found.column == "temp"
    assert found.growth > 0.05


def test_of_a_part_of_its_values_a_column_tells_less_and_is_no_liar():
    table = flights(5)
    warm = table[3 * ROWS :].filter(pl.col("temp") > table["temp"].quantile(0.8))
    some = pl.concat([table[: 3 * ROWS], warm, warm, warm, warm, warm])[: 4 * ROWS]
    assert hidden(some, 0.0) is None


def test_without_labels_nobody_knows():
    assert hidden(flights(5).drop("late"), 0.0) is None


def test_where_the_answers_are_of_another_program_nothing_is_hidden():
    look = look_at_last(make_flights_bundle(), flights(5))
    given = replace(look.sketch.past[-1], answers=look.sketch.past[-1].answers[:, ::-1])
    other = replace(look, sketch=replace(look.sketch, past=(given, given)))
    assert growth_without(look, ("temp",)) is not None
    assert growth_without(other, ("temp",)) is None


def late(table: pl.DataFrame, *, seed: int, classes: int) -> pl.Series:
    """Draw the class that degrees nearly always tell, of which one in twenty is another."""
    random = np.random.default_rng(seed)
    told = np.digitize(table["temp"], [15.0, 25.0][: classes - 1])
    other = random.integers(0, classes, len(table))
    at = np.where(random.random(len(table)) < 0.05, other, told)
    return pl.Series("late", np.array(["maybe", "no", "yes"][3 - classes :])[at])


@functools.cache
def forest(classes: int) -> Bundle:
    """Make the bundle of a forest whose answers are often exactly 0 and 1."""
    table = draw_flights(1500, seed=1).with_columns(pl.col("load").fill_null(1.0))
    target = late(table, seed=1, classes=classes)
    model = RandomForestClassifier(10, random_state=0)
    model.fit(table.select("temp", "load").to_pandas(), target.to_numpy())
    task = TASK if classes == 2 else Task(kind="multiclass", classes=("maybe", "no", "yes"))
    program = FittedPipeline(model).program(task)
    columns = columns_of(conform(table, SCHEMA), SCHEMA)
    reference = reference_of(columns, SCHEMA, program.run(columns), task)
    return replace(make_flights_bundle(), program=program, reference=reference)


def forest_look(seed: int, classes: int) -> Look:
    table = draw_flights(4 * ROWS, seed=seed).with_columns(pl.col("load").fill_null(1.0))
    given = table.with_columns(late(table, seed=seed, classes=classes))
    return look_at_last(forest(classes), given)


@pytest.mark.parametrize("classes", [2, 3])
def test_the_truth_is_known_where_an_answer_is_exactly_one_or_nothing(classes):
    look = forest_look(2, classes)
    assert (look.rows.answers == 1.0).any(axis=1).mean() > 0.3
    table = late(draw_flights(4 * ROWS, seed=2), seed=2, classes=classes)[: 3 * ROWS]
    of = look.bundle.program.task.classes.index
    assert ToldRows.of_past(look).truth.tolist() == [of(name) for name in table]


@pytest.mark.parametrize("classes", [2, 3])
def test_no_column_misleads_a_sure_forest_where_nothing_changes(monkeypatch, classes):
    monkeypatch.setattr("modelwright.maintain.truths.hidden._has_grown", lambda look: True)
    assert not any(find_hidden(forest_look(seed, classes), 0.0) for seed in range(3, 7))


def test_windows_without_labels_tell_nothing():
    look = look_at_last(make_flights_bundle(), flights(5))
    first, *rest = (each.of_another_world for each in look.sketch.past)
    last = look.sketch.past[-1]
    one = replace(look, sketch=replace(look.sketch, past=(first, *rest, last)))
    assert len(told_windows(one)) == 1
    assert find_hidden(one, -np.inf) is None
    two = replace(look, sketch=replace(look.sketch, past=(last, first, last)))
    alone = replace(look, sketch=replace(look.sketch, past=(last, last)))
    assert np.array_equal(ToldRows.of_past(two).truth, ToldRows.of_past(alone).truth)


@pytest.mark.filterwarnings("error")
def test_a_few_labels_that_are_missing_change_little():
    table = flights(5)
    order = np.arange(len(table))
    order[3 * ROWS :] = np.roll(order[3 * ROWS :], 131)
    table = table.with_columns(temp=table["temp"].gather(order))
    asked = pl.int_range(pl.len()) % 3 == 0
    part = table.with_columns(pl.when(asked).then(None).otherwise(pl.col("late")).alias("late"))
    whole, rest = hidden(table, 5.0), hidden(part, 5.0)
    assert whole is not None
    assert rest is not None
    assert 0.4 * whole.evidence < rest.evidence < 0.95 * whole.evidence
