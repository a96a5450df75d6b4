"""Encoders that are asked what they make; the library category_encoders is stood in for."""

import numpy as np
import pandas as pd
import pytest
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline

from foreign_models import TASKS
from modelwright.errors import LearnerError
from modelwright.learners.foreign.pipeline import FittedPipeline


class TargetEncoder:
    """Stand in for a namesake of scikit-learn's: a number for each level, others pass."""

    def __init__(self, cols, worth, *, unknown=0.5, crossed=0.0):
        self.cols, self.worth, self.unknown, self.crossed = cols, worth, unknown, crossed
        self.mapping = {name: pd.Series(known) for name, known in worth.items()}

    def fit(self, rows, truth=None):
        self.feature_names_in_ = np.array(rows.columns, dtype=object)
        return self

    def transform(self, rows):
        made = rows.copy()
        for name in self.cols:
            made[name] = rows[name].map(self.worth[name]).astype(float).fillna(self.unknown)
        made["sign"] = np.where(rows["port"] == "C", 1.0, 0.0) + self.crossed * (rows["sex"] == "f")
        return made


TargetEncoder.__module__ = "category_encoders.target_encoder"
_WORTH = {"port": {"C": 0.7, "S": 0.2}, "sex": {"f": 0.9, "m": 0.1}}


def _model(**given):
    draw = np.random.default_rng(0)
    rows = pd.DataFrame(
        {
            "port": draw.choice(["C", "S"], 80),
            "fare": draw.normal(20, 5, 80).round(2),
            "sex": draw.choice(["f", "m"], 80),
        }
    )
    truth = np.where((rows["sex"] == "f") ^ (rows["fare"] > 25), "yes", "no")
    encoder = TargetEncoder(["sex", "port"], _WORTH, **given).fit(rows)
    line = LogisticRegression().fit(encoder.transform(rows), truth)
    return make_pipeline(encoder, line)


def test_every_level_an_unknown_one_and_a_missing_one_are_answered_as_it_does():
    model = _model()
    rows = pd.DataFrame(
        {
            "port": ["C", "S", "X", None],
            "fare": [7.0, 80.0, 31.5, 20.0],
            "sex": ["m", None, "f", "diverse"],
        }
    )
    foreign = FittedPipeline(model)
    columns = {name: rows[name].to_numpy(object) for name in ("port", "sex")}
    columns["fare"] = rows["fare"].to_numpy()
    answers = foreign.program(TASKS["yes"]).run(columns)
    np.testing.assert_allclose(answers, model.predict_proba(rows), rtol=1e-12)
    assert {need.name: need.kind for need in foreign.needs} == {
        "port": "categorical",
        "fare": "numeric",
        "sex": "categorical",
    }


def test_columns_that_depend_on_each_other_are_refused():
    with pytest.raises(LearnerError, match="A TargetEncoder of columns that depend on each other"):
        _ = FittedPipeline(_model(crossed=1.0)).needs


def test_a_level_with_an_infinite_number_is_refused():
    model = _model()
    model[0].unknown = np.inf
    with pytest.raises(LearnerError, match="writes an infinite number for a level"):
        _ = FittedPipeline(model).needs


def test_levels_that_were_put_together_are_refused():
    model = _model()
    model[0]._min_group_categories = {}
    assert FittedPipeline(model).needs
    model[0]._min_group_categories = {"port": {"C": "C_S", "S": "C_S"}}
    with pytest.raises(LearnerError, match="puts rare levels together"):
        _ = FittedPipeline(model).needs


def test_where_it_keeps_its_levels_elsewhere_it_is_refused():
    model = _model()
    model[0].mapping = None
    with pytest.raises(LearnerError, match="TargetEncoder of this version"):
        _ = FittedPipeline(model).needs
