import warnings

import numpy as np
import pandas as pd
import polars as pl
import pytest
from sklearn.calibration import CalibratedClassifierCV
from sklearn.compose import (
    ColumnTransformer,
    TransformedTargetRegressor,
    make_column_transformer,
)
from sklearn.ensemble import (
    AdaBoostClassifier,
    StackingClassifier,
    VotingClassifier,
)
from sklearn.impute import KNNImputer, SimpleImputer
from sklearn.linear_model import LinearRegression, LogisticRegression, Ridge, SGDClassifier
from sklearn.model_selection import FixedThresholdClassifier
from sklearn.naive_bayes import GaussianNB
from sklearn.neighbors import KNeighborsClassifier, RadiusNeighborsClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import (
    FunctionTransformer,
    Normalizer,
    OneHotEncoder,
    PowerTransformer,
    SplineTransformer,
    StandardScaler,
)
from sklearn.svm import SVC, SVR, LinearSVC, NuSVC
from xgboost import XGBClassifier, XGBRFClassifier

from foreign_models import TASKS, compositions, in_turn, passengers, pipelines
from modelwright.data.conform import columns_of, conform
from modelwright.data.schema import Column, Schema
from modelwright.errors import LearnerError
from modelwright.learners.foreign.pipeline import FittedPipeline
from modelwright.tasks.task import Task

_COLUMNS = ["age", "fare", "class", "sex", "port"]


@pytest.fixture(scope="module")
def table():
    return passengers()


@pytest.mark.parametrize("name", [*pipelines(), *compositions()])
def test_the_program_answers_as_the_model_does(name, table):
    target, model = {**pipelines(), **compositions()}[name]
    with warnings.catch_warnings():
        # That a network has not converged is no matter here.
        warnings.simplefilter("ignore")
        model.fit(table[_COLUMNS], table[target])
    foreign = FittedPipeline(model)
    strange = table.assign(sex=table["sex"].where(table.index % 9 > 0, "x"))
    schema = Schema(columns=tuple(Column(name=n.name, kind=n.kind) for n in foreign.needs))
    rows = conform(pl.from_pandas(strange), schema)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        own = foreign.answers(rows, TASKS[target])
    answers = foreign.program(TASKS[target]).run(columns_of(rows, schema))
    np.testing.assert_allclose(answers, own, rtol=2e-6, atol=2e-6)
    assert {need.name for need in foreign.needs} <= set(_COLUMNS)


def test_classes_stand_in_the_order_of_the_task(table):
    model = LogisticRegression().fit(table[["fare"]], table["yes"])
    turned = TASKS["yes"].__class__(kind="binary", classes=("yes", "no"))
    one = FittedPipeline(model).program(TASKS["yes"]).run({"fare": np.array([20.0])})
    other = FittedPipeline(model).program(turned).run({"fare": np.array([20.0])})
    assert one[0].tolist() == other[0, ::-1].tolist()


