from types import SimpleNamespace

import numpy as np
import pandas as pd
import polars as pl
import pytest
from lightgbm import LGBMRegressor
from sklearn.neighbors import KNeighborsRegressor

from modelwright.compute.budget import Budget
from modelwright.data.schema import Kind
from modelwright.documents import Brief
from modelwright.engineer.adoption import _Comparison, adopted, keys_for
from modelwright.errors import LearnerError
from modelwright.learners.foreign.base import Need
from modelwright.learners.foreign.draft import Draft
from modelwright.learners.foreign.opening import open_model
from modelwright.learners.foreign.pipeline import FittedPipeline
from modelwright.tasks.task import Task


def _clock():
    return Budget.start(60.0)


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
        assert adopted(foreign, price, table, clock=_clock(), report=print).title == "LightGBM"
        return
    with pytest.raises(LearnerError, match="numbers of 'letter', which holds none"):
        adopted(foreign, price, table, clock=_clock(), report=print)


def test_truths_that_a_model_reads_as_numbers_are_read_as_such(tmp_path):
    draw = np.random.default_rng(0)
    rows = pd.DataFrame({"member": draw.choice([True, False], 200), "age": draw.normal(size=200)})
    model = LGBMRegressor(n_estimators=2, verbose=-1).fit(rows, rows["age"] + 3 * rows["member"])
    model.booster_.save_model(tmp_path / "model.txt")
    table = pl.from_pandas(rows.assign(member=rows["member"].astype(str), price=1.0))
    foreign = open_model(tmp_path / "model.txt")
    keys = keys_for(foreign, Brief(data="x", target="price"), table)
    assert keys["kinds"] == {"member": "boolean", "age": "numeric"}
    program = adopted(foreign, Task(kind="regression"), table, clock=_clock(), report=print).program
    answers = program.run({name: rows[name].to_numpy(float) for name in rows})
    np.testing.assert_allclose(answers[:, 0], model.predict(rows), rtol=1e-12)
    for missing in ("NA", "", "?"):
        gaps = table.with_columns(member=pl.Series([missing, *table["member"][1:]]))
        kinds = keys_for(foreign, Brief(data="x", target="price"), gaps)["kinds"]
        assert kinds["member"] == "boolean", missing
    other = table.with_columns(member=pl.lit("yes"))
    assert keys_for(foreign, Brief(data="x", target="price"), other)["kinds"]["member"] == "numeric"


def _as_it_is(own):
    """Return a model whose program answers a column, and that answers otherwise itself."""
    draft = Draft()
    program = draft.program(_PRICE, draft.link(draft.column("a", Kind.NUMERIC), "exponential"))
    return SimpleNamespace(
        title="Own",
        needs=[Need("a", Kind.NUMERIC)],
        program=lambda task: program,
        answers=lambda rows, task: own(np.exp(rows["a"].to_numpy()[:, None])),
    )


_PRICE = Task(kind="regression")
_ROWS = pl.DataFrame({"a": np.linspace(0.0, 1.0, 1300)})


@pytest.mark.parametrize("missed", [np.nan, 7.0])
def test_a_row_that_is_answered_otherwise_is_named(missed):
    def own(answers):
        answers[1207] = missed
        return answers

    with pytest.raises(LearnerError, match="answers row 1208 with"):
        adopted(_as_it_is(own), _PRICE, _ROWS, clock=_clock(), report=print)


def test_rows_are_compared_as_far_as_the_time_allows():
    told, late = [], Budget.start(1.0, iter([0.0, *[2.0] * 99]).__next__)
    adopted(_as_it_is(np.copy), _PRICE, _ROWS, clock=late, report=told.append)
    assert told == ["Own and the program answer 500 of 1,300 rows alike: 0.0e+00 apart"]


def _neighbours():
    draw = np.random.default_rng(0)
    rows = pd.DataFrame(draw.normal(size=(60, 2)), columns=["a", "b"])
    return rows, 1e5 * (3 * rows["a"] + rows["b"])


def test_no_row_is_let_pass_that_moved_neighbours_do_not_answer_so():
    rows, price = _neighbours()
    model = FittedPipeline(KNeighborsRegressor(5, weights="distance").fit(rows, price))
    asked = pl.from_pandas(rows + 0.01)
    own = model.answers(asked, _PRICE)
    with pytest.raises(LearnerError, match="answers row 1 with"):
        _Comparison(model, _PRICE).compare(asked, own * 2 + 1000, own)


def test_rows_of_which_none_is_decided_say_nothing():
    rows, price = pd.DataFrame({"a": [0.0] * 20 + [1.0]}), [*range(20), 7.0]
    model = FittedPipeline(KNeighborsRegressor(1).fit(rows, price))
    compared, asked = _Comparison(model, _PRICE), pl.DataFrame({"a": [0.0, 0.0]})
    own = model.answers(asked, _PRICE)
    compared.compare(asked, np.where(own == 3.0, 4.0, 3.0), own)
    with pytest.raises(LearnerError, match="equally far in all 2 rows"):
        compared.sentence(of=2)
    compared.compare(pl.DataFrame({"a": [1.0]}), np.array([[7.0]]), np.array([[7.0]]))
    assert "but for 2 with neighbours" in compared.sentence(of=3)
