"""Columns that LightGBM spells otherwise."""

import numpy as np
import pandas as pd
import polars as pl
import pytest
from lightgbm import LGBMRegressor

from modelwright.data.conform import columns_of, conform
from modelwright.data.schema import Column, Schema
from modelwright.errors import LearnerError
from modelwright.learners.foreign.opening import open_model
from modelwright.learners.foreign.spelled import Spelled, spelled
from modelwright.tasks.task import Task


def _opened(tmp_path):
    draw = np.random.default_rng(0)
    rows = pd.DataFrame({"age in years": draw.normal(size=200), "fare": draw.normal(size=200)})
    model = LGBMRegressor(n_estimators=3, verbose=-1).fit(rows, rows["fare"] - rows.iloc[:, 0])
    model.booster_.save_model(tmp_path / "model.txt")
    return open_model(tmp_path / "model.txt"), model, rows


def test_a_blank_that_became_an_underscore_is_found_again(tmp_path):
    opened, model, rows = _opened(tmp_path)
    named = spelled(opened, rows.columns)
    assert [need.name for need in named.needs] == ["age in years", "fare"]
    assert named.title == "LightGBM"
    schema = Schema(columns=tuple(Column(name=n.name, kind=n.kind) for n in named.needs))
    read = conform(pl.from_pandas(rows), schema)
    price = Task(kind="regression")
    answers = named.program(price).run(columns_of(read, schema))
    np.testing.assert_allclose(answers[:, 0], model.predict(rows), rtol=1e-12)
    assert named.answers(read, price) is None


def test_what_is_there_or_may_be_two_columns_stays(tmp_path):
    opened, _, _ = _opened(tmp_path)
    assert spelled(opened, ["age_in_years", "fare"]) is opened
    assert spelled(opened, ["age in_years", "age in years", "fare"]) is opened
    assert isinstance(spelled(opened, ["age in years", "fare"]), Spelled)


def test_a_column_and_one_that_lightgbm_spells_like_it_are_refused(tmp_path):
    opened, _, _ = _opened(tmp_path)
    with pytest.raises(LearnerError, match=r"'age_in_years' or 'age in years'.*Leave out"):
        spelled(opened, ["age in years", "age_in_years", "fare"])
