import datetime as dt

import numpy as np
import polars as pl
import pytest
from sklearn.model_selection import cross_val_score
from sklearn.pipeline import make_pipeline
from sklearn.utils.estimator_checks import parametrize_with_checks

import modelwright
from modelwright.errors import BriefError, InputError, SchemaError
from modelwright.estimators import TableClassifier, TableRegressor

QUICK = ("linear",)
"""One learner is enough where learning is not the point."""


# scikit-learn itself skips `check_array_api_input` unless SCIPY_ARRAY_API is set; all others pass.
@parametrize_with_checks([TableClassifier(learners=QUICK), TableRegressor(learners=QUICK)])
def test_scikit_learn_finds_nothing_to_complain_of(estimator, check):
    check(estimator)


def table(rows=240, seed=0):
    draw = np.random.default_rng(seed)
    first = dt.datetime(2024, 1, 1, tzinfo=dt.UTC)
    return pl.DataFrame(
        {
            "size": draw.normal(size=rows),
            "city": draw.choice(["Bern", "Genf", "Chur"], size=rows),
            "member": draw.integers(0, 2, size=rows).astype(bool),
            "since": [
                first + dt.timedelta(hours=int(hour)) for hour in draw.integers(0, 9999, rows)
            ],
        }
    ).with_columns(pl.when(pl.col("size") > -1.5).then("size"))


def labels(frame, kinds):
    strength = frame["size"].fill_null(-2.0) + 2.0 * (frame["city"] == "Bern")
    cut = strength.to_numpy() > 0.6
    return np.asarray(kinds)[cut.astype(int)]


def with_errors(labels, share=0.15):
    """Return labels that no learner can know for certain, so that boosters end early."""
    wrong = np.random.default_rng(0).random(len(labels)) < share
    return np.where(wrong, labels[::-1], labels)


X = table()
NEW = table(rows=50, seed=1)
FORMS = {
    "polars": lambda frame: frame,
    "pandas": lambda frame: frame.to_pandas(),
    "pyarrow": lambda frame: frame.to_arrow(),
    "an array of objects": lambda frame: np.array(frame.rows(), dtype=object),
}
LABELS = {
    "texts": ["no", "yes"],
    "truth values": [False, True],
    "numbers": [1, 2],
    "numbers with a point": [-1.0, 1.0],
}


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS.keys())
@pytest.mark.parametrize("kinds", LABELS.values(), ids=LABELS.keys())
def test_a_saved_classifier_answers_the_same(form, kinds, tmp_path):
    y = labels(X, kinds)
    model = TableClassifier(learners=QUICK).fit(form(X), y)
    assert model.classes_.tolist() == sorted(kinds)
    folder = model.save(tmp_path / "bundle")
    loaded = modelwright.load(folder)
    assert loaded.predict_proba(form(NEW)).tolist() == model.predict_proba(form(NEW)).tolist()
    assert loaded.predict(form(NEW)).tolist() == model.predict(form(NEW)).tolist()
    assert (model.predict(form(NEW)) == labels(NEW, kinds)).mean() > 0.85


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS.keys())
def test_a_saved_regressor_answers_the_same(form, tmp_path):
    y = X["size"].fill_null(-2.0).to_numpy() * 30
    model = TableRegressor(learners=QUICK).fit(form(X), y)
    loaded = modelwright.load(model.save(str(tmp_path / "bundle")))
    assert loaded.predict(form(NEW)).tolist() == model.predict(form(NEW)).tolist()


def test_all_forms_of_a_table_give_the_same_model():
    y = labels(X, ["no", "yes"])
    answers = [
        TableClassifier(learners=QUICK).fit(form(X), y).predict_proba(form(NEW)).tolist()
        for name, form in FORMS.items()
        if name != "an array of objects"
    ]
    assert all(each == answers[0] for each in answers)


def test_every_learner_is_tried_unless_some_are_named():
    y = with_errors(labels(X, ["no", "yes"]))
    model = TableClassifier(budget="20s").fit(X, y)
    assert (model.predict(NEW) == labels(NEW, ["no", "yes"])).mean() > 0.8
    with pytest.raises(InputError, match="Did you mean 'linear'"):
        TableClassifier(learners=["lineer"]).fit(X, y)


def test_more_than_two_classes():
    y = np.digitize(X["size"].fill_null(-2.0), [-0.7, 0.7]) * 10
    model = TableClassifier(learners=QUICK).fit(X, y)
    assert model.classes_.tolist() == [0, 10, 20]
    assert model.predict_proba(NEW).shape == (50, 3)
    assert set(model.predict(NEW).tolist()) <= {0, 10, 20}