@pytest.mark.parametrize(
    ("model", "target", "words"),
    [
        (
            make_pipeline(SplineTransformer(extrapolation="periodic"), LinearRegression()),
            "price",
            "extrapolation='periodic'",
        ),
        (make_pipeline(Normalizer("max"), LinearRegression()), "price", "norm='max'"),
        (make_pipeline(FunctionTransformer(np.cbrt), LinearRegression()), "price", "np.log1p"),
        (RadiusNeighborsClassifier(), "yes", "RadiusNeighborsClassifier"),
        (KNeighborsClassifier(metric="chebyshev"), "yes", "'chebyshev'"),
        (KNeighborsClassifier(weights=np.sqrt), "yes", "function of somebody's own"),
        (make_pipeline(KNNImputer(weights=np.sqrt), Ridge()), "price", "somebody's own"),
        (make_pipeline(in_turn(SVR()), Ridge()), "price", "predicts by a SVR"),
        (make_pipeline(in_turn(sample_posterior=True), Ridge()), "price", "draws by chance"),
        (LinearSVC(), "yes", "probability of a"),
        (
            VotingClassifier(
                [("a", FixedThresholdClassifier(LogisticRegression(), threshold=0.3))]
            ),
            "seen",
            "names",
        ),
        (AdaBoostClassifier(LogisticRegression(), n_estimators=2), "yes", "other members"),
        (SGDClassifier(loss="modified_huber"), "yes", "modified_huber"),
        (make_pipeline(StandardScaler(), SVC()), "yes", "probability of a"),
        (StackingClassifier([("a", NuSVC(nu=0.1))], cv=2), "yes", "decision of a NuSVC"),
        (CalibratedClassifierCV(SVC(kernel="poly"), cv=2), "yes", "kernel 'poly'"),
        (
            make_pipeline(
                ColumnTransformer([("a", "passthrough", [0])], transformer_weights={"a": 2.0}),
                LogisticRegression(),
            ),
            "yes",
            "weighs its parts",
        ),
        (XGBClassifier(missing=-999.0, n_estimators=2), "seen", "another missing value"),
        (LinearRegression(), "yes", "answers numbers"),
        (LogisticRegression(), "price", "answers classes"),
        (LogisticRegression(), "level", "the target holds"),
    ],
)
def test_what_has_no_place_in_a_program_is_refused(model, target, words, table):
    learned = "price" if target == "yes" and model.__class__ is LinearRegression else "yes"
    learned = (
        target
        if target in ("price", "seen") and "Logistic" not in type(model).__name__
        else learned
    )
    model.fit(table[["fare", "class"]], table[learned])
    with pytest.raises(LearnerError, match=words):
        FittedPipeline(model).program(TASKS[target])


@pytest.mark.parametrize(
    ("back", "words"), [(np.square, "square"), (np.sqrt, "sqrt"), (None, "PowerTransformer")]
)
def test_a_target_of_other_transformations_is_refused(back, words, table):
    if back is None:
        model = TransformedTargetRegressor(Ridge(), transformer=PowerTransformer())
    else:
        model = TransformedTargetRegressor(
            Ridge(), func=np.sqrt, inverse_func=back, check_inverse=False
        )
    model.fit(table[["fare"]], table["count"])
    with pytest.raises(LearnerError, match=words):
        FittedPipeline(model).program(TASKS["count"])


def test_classes_that_were_numbered_before_are_named(table):
    model = make_pipeline(StandardScaler(), LogisticRegression())
    model.fit(table[["fare"]], (table["yes"] == "yes").astype(int))
    rows = {"fare": np.array([20.0, 3.0])}
    answers = FittedPipeline(model, labels=("no", "yes")).program(TASKS["yes"]).run(rows)
    own = model.predict_proba(pd.DataFrame(rows))
    np.testing.assert_allclose(answers, own, rtol=1e-12)


def test_columns_of_an_array_are_named(table):
    model = make_pipeline(SimpleImputer(), LogisticRegression())
    model.fit(table[["fare", "age"]].to_numpy(), table["yes"])
    foreign = FittedPipeline(model, columns=("fare", "age"))
    rows = pl.DataFrame({"age": [None, 30.0], "fare": [20.0, 3.0]})
    answers = foreign.program(TASKS["yes"]).run(
        {"fare": np.array([20.0, 3.0]), "age": np.array([np.nan, 30.0])}
    )
    np.testing.assert_allclose(answers, foreign.answers(rows, TASKS["yes"]), rtol=1e-12)


def test_a_level_that_stands_for_a_missing_cell_is_one():
    table = pd.DataFrame({"c": ["?", "a", "b", "?"] * 30, "y": ["no", "yes", "no", "no"] * 30})
    model = make_pipeline(OneHotEncoder(handle_unknown="ignore"), LogisticRegression())
    foreign = FittedPipeline(model.fit(table[["c"]], table["y"]))
    schema = Schema(columns=(Column(name="c", kind=foreign.needs[0].kind),))
    rows = conform(pl.from_pandas(table[["c"]]), schema)
    answers = foreign.program(TASKS["yes"]).run(columns_of(rows, schema))
    np.testing.assert_allclose(answers, model.predict_proba(table[["c"]]), rtol=1e-12)
    np.testing.assert_allclose(foreign.answers(rows, TASKS["yes"]), answers, rtol=1e-12)


