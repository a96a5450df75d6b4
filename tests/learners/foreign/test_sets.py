"""Boosters with categories of their own are programs that answer the same."""

import numpy as np
import pandas as pd
import polars as pl
import pytest
from lightgbm import LGBMClassifier, LGBMRegressor
from sklearn.compose import make_column_transformer
from sklearn.ensemble import HistGradientBoostingClassifier, HistGradientBoostingRegressor
from sklearn.impute import SimpleImputer
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OrdinalEncoder
from xgboost import XGBClassifier, XGBRegressor

from foreign_models import TASKS, passengers
from modelwright.data.conform import columns_of, conform
from modelwright.data.schema import Column, Schema
from modelwright.errors import LearnerError
from modelwright.learners.foreign.opening import open_model
from modelwright.learners.foreign.pipeline import FittedPipeline

_COLUMNS = ["age", "deck", "fare", "sex", "class"]
_EAGER = {"n_estimators": 8, "min_data_per_group": 1, "cat_smooth": 0.1, "verbose": -1}


@pytest.fixture(scope="module")
def table():
    """Return passengers with a column of many levels, of which some are missing."""
    rows = passengers(400)
    deck = np.random.default_rng(1).choice([*"ABCDEFGHIJ"], len(rows)).astype(object)
    deck[::13] = None
    hit = np.isin(deck, ["A", "C", "J"])
    rows["deck"] = pd.Categorical(deck)
    rows["sex"] = rows["sex"].astype("category")
    rows["class"] = rows["class"].astype("category")
    rows["price"] += 20.0 * hit
    rows["seen"] = ((rows["seen"] == 1) ^ hit).astype(int)
    return rows


def _numbers(table):
    """Return the columns with whole numbers where there were categories."""
    codes = {name: table[name].cat.codes.astype(float) for name in ("deck", "sex", "class")}
    return table.assign(**codes)[_COLUMNS]


def _compared(foreign, rows, target):
    """Return what the program answers and what the model itself does."""
    schema = Schema(columns=tuple(Column(name=n.name, kind=n.kind) for n in foreign.needs))
    read = conform(rows, schema)
    answers = foreign.program(TASKS[target]).run(columns_of(read, schema))
    return answers, foreign.answers(read, TASKS[target])


@pytest.mark.parametrize(
    ("target", "model"),
    [
        ("seen", LGBMClassifier(**_EAGER)),
        ("price", LGBMRegressor(**_EAGER, max_cat_to_onehot=20)),
        ("seen", XGBClassifier(n_estimators=8, enable_categorical=True)),
        ("level", XGBClassifier(n_estimators=4, enable_categorical=True, max_cat_to_onehot=1)),
        ("price", XGBRegressor(n_estimators=8, enable_categorical=True, max_cat_to_onehot=20)),
        ("seen", HistGradientBoostingClassifier(max_iter=8)),
        ("price", HistGradientBoostingRegressor(max_iter=8)),
    ],
)
def test_levels_of_a_frame_are_sets(target, model, table):
    foreign = FittedPipeline(model.fit(table[_COLUMNS], table[target]))
    levels = {name: table[name].astype(object) for name in ("deck", "sex", "class")}
    strange = table.assign(**levels)[_COLUMNS]
    strange.loc[::9, "deck"] = "Z"
    answers, own = _compared(foreign, pl.from_pandas(strange), target)
    np.testing.assert_allclose(answers, own, rtol=2e-6, atol=2e-6)
    kinds = {need.name: need.kind.value for need in foreign.needs}
    assert kinds["deck"] == "categorical"
    assert kinds["age"] == "numeric"


def test_codes_of_a_matrix_are_sets(table):
    lost = OrdinalEncoder(handle_unknown="use_encoded_value", unknown_value=-1)
    parts = make_column_transformer((lost, ["deck", "sex"]), ("passthrough", ["age"]))
    model = HistGradientBoostingRegressor(max_iter=8, categorical_features=[0, 1])
    text = table.assign(deck=table["deck"].astype(object), sex=table["sex"].astype(object))
    text["deck"] = text["deck"].where(text["deck"].notna(), "none")
    foreign = FittedPipeline(make_pipeline(parts, model).fit(text[_COLUMNS], text["price"]))
    strange = text[_COLUMNS].assign(deck=text["deck"].where(text.index % 9 > 0, "Z"))
    answers, own = _compared(foreign, pl.from_pandas(strange[["deck", "sex", "age"]]), "price")
    np.testing.assert_allclose(answers, own, rtol=1e-12)