def test_a_metric_of_classes_keeps_its_threshold():
    y = (X["size"].fill_null(0.0) > 1.3).to_numpy()
    usual = TableClassifier(learners=QUICK).fit(X, y)
    rare = TableClassifier(learners=QUICK, metric="balanced_accuracy").fit(X, y)
    assert usual.bundle_.program.threshold == 0.5
    assert rare.bundle_.program.threshold < 0.4
    assert rare.bundle_.facts.threshold == rare.bundle_.program.threshold
    assert rare.bundle_.facts.metric == "balanced_accuracy"


def test_it_works_in_pipelines_and_cross_validation():
    y = X["size"].fill_null(-2.0).to_numpy() * 30
    model = make_pipeline(TableRegressor(learners=QUICK))
    assert cross_val_score(model, X.to_pandas(), y, cv=2).min() > 0.9


def test_an_array_is_read_by_place_whatever_a_frame_calls_its_columns():
    numbers = X.select("size").with_columns(other=pl.col("size") * 0).fill_null(0.0)
    y = numbers["size"].to_numpy()
    named = TableRegressor(learners=QUICK).fit(numbers, y)
    with pytest.warns(UserWarning, match="does not have valid feature names"):
        assert named.predict(numbers.to_numpy()).tolist() == named.predict(numbers).tolist()
    plain = TableRegressor(learners=QUICK).fit(numbers.to_numpy(), y)
    with pytest.warns(UserWarning, match="without feature names"):
        assert plain.predict(numbers).tolist() == plain.predict(numbers.to_numpy()).tolist()


@pytest.mark.parametrize(
    ("parameters", "sentence"),
    [
        ({"budget": "soon"}, "no duration"),
        ({"metric": "rmse"}, "not binary"),
        ({"metric": "roc_ac"}, "Did you mean 'roc_auc'"),
    ],
)
def test_a_wrong_parameter_is_named(parameters, sentence):
    with pytest.raises(BriefError, match=sentence):
        TableClassifier(learners=QUICK, **parameters).fit(X, labels(X, ["no", "yes"]))


def test_columns_that_hold_nothing_to_learn_are_refused():
    names = pl.DataFrame({"name": [f"customer {number}" for number in range(60)]})
    with pytest.raises(SchemaError, match="No column of X can be learned from"):
        TableRegressor().fit(names, np.arange(60.0))


def test_a_table_without_rows_is_refused():
    with pytest.raises(ValueError, match="0 sample"):
        TableRegressor().fit(X.head(0), [])


def test_a_lacking_column_is_named():
    model = TableRegressor(learners=QUICK).fit(X, X["size"].fill_null(0.0).to_numpy())
    with pytest.raises(ValueError, match="size"):
        model.predict(X.drop("size").with_columns(extent=pl.lit(1.0)))


HARD = {
    "constant columns": np.ones((40, 3)),
    "one column": np.arange(40.0)[:, None] % 7,
    "a column of nothing": np.stack([np.arange(40.0) % 7, np.full(40, np.nan)], axis=1),
    "huge numbers": np.arange(40.0)[:, None] * 1e150,
    "more columns than rows": np.random.default_rng(0).normal(size=(40, 100)),
}


@pytest.mark.parametrize("array", HARD.values(), ids=HARD.keys())
@pytest.mark.parametrize("learners", [("linear",), ("lightgbm", "xgboost", "extra_trees")])
def test_hard_tables_have_answers(array, learners):
    y = np.arange(40) % 2
    classifier = TableClassifier(learners=learners).fit(array, y)
    assert np.isfinite(classifier.predict_proba(array)).all()
    regressor = TableRegressor(learners=learners).fit(array, y * 1000.0)
    assert np.isfinite(regressor.predict(array)).all()


def test_classes_with_a_single_row_have_a_probability():
    y = np.array(["a"] * 30 + ["b"] * 8 + ["c", "d"])
    model = TableClassifier(learners=("linear", "extra_trees")).fit(HARD["one column"], y)
    assert model.classes_.tolist() == ["a", "b", "c", "d"]
    assert model.predict_proba(HARD["one column"]).sum(axis=1) == pytest.approx(1.0)
    alone = TableClassifier(learners=QUICK).fit(np.array([[0.0], [1.0]]), ["a", "b"])
    assert alone.predict_proba([[0.5]]).sum() == pytest.approx(1.0)


def test_the_same_seed_gives_the_same_bundle_but_for_its_time():
    y = with_errors(labels(X, ["no", "yes"]))
    first, second = (TableClassifier(random_state=3).fit(X, y).bundle_ for _ in range(2))
    assert first.cases == second.cases
    assert first.reference == second.reference
    assert first.contract_text == second.contract_text
