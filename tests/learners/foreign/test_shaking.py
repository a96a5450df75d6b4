import numpy as np
import pandas as pd
import pytest
from sklearn.impute import KNNImputer, SimpleImputer
from sklearn.linear_model import Ridge
from sklearn.neighbors import KNeighborsClassifier
from sklearn.pipeline import make_pipeline

from modelwright.learners.foreign.shaking import undecided

_LEARNED = pd.DataFrame({"x": [1.0, 1.0, 5.0, 9.0, np.nan], "z": [0.0, 2.0, 4.0, 6.0, 8.0]})


@pytest.mark.parametrize(
    ("model", "open_"),
    [
        (make_pipeline(KNNImputer(n_neighbors=1), Ridge()), [True, False, False]),
        (make_pipeline(SimpleImputer(), Ridge()), [False, False, False]),
    ],
)
def test_rows_between_equal_neighbours_are_undecided(model, open_):
    model.fit(_LEARNED, [1.0, 2.0, 3.0, 4.0, 5.0])
    rows = pd.DataFrame({"x": [1.0, 9.0, 3.0], "z": [np.nan, np.nan, 4.0]})
    told = undecided(model, lambda each: each.predict(rows).reshape(-1, 1), 1e-5)
    assert told.tolist() == open_


def test_a_class_is_undecided_where_two_are_equally_far():
    model = KNeighborsClassifier(1).fit(_LEARNED[["z"]], ["a", "a", "a", "b", "b"])
    rows = pd.DataFrame({"z": [1.0, 5.0, 6.1]})
    told = undecided(model, lambda each: each.predict_proba(rows), 1e-5)
    assert told.tolist() == [False, True, False]
