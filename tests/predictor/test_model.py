import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

from example_bundle import (
    BINARY,
    MULTICLASS,
    REGRESSION,
    ROWS,
    make_bundle,
    make_covered_bundle,
)
from modelwright.data.records import columns_from_records
from modelwright.errors import BundleError, InputError, SchemaError
from modelwright.predictor.bundle_folder import write_bundle
from modelwright.predictor.model import Model, load

FRAME = pl.DataFrame(ROWS)


@pytest.fixture(params=[BINARY, MULTICLASS, REGRESSION], ids=lambda task: task.kind)
def model(request):
    return Model(make_bundle(request.param))


TABLES = {
    "polars": FRAME,
    "lazy": FRAME.lazy(),
    "other order and more columns": FRAME.select(
        "seen", pl.lit(1).alias("new"), "job", "member", "age"
    ),
    "pandas": pd.DataFrame(ROWS),
    "pyarrow": pa.Table.from_pylist(ROWS),
    "records": ROWS,
    "array": np.array([list(row.values()) for row in ROWS], dtype=object),
}


@pytest.mark.parametrize("table", TABLES.values(), ids=TABLES.keys())
def test_every_kind_of_table_gets_the_recorded_answers(model, table):
    recorded = [case.expected for case in model.bundle.cases[: len(ROWS)]]
    if model.task.is_classification:
        assert model.predict_proba(table).tolist() == [list(answer) for answer in recorded]
        assert set(model.predict(table)) <= set(model.classes_)
    else:
        assert model.predict(table).tolist() == [answer for (answer,) in recorded]


def test_many_rows_are_answered_side_by_side(model, monkeypatch):
    monkeypatch.setattr("modelwright.predictor.model._ROWS_EACH", 2)
    monkeypatch.setattr("modelwright.predictor.model.cores", lambda: 3)
    many = [*ROWS, *ROWS[::-1], *ROWS]
    expected = model.bundle.run(columns_from_records(many, model.bundle.schema))
    if model.task.is_classification:
        assert model.predict_proba(pl.DataFrame(many)).tolist() == expected.tolist()
    else:
        assert model.predict(pl.DataFrame(many)).tolist() == expected[:, 0].tolist()


def test_classes_are_chosen_by_the_threshold():
    model = Model(make_bundle())
    positive = model.predict_proba(ROWS)[:, 1]
    assert model.predict(ROWS).tolist() == ["yes" if p >= 0.4 else "no" for p in positive]
    assert model.classes_.tolist() == ["no", "yes"]


def test_a_regression_has_no_classes():
    model = Model(make_bundle(REGRESSION))
    assert not hasattr(model, "classes_")
    with pytest.raises(AttributeError, match="no probabilities"):
        model.predict_proba(ROWS)


def test_ranges_hold_their_answers():
    model = Model(make_covered_bundle(REGRESSION))
    low, high = model.predict_interval(FRAME).T
    assert (low <= model.predict(FRAME)).all()
    assert (model.predict(FRAME) <= high).all()
    narrow_low, narrow_high = model.predict_interval(FRAME, level=0.8).T
    assert (narrow_high - narrow_low < high - low).all()
    with pytest.raises(AttributeError, match="call predict_interval"):
        model.predict_set(FRAME)


@pytest.mark.parametrize("task", [BINARY, MULTICLASS], ids=lambda task: task.kind)
def test_sets_hold_their_answers(task):
    model = Model(make_covered_bundle(task))
    sets = model.predict_set(FRAME)
    assert all(label in each for label, each in zip(model.predict(FRAME), sets, strict=True))
    assert all(set(each) <= set(task.classes) for each in sets)
    with pytest.raises(AttributeError, match="call predict_set"):
        model.predict_interval(FRAME)


def test_a_level_or_a_bundle_without_coverage_is_refused():
    with pytest.raises(InputError, match=r"Ask for 0\.9"):
        Model(make_covered_bundle()).predict_set(ROWS, level=0.99)
    with pytest.raises(BundleError, match="Build it again"):
        Model(make_bundle()).predict_set(ROWS)
    with pytest.raises(BundleError, match="Build it again"):
        Model(make_bundle(REGRESSION)).predict_interval(ROWS)


@pytest.mark.parametrize(
    ("table", "sentence"),
    [
        (FRAME.drop("age"), "age"),
        (FRAME.rename({"job": "jobs"}), "job"),
        ([{"jobb": "cook"}], "Did you mean 'job'"),
        ([{"age": [1]}], "'age'"),
        (np.zeros((3, 2)), "4 features"),
        (np.zeros(4), "4 features"),
        ("flights.csv", "str is no table"),
    ],
)
def test_a_wrong_table_is_refused_with_the_column(table, sentence):
    with pytest.raises(SchemaError, match=sentence):
        Model(make_bundle()).predict(table)


def test_load_opens_a_bundle(tmp_path):
    write_bundle(make_bundle(), tmp_path / "b")
    assert (
        load(str(tmp_path / "b")).predict(ROWS).tolist()
        == Model(make_bundle()).predict(ROWS).tolist()
    )
    with pytest.raises(BundleError):
        load(tmp_path)
