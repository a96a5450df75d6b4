import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

from example_bundle import BINARY, MULTICLASS, REGRESSION, ROWS, make_bundle
from modelwright.errors import BundleError, SchemaError
from modelwright.predictor.bundle import write_bundle
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