def test_two_levels_for_a_missing_cell_are_refused():
    table = pd.DataFrame({"c": ["?", "a", None, "N/A"] * 9, "y": ["no", "yes", "no", "no"] * 9})
    model = make_pipeline(OneHotEncoder(), LogisticRegression()).fit(table[["c"]], table["y"])
    with pytest.raises(LearnerError, match="all say that a cell is missing"):
        _ = FittedPipeline(model).needs


def test_an_encoder_of_a_column_that_was_empty_is_refused():
    table = pd.DataFrame({"c": [None] * 20, "y": ["no", "yes"] * 10})
    model = make_pipeline(OneHotEncoder(), LogisticRegression()).fit(table[["c"]], table["y"])
    with pytest.raises(LearnerError, match="'c', which had no value when it learned"):
        _ = FittedPipeline(model).needs


def test_truths_are_levels_and_classes(table):
    truths = pd.DataFrame({"b": table["sex"] == "f", "y": table["yes"] == "yes"})
    model = make_pipeline(OneHotEncoder(), LogisticRegression()).fit(truths[["b"]], truths["y"])
    foreign = FittedPipeline(model)
    task = Task(kind="binary", classes=("false", "true"))
    schema = Schema(columns=(Column(name="b", kind=foreign.needs[0].kind),))
    for written in (truths["b"], truths["b"].map({True: "True", False: "False"})):
        rows = conform(pl.DataFrame({"b": written.to_list()}), schema)
        answers = foreign.program(task).run(columns_of(rows, schema))
        np.testing.assert_allclose(answers, model.predict_proba(truths[["b"]]), rtol=1e-12)
        np.testing.assert_allclose(foreign.answers(rows, task), answers, rtol=1e-12)


def test_normal_numbers_far_from_zero_keep_their_difference(table):
    far = table[["fare"]] * 10 + 1.7e9
    model = GaussianNB().fit(far, table["yes"])
    answers = FittedPipeline(model).program(TASKS["yes"]).run({"fare": far["fare"].to_numpy()})
    np.testing.assert_allclose(answers, model.predict_proba(far), atol=1e-6)


def test_a_column_that_is_a_number_and_a_level_is_refused(table):
    both = make_column_transformer(("passthrough", ["class"]), (OneHotEncoder(), ["class"]))
    model = make_pipeline(both, LogisticRegression()).fit(table[["class"]], table["yes"])
    with pytest.raises(LearnerError, match="'class' that is read as a number and as levels"):
        _ = FittedPipeline(model).needs


def test_a_model_without_names_cannot_be_adopted(table):
    model = make_pipeline(StandardScaler(), LogisticRegression())
    model.fit(table[["fare"]].to_numpy(), table["yes"])
    with pytest.raises(LearnerError, match="does not say which columns"):
        _ = FittedPipeline(model).needs


class _Sampler:
    """Stands in for what imbalanced-learn puts between the steps of a pipeline."""

    def fit_resample(self, rows, truth):
        return rows, truth


def test_what_draws_rows_to_learn_from_answers_nothing(table):
    model = make_pipeline(SimpleImputer(), LogisticRegression()).fit(table[["age"]], table["yes"])
    model.steps.insert(1, ("draw", _Sampler()))
    program = FittedPipeline(model).program(TASKS["yes"])
    model.steps.pop(1)
    rows = pd.DataFrame({"age": [30.0, np.nan]})
    own = model.predict_proba(rows)
    np.testing.assert_allclose(program.run({"age": rows["age"].to_numpy()}), own, rtol=1e-12)


@pytest.mark.filterwarnings("ignore:.*XGBRFClassifier")
@pytest.mark.parametrize(
    ("make", "target"),
    [
        (
            lambda: FixedThresholdClassifier(LogisticRegression(), threshold=0.3, pos_label="yes"),
            "yes",
        ),
        (lambda: XGBRFClassifier(n_estimators=3, max_depth=3), "seen"),
    ],
)
def test_models_around_and_beside_others_answer_the_same(make, target, table):
    model = make().fit(table[["fare"]], table[target])
    rows = table[["fare"]].head(50)
    answers = FittedPipeline(model).program(TASKS[target]).run({"fare": rows["fare"].to_numpy()})
    np.testing.assert_allclose(answers, model.predict_proba(rows), rtol=2e-6)
