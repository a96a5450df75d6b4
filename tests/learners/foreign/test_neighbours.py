import numpy as np
import pandas as pd
import pytest
from scipy.sparse import csr_matrix
from sklearn.neighbors import KNeighborsClassifier, KNeighborsRegressor

from modelwright.errors import LearnerError
from modelwright.learners.foreign.draft import Draft
from modelwright.learners.foreign.neighbours import neighbours_answer
from modelwright.learners.foreign.pipeline import FittedPipeline
from modelwright.tasks.task import Task

_LEARNED = pd.DataFrame({"x": [0.0, 1.0, 5.0, 9.0], "z": [0.0, 2.0, 4.0, 6.0]})
_KINDS = {
    KNeighborsRegressor: (Task(kind="regression"), [1.0, 2.0, 3.0, 4.0]),
    KNeighborsClassifier: (Task(kind="binary", classes=("a", "b")), ["a", "a", "b", "b"]),
}


@pytest.mark.parametrize("metric", ["euclidean", "manhattan"])
@pytest.mark.parametrize("weights", ["uniform", "distance"])
@pytest.mark.parametrize("kind", _KINDS)
def test_a_row_that_nobody_can_measure_has_no_answer(kind, weights, metric):
    task, truth = _KINDS[kind]
    model = kind(2, weights=weights, metric=metric).fit(_LEARNED, truth)
    rows = {"x": np.array([1.5, np.nan, np.inf, 1.0]), "z": np.array([0.0, 1.0, 1.0, 2.0])}
    answers = FittedPipeline(model).program(task).run(rows)
    assert np.isnan(answers).any(axis=1).tolist() == [False, True, True, False]


def test_what_is_too_far_to_measure_has_no_answer():
    task, truth = _KINDS[KNeighborsRegressor]
    program = FittedPipeline(KNeighborsRegressor(2).fit(_LEARNED, truth)).program(task)
    assert np.isnan(program.run({"x": np.array([1e200]), "z": np.zeros(1)})).all()


def test_many_rows_are_refused_before_they_are_made_dense():
    model = KNeighborsRegressor(1).fit(csr_matrix((2, 1 << 40)), [1.0, 2.0])
    with pytest.raises(LearnerError, match="learned so many rows"):
        neighbours_answer(Draft(), model, "x")
