import numpy as np
import pandas as pd
import polars as pl
import pytest
from lightgbm import LGBMRegressor

from modelwright.engineer.adoption import adopted
from modelwright.errors import LearnerError
from modelwright.learners.foreign.opening import open_model
from modelwright.tasks.task import Task


@pytest.mark.parametrize("said", ["auto", ["code"]])
def test_texts_are_not_read_as_numbers(tmp_path, said):
    draw = np.random.default_rng(0)
    code, letter = draw.integers(0, 4, (2, 300))
    levels = pd.Categorical(np.array([*"pqrs"])[letter])
    rows = pd.DataFrame({"letter": levels, "code": code})
    model = LGBMRegressor(n_estimators=2, verbose=-1)
    model.fit(rows, (code % 2) + (letter % 3), categorical_feature=said)
    model.booster_.save_model(tmp_path / "model.txt")
    table = pl.from_pandas(rows.assign(letter=levels.astype(object)))
    foreign, price = open_model(tmp_path / "model.txt"), Task(kind="regression")
    if said == "auto":
        assert adopted(foreign, price, table, report=print).title == "LightGBM"
        return
    with pytest.raises(LearnerError, match="numbers of 'letter', which holds none"):
        adopted(foreign, price, table, report=print)
