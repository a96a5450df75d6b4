import numpy as np
import pandas as pd
import pytest
from sklearn.compose import ColumnTransformer
from sklearn.ensemble import VotingRegressor
from sklearn.impute import KNNImputer, SimpleImputer
from sklearn.linear_model import Ridge
from sklearn.model_selection import GridSearchCV
from sklearn.neighbors import KNeighborsClassifier, KNeighborsRegressor
from sklearn.pipeline import make_pipeline

from modelwright.learners.foreign.shaking import undecided

_LEARNED = pd.DataFrame({"x": [1.0, 1.0, 5.0, 9.0, np.nan], "z": [0.0, 2.0, 4.0, 6.0, 8.0]})


def _undecided(model, rows):
    """Say which answers jump, of a program that answers a little otherwise."""
    own = model.predict(rows).reshape(-1, 1)
    return undecided(
        model,
        lambda each: each.predict(rows).reshape(-1, 1),
        answers=own * (1 + 3e-5),
        tolerance=1e-5,
    )


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
    assert _undecided(model, rows).tolist() == open_


def test_a_class_is_undecided_where_two_are_equally_far():
    model = KNeighborsClassifier(1).fit(_LEARNED[["z"]], ["a", "a", "a", "b", "b"])
    rows = pd.DataFrame({"z": [1.0, 5.0, 6.1]})
    answers = model.predict_proba(rows)[:, ::-1]
    told = undecided(model, lambda each: each.predict_proba(rows), answers=answers, tolerance=1e-5)
    assert told.tolist() == [False, True, False]


@pytest.mark.parametrize(
    "model",
    [
        make_pipeline(
            ColumnTransformer([("filled", KNNImputer(n_neighbors=1), ["x", "z"])]), Ridge()
        ),
        VotingRegressor([("near", make_pipeline(SimpleImputer(), KNeighborsRegressor(1)))]),
        GridSearchCV(make_pipeline(KNNImputer(), Ridge()), {"knnimputer__n_neighbors": [1]}, cv=2),
    ],
)
def test_neighbours_inside_of_another_model_are_moved_where_they_are_fitted(model):
    model.fit(_LEARNED, [1.0, 2.0, 3.0, 4.0, 5.0])
    rows = pd.DataFrame({"x": [1.0, 1.0, 9.0], "z": [np.nan, 1.0, 6.0]})
    told = _undecided(model, rows)
    assert told[:2].any()
    assert not told[2]


def test_an_answer_that_the_moved_models_never_give_is_none_of_theirs():
    model = KNeighborsRegressor(1).fit(_LEARNED[["z"]], [1e5, 2e5, 3e5, 4e5, 5e5])
    rows = pd.DataFrame({"z": [1.0, 3.0, 5.0]})
    told = undecided(
        model,
        lambda each: each.predict(rows).reshape(-1, 1),
        answers=np.array([[2e5], [9e5], [np.nan]]),
        tolerance=1e-5,
    )
    assert told.tolist() == [True, False, False]


def test_what_moves_as_little_as_it_is_large_is_decided():
    model = KNeighborsRegressor(2, weights="distance").fit(_LEARNED[["z"]], [1e9] * 4 + [2e9])
    rows = pd.DataFrame({"z": [7.1]})
    assert _undecided(model, rows).tolist() == [False]


@pytest.mark.parametrize("algorithm", ["kd_tree", "brute"])
@pytest.mark.parametrize("count", [1, 20])
def test_the_first_of_many_are_among_what_the_moved_models_take(count, algorithm):
    prices, side = np.linspace(1.0, 0.0, 400) ** 9, np.tile([-1.0, 1.0, 4.0, 6.0], 100)
    learned, rows = pd.DataFrame({"z": side}), pd.DataFrame({"z": [0.0, 5.0]})
    model = KNeighborsRegressor(count, algorithm=algorithm).fit(learned, prices)
    first = [[prices[side < 2][:count].mean()], [prices[side > 2][:count].mean()]]
    told = undecided(
        model,
        lambda each: each.predict(rows).reshape(-1, 1),
        answers=np.array(first),
        tolerance=1e-5,
    )
    assert told.all()
