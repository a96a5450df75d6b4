import numpy as np
import polars as pl
import pytest

from keras_here import QUIET, keras, layers
from modelwright.compute.budget import Budget
from modelwright.engineer.adoption import adopted
from modelwright.errors import InputError, LearnerError
from modelwright.learners.foreign.opening import open_model
from modelwright.tasks.task import Task

pytestmark = QUIET
BINARY = Task(kind="binary", classes=("no", "yes"))
LEVELS = Task(kind="multiclass", classes=("high", "low", "mid"))
NUMBER = Task(kind="regression")
TABLE = pl.DataFrame(np.random.default_rng(0).normal(3, 2, size=(200, 2)), schema=["age", "fare"])
COLUMNS = ("age", "fare")


def _row(*end):
    normal = layers.Normalization(mean=[3.0, 2.0], variance=[4.0, 5.0])
    return keras.Sequential([keras.Input((2,)), normal, layers.Dense(5, "tanh"), *end])


def _named():
    age, fare = (keras.Input((1,), name=name) for name in ("age", "fare"))
    units = layers.Dense(4, "relu")(layers.Concatenate()([fare, age]))
    return keras.Model([age, fare], layers.Dense(1)(units))


def _saved(model, folder):
    keras.saving.save_model(model, folder / "model.keras")
    return folder / "model.keras"


@pytest.mark.parametrize(
    ("model", "task", "columns"),
    [
        (lambda: _row(layers.Dense(1, "sigmoid")), BINARY, COLUMNS),
        (lambda: _row(layers.Dense(2, "softmax")), BINARY, COLUMNS),
        (lambda: _row(layers.Dense(3, "softmax")), LEVELS, COLUMNS),
        (lambda: _row(layers.Dense(1)), NUMBER, COLUMNS),
        (_named, NUMBER, ()),
    ],
)
def test_a_file_of_keras_answers_as_keras_does(model, task, columns, tmp_path):
    opened = open_model(_saved(model(), tmp_path), columns=columns)
    assert {need.name for need in opened.needs} == set(COLUMNS)
    said = []
    adopted(opened, task, TABLE, clock=Budget.start(60), report=said.append)
    assert "answer 200 rows alike" in said[0]


def test_classes_stand_as_they_are_said(tmp_path):
    path = _saved(_row(layers.Dense(1, "sigmoid")), tmp_path)
    usual = open_model(path, columns=COLUMNS).program(BINARY)
    turned = open_model(path, columns=COLUMNS, classes=("yes", "no")).program(BINARY)
    rows = {name: TABLE[name].to_numpy() for name in COLUMNS}
    np.testing.assert_array_equal(usual.run(rows), turned.run(rows)[:, ::-1])


def test_columns_that_nobody_names_are_asked_for(tmp_path):
    path = _saved(_row(layers.Dense(1)), tmp_path)
    with pytest.raises(LearnerError, match="does not say which"):
        open_model(path).program(NUMBER)
    with pytest.raises(LearnerError, match="reads 2 columns; 3 are named"):
        open_model(path, columns=("a", "b", "c")).program(NUMBER)


def test_raw_scores_are_no_classes(tmp_path):
    path = _saved(_row(layers.Dense(1)), tmp_path)
    with pytest.raises(LearnerError, match="ends with 'linear'; the target is binary"):
        open_model(path, columns=COLUMNS).program(BINARY)


def test_code_in_a_file_is_never_run(tmp_path):
    path = _saved(_row(layers.Lambda(lambda x: x * 2), layers.Dense(1)), tmp_path)
    with pytest.raises(InputError, match=r"Keras cannot read model\.keras"):
        open_model(path, columns=COLUMNS)
    path.write_bytes(b"no zip")
    with pytest.raises(InputError, match="Keras cannot read"):
        open_model(path, columns=COLUMNS)
