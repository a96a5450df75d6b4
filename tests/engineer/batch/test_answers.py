import json

import polars as pl
import pytest

from example_bundle import (
    BINARY,
    MULTICLASS,
    REGRESSION,
    ROWS,
    make_bundle,
    make_covered_bundle,
)
from graph_models import listed_bundle
from modelwright.engineer.batch.answers import csv_bytes, predict_table
from modelwright.errors import BundleError, InputError, SchemaError
from modelwright.predictor.model import Model
from modelwright.tasks.task import Task

TABLE = pl.DataFrame(ROWS)


def test_answers_follow_the_columns():
    answered = predict_table(make_bundle(), TABLE)
    assert answered.columns == [*TABLE.columns, "prediction", "probability_yes"]
    expected = ["yes" if p >= 0.4 else "no" for p in answered["probability_yes"]]
    assert answered["prediction"].to_list() == expected


def test_each_class_has_its_probability():
    answered = predict_table(make_bundle(MULTICLASS), TABLE)
    chances = answered.select(f"probability_{each}" for each in (1, 2, 3))
    assert chances.sum_horizontal().to_list() == pytest.approx([1.0] * len(TABLE))


def test_a_number_stands_alone():
    answered = predict_table(make_bundle(REGRESSION), TABLE)
    assert answered.columns == [*TABLE.columns, "prediction"]
    assert answered["prediction"].dtype == pl.Float64


def test_ranges_follow_where_they_are_asked_for():
    bundle = make_covered_bundle(REGRESSION)
    answered = predict_table(bundle, TABLE, coverage=0.8)
    assert answered.columns == [*TABLE.columns, "prediction", "prediction_low", "prediction_high"]
    expected = Model(bundle).predict_interval(TABLE, 0.8)
    assert answered.select("prediction_low", "prediction_high").to_numpy().tolist() == (
        expected.tolist()
    )
    assert predict_table(bundle, TABLE).columns == [*TABLE.columns, "prediction"]


def test_a_row_that_the_graph_fails_on_has_no_answer():
    answered = predict_table(listed_bundle(), pl.DataFrame({"age": [7.0, 2.0, 7.0, 0.0]}))
    assert answered["prediction"].to_list() == [None, "yes", None, "no"]
    assert answered["probability_yes"].to_list() == pytest.approx([None, 0.9, None, 0.1])
    none = predict_table(listed_bundle(), pl.DataFrame({"age": [7.0]}))
    assert none["prediction"].to_list() == [None]
    assert none.schema == answered.schema


@pytest.mark.parametrize("task", [BINARY, MULTICLASS], ids=lambda task: task.kind)
def test_sets_are_lists_of_classes(task):
    bundle = make_covered_bundle(task)
    sets = predict_table(bundle, TABLE, coverage=0.9)["prediction_set"]
    assert [tuple(each) for each in sets] == Model(bundle).predict_set(TABLE)
    assert sets.dtype == pl.List(pl.Series(task.classes).dtype)
    none = predict_table(bundle, TABLE.head(0), coverage=0.9)["prediction_set"]
    assert (none.dtype, len(none)) == (sets.dtype, 0)


def test_classes_of_several_types_are_texts_in_a_set():
    mixed = Task(kind="multiclass", classes=(1, "one", True))
    sets = predict_table(make_covered_bundle(mixed), TABLE, coverage=0.9)["prediction_set"]
    assert sets.dtype == pl.List(pl.String)
    assert set(sets.explode()) <= {"1", "one", "true"}


def test_coverage_that_is_not_stated_is_refused():
    with pytest.raises(BundleError, match="Build it again"):
        predict_table(make_bundle(), TABLE, coverage=0.9)
    with pytest.raises(InputError, match=r"Ask for 0\.9"):
        predict_table(make_covered_bundle(), TABLE, coverage=0.95)


def test_a_set_is_json_in_csv():
    answered = predict_table(make_covered_bundle(MULTICLASS), TABLE, coverage=0.9)
    texts = pl.read_csv(csv_bytes(answered))["prediction_set"].to_list()
    assert [json.loads(text) for text in texts] == answered["prediction_set"].to_list()
    assert csv_bytes(pl.DataFrame({"x": [[1], None]})) == b'x\n[1]\n""\n'.replace(b'""', b"")
    assert csv_bytes(pl.DataFrame({"x": [1]}), header=False) == b"1\n"


def test_a_piece_with_one_label_has_the_type_of_all():
    task = Task(kind="multiclass", classes=(1, "one", True))
    kinds = {predict_table(make_bundle(task), TABLE[[row]])["prediction"].dtype for row in range(4)}
    assert len(kinds) == 1


def test_a_missing_column_is_named():
    with pytest.raises(SchemaError, match="no column 'age'"):
        predict_table(make_bundle(), TABLE.drop("age"))
