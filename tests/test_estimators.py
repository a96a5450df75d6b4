import datetime as dt
from dataclasses import replace

import msgspec
import numpy as np
import polars as pl
import pytest
from sklearn.base import clone
from sklearn.model_selection import cross_val_score
from sklearn.pipeline import make_pipeline
from sklearn.utils.estimator_checks import parametrize_with_checks

import modelwright
from modelwright.errors import BriefError, InputError, SchemaError, TargetError
from modelwright.estimators import TableClassifier, TableRegressor
from modelwright.predictor.coverage import Ranges, Sets

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


@pytest.mark.parametrize(
    ("form", "kinds"),
    [(form, LABELS["texts"]) for form in FORMS.values()]
    + [(FORMS["polars"], kinds) for kinds in LABELS.values()][1:],
    ids=[*FORMS, *(name for name in LABELS if name != "texts")],
)
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
    model = TableClassifier(budget="5s").fit(X, y)
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
    noise = np.random.default_rng(5).normal(size=len(X))
    y = (X["size"].fill_null(0.0) + noise > 1.7).to_numpy()
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


def test_a_function_of_your_own_is_the_metric():
    def worst(truth, prediction):
        return np.abs(truth - prediction).max()

    worst.direction = "minimize"
    y = X["size"].fill_null(0.0).to_numpy()
    model = TableRegressor(learners=QUICK, metric=worst).fit(X, y)
    assert model.bundle_.facts.metric.startswith("minimize ")
    assert model.bundle_.facts.metric.endswith("worst")


def test_a_metric_of_classes_of_your_own_has_its_threshold():
    def cost(truth, prediction):
        return np.mean(9 * ((truth == 1) & (prediction == 0)) + ((truth == 0) & (prediction == 1)))

    cost.direction, cost.takes = "minimize", "classes"
    y = with_errors(labels(X, ["no", "yes"]))
    model = TableClassifier(learners=QUICK, metric=cost).fit(X, y)
    assert model.bundle_.program.threshold < 0.4


def test_a_function_in_a_file_is_the_metric(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "m.py").write_text("def gain(truth, prediction): return 1.0\n")
    y = X["size"].fill_null(0.0).to_numpy()
    model = TableRegressor(learners=QUICK, metric="m.py:gain").fit(X, y)
    assert model.bundle_.facts.metric == "maximize m.py:gain"
    model.save(tmp_path / "bundle")
    # A bundle is data: whoever loads it runs nothing of the metric's.
    (tmp_path / "m.py").write_text("raise AssertionError('it was run')\n")
    loaded = modelwright.load(tmp_path / "bundle")
    assert loaded.predict(X[:3]).tolist() == model.predict(X[:3]).tolist()


def _nothing(truth, prediction):
    return float("nan")


def _broken(truth, prediction):
    raise KeyError("boom")


@pytest.mark.parametrize(
    ("metric", "sentence"),
    [
        (_nothing, "not defined on this target"),
        (_broken, "raised KeyError: 'boom'"),
        (3, "expected a name or a function"),
        ("gone.py:cost", r"gone\.py, which is not there"),
        ("rmsle", "from 0 on, but the target goes down"),
    ],
)
def test_a_metric_that_cannot_be_used_is_told_before_anything_is_learned(metric, sentence):
    y = X["size"].fill_null(0.0).to_numpy()
    with pytest.raises(BriefError, match=sentence):
        TableRegressor(learners=QUICK, metric=metric).fit(X, y)


def test_labels_that_are_missing_and_too_many_classes_are_told():
    with pytest.raises(ValueError, match=r"no label in 1 of 240 rows"):
        TableClassifier(learners=QUICK).fit(X, [None] + ["a", "b", "c"] * 79 + ["a", "b"])
    many = np.arange(4_000) % 2_000
    numbers = np.arange(4_000.0)[:, None]
    with pytest.raises(TargetError, match="2,000 classes, expected at most 1,000"):
        TableClassifier(learners=QUICK).fit(numbers, many)


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
    "one column": np.arange(40.0)[:, None] % 7,
    "a column of nothing": np.stack([np.arange(40.0) % 7, np.full(40, np.nan)], axis=1),
    "huge numbers": np.arange(40.0)[:, None] * 1e150,
    "more columns than rows": np.random.default_rng(0).normal(size=(20, 25)),
}