@pytest.mark.parametrize("library", ["lightgbm", "histograms"])
def test_whole_numbers_are_sets(library, table):
    rows = _numbers(table)
    if library == "lightgbm":
        model = LGBMRegressor(**_EAGER)
        model.fit(rows, table["price"], categorical_feature=["deck", "sex"])
    else:
        model = HistGradientBoostingRegressor(max_iter=8, categorical_features=["deck"])
        model.fit(rows, table["price"])
    foreign = FittedPipeline(model)
    rows.loc[::9, "deck"] = 77.0
    answers, own = _compared(foreign, pl.from_pandas(rows), "price")
    np.testing.assert_allclose(answers, own, rtol=1e-12)


@pytest.mark.parametrize("name", ["model.txt", "model.json"])
def test_the_file_of_a_booster_tells_its_levels(name, table, tmp_path):
    if name == "model.txt":
        model = LGBMRegressor(**_EAGER).fit(table[_COLUMNS], table["price"])
        model.booster_.save_model(tmp_path / name)
    else:
        model = XGBRegressor(n_estimators=8, enable_categorical=True)
        model.fit(table[_COLUMNS], table["price"]).save_model(tmp_path / name)
    opened = open_model(tmp_path / name)
    schema = Schema(columns=tuple(Column(name=n.name, kind=n.kind) for n in opened.needs))
    levels = {each: table[each].astype(object) for each in ("deck", "sex", "class")}
    rows = conform(pl.from_pandas(table.assign(**levels)[_COLUMNS]), schema)
    answers = opened.program(TASKS["price"]).run(columns_of(rows, schema))
    own = model.predict(table[_COLUMNS])
    np.testing.assert_allclose(answers[:, 0], own, rtol=1e-5, atol=1e-5)


def test_ordered_categories_are_refused(table):
    classes = table["class"].cat.as_ordered()
    model = LGBMRegressor(**_EAGER).fit(
        table[_COLUMNS].assign(**{"class": classes}), table["price"]
    )
    with pytest.raises(LearnerError, match="ordered categories"):
        _ = FittedPipeline(model).needs


def test_numbers_beside_codes_answer_as_the_library_does(table):
    rows = _numbers(table)
    odd = pl.DataFrame({"deck": [-1.0, -0.5, 0.5, 1.0, 1.5, 3.9, 40.0, None]}).with_columns(
        age=30.0, fare=10.0, sex=1.0, **{"class": 1.0}
    )
    small = LGBMRegressor(**_EAGER)
    small.fit(rows, table["price"], categorical_feature=["deck"])
    answers, own = _compared(FittedPipeline(small), odd, "price")
    np.testing.assert_allclose(answers, own, rtol=1e-12)
    filled = make_pipeline(
        SimpleImputer(), HistGradientBoostingRegressor(max_iter=8, categorical_features=[1])
    ).fit(rows, table["price"])
    answers, own = _compared(FittedPipeline(filled), odd, "price")
    np.testing.assert_allclose(answers, own, rtol=1e-12)


def test_truths_that_the_library_keeps_as_numbers(table):
    truth = table["sex"] == table["sex"].cat.categories[0]
    sex = pd.Categorical([bool(each) for each in truth], categories=[True, False])
    rows = pd.DataFrame({"sex": sex, "age": table["age"]})
    model = HistGradientBoostingRegressor(max_iter=8).fit(rows, 90.0 * truth + table["price"])
    answers, own = _compared(FittedPipeline(model), pl.from_pandas(rows.assign(sex=truth)), "price")
    np.testing.assert_allclose(own[:, 0], model.predict(rows), rtol=1e-12)
    np.testing.assert_allclose(answers, own, rtol=1e-12)


def test_levels_that_are_moments_are_refused(table):
    days = pd.to_datetime(["2020-01-01", "2020-02-01"])
    rows = table[["age"]].assign(day=pd.Categorical(days[np.arange(len(table)) % 2]))
    model = HistGradientBoostingRegressor(max_iter=2).fit(rows, table["price"])
    with pytest.raises(LearnerError, match="level of the type"):
        _ = FittedPipeline(model).needs
