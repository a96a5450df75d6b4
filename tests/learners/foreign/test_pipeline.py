import warnings

import numpy as np
import polars as pl
import pytest
from sklearn.calibration import CalibratedClassifierCV
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.linear_model import LinearRegression, LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, PolynomialFeatures, StandardScaler

from foreign_models import TASKS, passengers, pipelines
from modelwright.data.conform import columns_of, conform
from modelwright.data.schema import Column, Schema
from modelwright.errors import LearnerError
from modelwright.learners.foreign.pipeline import FittedPipeline

_COLUMNS = ["age", "fare", "class", "sex", "port"]


@pytest.fixture(scope="module")
def table():
    return passengers()


@pytest.mark.parametrize("name", pipelines())
def test_the_program_answers_as_the_model_does(name, table):
    target, model = pipelines()[name]
    with warnings.catch_warnings():
        # That a network has not converged is no matter here.
        warnings.simplefilter("ignore")
        model.fit(table[_COLUMNS], table[target])
    foreign = FittedPipeline(model)
    strange = table.assign(sex=table["sex"].where(table.index % 9 > 0, "x"))
    schema = Schema(columns=tuple(Column(name=n.name, kind=n.kind) for n in foreign.needs))
    rows = conform(pl.from_pandas(strange), schema)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        own = foreign.answers(rows, TASKS[target])
    answers = foreign.program(TASKS[target]).run(columns_of(rows, schema))
    np.testing.assert_allclose(answers, own, rtol=2e-6, atol=2e-6)
    assert {need.name for need in foreign.needs} == set(_COLUMNS)


def test_classes_stand_in_the_order_of_the_task(table):
    model = LogisticRegression().fit(table[["fare"]], table["yes"])
    turned = TASKS["yes"].__class__(kind="binary", classes=("yes", "no"))
    one = FittedPipeline(model).program(TASKS["yes"]).run({"fare": np.array([20.0])})
    other = FittedPipeline(model).program(turned).run({"fare": np.array([20.0])})
    assert one[0].tolist() == other[0, ::-1].tolist()


@pytest.mark.parametrize(
    ("model", "target", "words"),
    [
        (make_pipeline(PolynomialFeatures(), LinearRegression()), "price", "PolynomialFeatures"),
        (HistGradientBoostingClassifier(max_iter=2), "yes", "HistGradientBoostingClassifier"),
        (CalibratedClassifierCV(LogisticRegression(), cv=2), "yes", "CalibratedClassifierCV"),
        (LinearRegression(), "yes", "answers numbers"),
        (LogisticRegression(), "price", "answers classes"),
        (LogisticRegression(), "level", "the target holds"),
    ],
)
def test_what_has_no_place_in_a_program_is_refused(model, target, words, table):
    learned = "price" if target == "yes" and model.__class__ is LinearRegression else "yes"
    learned = "price" if "Polynomial" in words else learned
    model.fit(table[["fare", "class"]], table[learned])
    with pytest.raises(LearnerError, match=words):
        FittedPipeline(model).program(TASKS[target])


def test_infrequent_levels_are_refused(table):
    model = make_pipeline(OneHotEncoder(min_frequency=10), LogisticRegression())
    model.fit(table[["sex"]], table["yes"])
    with pytest.raises(LearnerError, match="infrequent"):
        FittedPipeline(model).program(TASKS["yes"])


def test_a_model_without_names_cannot_be_adopted(table):
    model = make_pipeline(StandardScaler(), LogisticRegression())
    model.fit(table[["fare"]].to_numpy(), table["yes"])
    with pytest.raises(LearnerError, match="does not say which columns"):
        _ = FittedPipeline(model).needs
