from dataclasses import replace
from decimal import Decimal

import msgspec
import numpy as np
import pandas as pd
import pytest

from example_bundle import BINARY, MULTICLASS, REGRESSION, ROWS, make_bundle
from modelwright.data.schema import Schema
from modelwright.errors import InputError, SchemaError
from modelwright.predictor.bundle_folder import write_bundle
from modelwright.predictor.model import Model
from modelwright.predictor.pyfunc import TableModel, _load_pyfunc

CHANCES = {"answers": "probabilities"}


@pytest.fixture(scope="module")
def model() -> TableModel:
    return TableModel(Model(make_bundle(BINARY)))


@pytest.fixture(scope="module")
def chances() -> list:
    return Model(make_bundle(BINARY)).predict_proba(ROWS).tolist()


def test_a_folder_is_opened(tmp_path):
    write_bundle(make_bundle(MULTICLASS), tmp_path / "bundle")
    answers = _load_pyfunc(str(tmp_path / "bundle")).predict(pd.DataFrame(ROWS))
    assert answers.tolist() == Model(make_bundle(MULTICLASS)).predict(ROWS).tolist()


FRAME = pd.DataFrame(ROWS)


@pytest.mark.parametrize(
    "given",
    [
        FRAME,
        FRAME[["seen", "job", "member", "age"]].set_index(pd.Index([3, 1, 2, 7])),
        FRAME.convert_dtypes(),
        FRAME.assign(seen=pd.to_datetime(FRAME["seen"], format="ISO8601")),
        FRAME.assign(age=[Decimal(39), Decimal("20.5"), None, Decimal(61)]),
        ROWS,
        FRAME.to_dict(orient="list"),
        {name: FRAME[name].to_numpy() for name in FRAME},
        FRAME.to_numpy(),
    ],
    ids=[
        "frame",
        "shuffled",
        "nullable",
        "moments",
        "decimals",
        "rows",
        "lists",
        "columns",
        "cells",
    ],
)
def test_rows_are_answered_in_whatever_form(model, chances, given):
    assert model.predict(given, CHANCES).tolist() == chances


def test_a_moment_is_written_as_its_column_has_it(model):
    bundle = make_bundle(BINARY)
    seen = msgspec.structs.replace(bundle.schema["seen"], datetime_format="%d.%m.%Y")
    schema = Schema(columns=(*bundle.schema.columns[:3], seen))
    read = TableModel(Model(replace(bundle, schema=schema)))
    frame = pd.DataFrame({"seen": pd.to_datetime(["2024-03-01", None])})
    alike = model.predict(frame, CHANCES).tolist()
    assert read.predict(frame, CHANCES).tolist() == alike
    assert read.predict([{"seen": "01.03.2024"}, {}], CHANCES).tolist() == alike


def test_what_is_left_out_is_missing(model):
    assert len(model.predict(pd.DataFrame({"age": [np.nan, 39]}))) == 2


def test_what_cannot_be_read_is_named(model):
    with pytest.raises(SchemaError, match="'age' is 'old'"):
        model.predict(pd.DataFrame({"age": ["old"]}))
    with pytest.raises(SchemaError, match=r"Did you mean 'age'"):
        model.predict(pd.DataFrame({"agee": [1]}))
    with pytest.raises(SchemaError, match="Give 4 features in order"):
        model.predict(np.zeros((1, 3)))
    with pytest.raises(SchemaError, match="Give 4 features in order"):
        model.predict(np.zeros(4))


def test_answers_that_there_are_not_are_refused(model):
    with pytest.raises(InputError, match="one of plain, probabilities"):
        model.predict(ROWS, {"answers": "all"})
    with pytest.raises(InputError, match="A number has no probabilities"):
        TableModel(Model(make_bundle(REGRESSION))).predict(ROWS, CHANCES)
