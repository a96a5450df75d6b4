import numpy as np
import pytest

from modelwright.compute.budget import Budget
from modelwright.learners.trees.boosting import prepare
from modelwright.learners.trees.catboost import read_steps, written
from modelwright.learners.trees.tables import in_float32
from modelwright.tasks.task import Task
from modelwright.testing import example_rows, hostile_columns

catboost = pytest.importorskip("catboost")

KINDS = {"binary": "Logloss", "multiclass": "MultiClass", "regression": "RMSE"}


def _lesson(kind: str):
    rows = example_rows(kind, count=400, seed=5)
    return prepare(rows, None, 20, most_leaves=8, budget=Budget.start(60), seed=0)


def _train(lesson, settings: dict):
    given = {"iterations": 20, "depth": 4, "thread_count": 1, "allow_writing_files": False}
    pool = catboost.Pool(in_float32(lesson.train.matrix), lesson.train.target)
    model = catboost.CatBoost({**given, "loss_function": KINDS[lesson.task.kind], **settings})
    return model.fit(pool, logging_level="Silent")


def _raw(program, columns):
    """Return the raw score of a program and the matrix that its trees read."""
    raw, rounded = (_until(program, name).run(columns) for name in ("raw", "rounded"))
    return raw, rounded.astype(np.float32)


def _until(program, name: str):
    """Return the program that answers with one of its values."""
    steps = program.steps
    end = next(i for i, step in enumerate(steps) if step.output == name)
    return type(program)(
        task=Task(kind="regression"),
        inputs=program.inputs,
        steps=steps[: end + 1],
        answer=name,
    )


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("settings", [{}, {"depth": 1}, {"border_count": 3, "depth": 7}])
def test_the_program_answers_as_catboost_does(kind, settings):
    lesson = _lesson(kind)
    model = _train(lesson, settings)
    program = lesson.program(read_steps(written(model), lesson))
    unseen = example_rows(kind, count=300, seed=6).columns
    unseen["age"][::7] = np.nan  # never missing in training
    for columns in (unseen, hostile_columns()):
        ours, matrix = _raw(program, columns)
        theirs = model.predict(matrix, prediction_type="RawFormulaVal").reshape(ours.shape)
        theirs = theirs * lesson.unit.scale + lesson.unit.center
        np.testing.assert_allclose(ours, theirs, rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize(
    ("settings", "fault"),
    [
        ({"nan_mode": "Max"}, "missing numbers right"),
        ({"grow_policy": "Depthwise"}, "symmetric"),
    ],
)
def test_trees_that_cannot_be_expressed_are_refused(settings, fault):
    lesson = _lesson("regression")
    with pytest.raises(ValueError, match=fault):
        read_steps(written(_train(lesson, settings)), lesson)


def test_categorical_splits_are_refused():
    lesson = _lesson("binary")
    codes = np.arange(400)[:, None] % 5
    pool = catboost.Pool(codes, codes[:, 0] > 2, cat_features=[0])
    settings = {"loss_function": "Logloss", "iterations": 2, "one_hot_max_size": 9}
    model = catboost.CatBoost({**settings, "allow_writing_files": False, "thread_count": 1})
    with pytest.raises(ValueError, match="splits categories"):
        read_steps(written(model.fit(pool, logging_level="Silent")), lesson)