_TREES = ("lightgbm", "xgboost", "extra_trees")


# tests/build/test_engine.py has all kinds of hard tables with every learner.
@pytest.mark.parametrize(
    ("name", "learners"), [*((name, QUICK) for name in HARD), ("huge numbers", _TREES)]
)
def test_hard_tables_have_answers(name, learners):
    array = HARD[name]
    y = np.arange(len(array)) % 2
    classifier = TableClassifier(learners=learners).fit(array, y)
    assert np.isfinite(classifier.predict_proba(array)).all()
    regressor = TableRegressor(learners=learners).fit(array, y * 1000.0)
    assert np.isfinite(regressor.predict(array)).all()


def test_constant_columns_are_told_and_have_an_answer():
    model = TableClassifier(learners=QUICK)
    with pytest.warns(UserWarning, match="the same value in all rows"):
        model.fit(np.ones((40, 3)), np.arange(40) % 2)
    assert model.predict_proba(np.ones((2, 3))) == pytest.approx(0.5)


def test_a_budget_too_small_for_any_learner_gives_the_baseline_and_says_so():
    y = labels(X, ["no", "yes"])
    model = TableClassifier(budget=0.01)
    with pytest.warns(UserWarning, match="those of a baseline .* no learner ended well"):
        model.fit(X, y)
    assert model.predict_proba(NEW).sum(axis=1) == pytest.approx(1.0)


def test_classes_with_a_single_row_have_a_probability():
    y = np.array(["a"] * 30 + ["b"] * 8 + ["c", "d"])
    model = TableClassifier(learners=("linear", "extra_trees")).fit(HARD["one column"], y)
    assert model.classes_.tolist() == ["a", "b", "c", "d"]
    assert model.predict_proba(HARD["one column"]).sum(axis=1) == pytest.approx(1.0)
    alone = TableClassifier(learners=QUICK).fit(np.array([[0.0], [1.0]]), ["a", "b"])
    assert alone.predict_proba([[0.5]]).sum() == pytest.approx(1.0)


def test_ranges_and_sets_stand_beside_answers():
    sets_of_two = Sets(levels=(0.9,), thresholds=np.array([[0.2, 0.2]]))
    seven_wide = Ranges(
        levels=(0.9,), edges=np.array([]), below=np.array([[3.0]]), above=np.array([[4.0]])
    )
    classifier = TableClassifier(learners=QUICK).fit(X, with_errors(labels(X, ["no", "yes"])))
    classifier.bundle_ = _stating(classifier.bundle_, sets_of_two)
    sets = classifier.predict_set(NEW)
    assert all(each in among for each, among in zip(classifier.predict(NEW), sets, strict=True))
    regressor = TableRegressor(learners=QUICK).fit(X, X["size"].fill_null(-2.0).to_numpy())
    regressor.bundle_ = _stating(regressor.bundle_, seven_wide)
    low, high = regressor.predict_interval(NEW, level=0.9).T
    assert low == pytest.approx(regressor.predict(NEW) - 3)
    assert high == pytest.approx(regressor.predict(NEW) + 4)
    with pytest.raises(InputError, match=r"Ask for 0\.9"):
        regressor.predict_interval(NEW, level=0.5)


def _stating(bundle, coverage):
    return replace(bundle, program=msgspec.structs.replace(bundle.program, coverage=coverage))


def test_the_same_seed_gives_the_same_bundle_but_for_its_time():
    y = with_errors(labels(X, ["no", "yes"]))
    # So much time that on no machine a clock decides which folds are learned, or how often; the
    # engine's own tests do the same with learners that draw.
    model = TableClassifier(learners=QUICK, budget="30m", random_state=3)
    models = [clone(model).fit(X, y) for _ in range(2)]
    first, second = (model.bundle_ for model in models)
    assert first.cases == second.cases
    assert first.reference == second.reference
    assert first.contract_text == second.contract_text
