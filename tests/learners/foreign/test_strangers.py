import joblib
import pytest
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.compose import make_column_transformer
from sklearn.feature_selection import SelectFromModel
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from modelwright.errors import LearnerError
from modelwright.learners.foreign.opening import open_model
from modelwright.learners.foreign.strangers import refuse_strangers

_ROWS, _TRUTH = [[1.0, 2.0], [3.0, 1.0], [2.0, 5.0], [4.0, 4.0]], [0, 1, 0, 1]


class Halved(TransformerMixin, BaseEstimator):
    """A class of a person's own."""

    def fit(self, rows, truth=None):
        return self

    def transform(self, rows):
        return rows * 0.5


def test_a_class_of_a_person_is_named_before_columns_are_asked_for(tmp_path):
    model = make_pipeline(StandardScaler(), Halved(), LogisticRegression()).fit(_ROWS, _TRUTH)
    joblib.dump(model, tmp_path / "model.joblib")
    with pytest.raises(LearnerError, match=r"A Halved of .* no class of scikit-learn") as caught:
        open_model(tmp_path / "model.joblib", trusted=True)
    assert "--columns" not in f"{caught.value}"


def test_it_is_found_among_columns_and_not_where_it_answers_nothing():
    inside = make_pipeline(make_column_transformer((Halved(), [0])), LogisticRegression())
    with pytest.raises(LearnerError, match="A Halved"):
        refuse_strangers(inside.fit(_ROWS, _TRUTH))

    class Own(LogisticRegression):
        pass

    chosen = make_pipeline(SelectFromModel(Own()), LogisticRegression()).fit(_ROWS, _TRUTH)
    refuse_strangers(chosen)
