"""Models that were trained without modelwright, and their table."""

from typing import Any

import numpy as np
import pandas as pd
from lightgbm import LGBMClassifier, LGBMRegressor
from sklearn.calibration import CalibratedClassifierCV
from sklearn.compose import (
    ColumnTransformer,
    TransformedTargetRegressor,
    make_column_transformer,
)
from sklearn.cross_decomposition import PLSRegression
from sklearn.decomposition import PCA, FastICA
from sklearn.discriminant_analysis import (
    LinearDiscriminantAnalysis,
    QuadraticDiscriminantAnalysis,
)
from sklearn.ensemble import (
    AdaBoostClassifier,
    AdaBoostRegressor,
    BaggingClassifier,
    BaggingRegressor,
    ExtraTreesRegressor,
    GradientBoostingClassifier,
    GradientBoostingRegressor,
    HistGradientBoostingClassifier,
    HistGradientBoostingRegressor,
    RandomForestClassifier,
    StackingClassifier,
    StackingRegressor,
    VotingClassifier,
    VotingRegressor,
)
from sklearn.experimental import enable_iterative_imputer  # noqa: F401
from sklearn.feature_selection import RFE, SelectFromModel, SelectKBest
from sklearn.frozen import FrozenEstimator
from sklearn.impute import IterativeImputer, KNNImputer, MissingIndicator, SimpleImputer
from sklearn.linear_model import (
    BayesianRidge,
    LinearRegression,
    LogisticRegression,
    PoissonRegressor,
    RANSACRegressor,
    Ridge,
    SGDClassifier,
    TweedieRegressor,
)
from sklearn.model_selection import GridSearchCV
from sklearn.multiclass import OneVsRestClassifier
from sklearn.naive_bayes import BernoulliNB, ComplementNB, GaussianNB, MultinomialNB
from sklearn.neighbors import KNeighborsClassifier, KNeighborsRegressor
from sklearn.neural_network import MLPClassifier, MLPRegressor
from sklearn.pipeline import make_pipeline, make_union
from sklearn.preprocessing import (
    Binarizer,
    FunctionTransformer,
    KBinsDiscretizer,
    MinMaxScaler,
    Normalizer,
    OneHotEncoder,
    OrdinalEncoder,
    PolynomialFeatures,
    PowerTransformer,
    QuantileTransformer,
    RobustScaler,
    SplineTransformer,
    StandardScaler,
    TargetEncoder,
)
from sklearn.svm import SVC, SVR, LinearSVC
from sklearn.tree import DecisionTreeClassifier
from xgboost import XGBClassifier, XGBRegressor

from modelwright.tasks.task import Task

TASKS = {
    "yes": Task(kind="binary", classes=("no", "yes")),
    "seen": Task(kind="binary", classes=("0", "1")),
    "level": Task(kind="multiclass", classes=("0", "1", "2")),
    "price": Task(kind="regression"),
    "count": Task(kind="regression"),
}


def passengers(rows: int = 300, *, seed: int = 0) -> pd.DataFrame:
    """Return a table with missing numbers and levels, and codes that are numbers."""
    draw = np.random.default_rng(seed)
    table = pd.DataFrame(
        {
            "age": draw.normal(40, 10, rows).round(1),
            "fare": draw.exponential(30, rows).round(2),
            "class": draw.integers(1, 4, rows),
            "sex": draw.choice(["m", "f"], rows),
            "port": draw.choice(["S", "C", "Q", None], rows, p=[0.5, 0.2, 0.2, 0.1]),
        }
    )
    table.loc[draw.random(rows) < 0.1, "age"] = np.nan
    signal = (table["age"].fillna(40) > 40) * 1.0 + (table["sex"] == "f") * 1.5
    signal = signal - (table["class"] == 3) + (table["port"] == "C") + draw.normal(0, 0.7, rows)
    return table.assign(
        yes=np.where(signal > 1, "yes", "no"),
        seen=(signal > 1).astype(int),
        level=np.digitize(signal, [0, 1.5]),
        price=10.0 * signal,
        count=np.exp(signal / 3),
    )


def pipelines() -> dict[str, tuple[str, Any]]:
    """Return pipelines that have not learned yet, with the column that each predicts."""
    hot = {"handle_unknown": "ignore"}
    lost = {
        "handle_unknown": "use_encoded_value",
        "unknown_value": -1,
        "encoded_missing_value": -2,
    }
    boost = {"n_estimators": 10}
    return {
        "logistic": ("yes", _with(OneHotEncoder(**hot), LogisticRegression(max_iter=500))),
        "softmax": ("level", _with(OneHotEncoder(drop="first", **hot), LogisticRegression())),
        "ridge": ("price", _with(TargetEncoder(random_state=0), PCA(3), Ridge())),
        "forest": ("yes", _raw(OrdinalEncoder(**lost), RandomForestClassifier(10))),
        "codes that may be none": (
            "yes",
            _raw(
                OrdinalEncoder(handle_unknown="use_encoded_value", unknown_value=np.nan),
                HistGradientBoostingClassifier(max_iter=8, max_leaf_nodes=7),
            ),
        ),
        "forest of levels": ("level", _with(OneHotEncoder(**hot), RandomForestClassifier(10))),
        "extra trees": ("price", _with(OneHotEncoder(**hot), ExtraTreesRegressor(10))),
        "tree": ("yes", _with(OneHotEncoder(**hot), DecisionTreeClassifier(max_depth=4))),
        "boosting": ("yes", _with(OneHotEncoder(**hot), GradientBoostingClassifier(**boost))),
        "boosting of levels": (
            "level",
            _with(OneHotEncoder(**hot), GradientBoostingClassifier(**boost)),
        ),
        "boosted numbers": (
            "price",
            _with(OneHotEncoder(**hot), GradientBoostingRegressor(**boost)),
        ),
        "network": ("yes", _with(OneHotEncoder(**hot), MLPClassifier((5,), max_iter=20))),
        "lightgbm": ("yes", _raw(OneHotEncoder(**hot), LGBMClassifier(**boost, verbose=-1))),
        "lightgbm of counts": (
            "count",
            _raw(OneHotEncoder(**hot), LGBMRegressor(**boost, objective="poisson", verbose=-1)),
        ),
        "xgboost": ("seen", _raw(OneHotEncoder(**hot), XGBClassifier(**boost))),
        "xgboost of levels": ("level", _raw(OneHotEncoder(**hot), XGBClassifier(**boost))),
        "xgboost of numbers": ("price", _raw(OneHotEncoder(**hot), XGBRegressor(**boost))),
    }


_fares = make_column_transformer(("passthrough", ["fare", "class"]))
_holes = make_column_transformer((FunctionTransformer(np.abs), ["age", "fare", "class"]))
_some = make_column_transformer((SimpleImputer(), ["fare", "age"]))


def compositions() -> dict[str, tuple[str, Any]]:
    """Return models that are made of others, or end in what is seldom seen, unfitted."""
    hot = OneHotEncoder(handle_unknown="ignore")
    few = OneHotEncoder(handle_unknown="infrequent_if_exist", min_frequency=80)
    lost = OrdinalEncoder(
        handle_unknown="use_encoded_value",
        unknown_value=-1,
        encoded_missing_value=-2,
    )
    two = OneHotEncoder(handle_unknown="infrequent_if_exist", max_categories=2, drop="if_binary")
    seldom = OrdinalEncoder(handle_unknown="use_encoded_value", unknown_value=-1, max_categories=2)
    tree, small = DecisionTreeClassifier(max_depth=3), {"max_iter": 8}
    pair = [("a", LogisticRegression()), ("b", DecisionTreeClassifier(max_depth=3))]
    numbers = [("a", Ridge()), ("b", ExtraTreesRegressor(5))]
    ordinal = KBinsDiscretizer(4, encode="ordinal", quantile_method="averaged_inverted_cdf")
    each_bin = KBinsDiscretizer(4, quantile_method="averaged_inverted_cdf")
    both = make_union(PCA(2), make_pipeline(SelectKBest(k=3), Binarizer(threshold=0.3)))
    return {
        "histograms": ("yes", _raw(hot, HistGradientBoostingClassifier(**small))),
        "histograms of levels": ("level", _raw(hot, HistGradientBoostingClassifier(**small))),
        "histograms of numbers": ("price", _raw(lost, HistGradientBoostingRegressor(**small))),
        "histograms of counts": (
            "count",
            _raw(hot, HistGradientBoostingRegressor(loss="poisson", **small)),
        ),
        "rare codes": ("yes", _with(seldom, LogisticRegression())),
        "boosted scores": (
            "level",
            _with(hot, CalibratedClassifierCV(GradientBoostingClassifier(n_estimators=4), cv=2)),
        ),
        "network of counts": ("count", _with(hot, MLPRegressor(hidden_layer_sizes=4, **small))),
        "rare levels": ("yes", _with(few, LogisticRegression())),
        "votes": ("level", _with(hot, VotingClassifier(pair, voting="soft", weights=[2, 1]))),
        "mean": ("price", _with(hot, VotingRegressor(numbers))),
        "bags": ("yes", _with(hot, BaggingClassifier(tree, 4, max_features=0.6))),
        "bags of numbers": ("price", _with(hot, BaggingRegressor(Ridge(), 4))),
        "stack": ("yes", _with(hot, StackingClassifier(pair, cv=2))),
        "stack of levels": ("level", _with(hot, StackingClassifier(pair, cv=2, passthrough=True))),
        "stack of numbers": ("price", _with(hot, StackingRegressor(numbers, cv=2))),
        "adaptive": ("yes", _with(hot, AdaBoostClassifier(tree, n_estimators=5))),
        "adaptive of levels": ("level", _with(hot, AdaBoostClassifier(tree, n_estimators=5))),
        "platt": ("yes", CalibratedClassifierCV(_with(hot, LinearSVC()), cv=2)),
        "isotonic": ("yes", _with(hot, CalibratedClassifierCV(tree, cv=2, method="isotonic"))),
        "platt of levels": ("level", _with(hot, CalibratedClassifierCV(LinearSVC(), cv=2))),
        "one against others": ("level", _with(hot, OneVsRestClassifier(LogisticRegression()))),
        "descent": ("yes", _with(hot, SGDClassifier(loss="log_loss"))),
        "descent of levels": ("level", _with(hot, SGDClassifier(loss="log_loss"))),
        "discriminants": ("level", _with(hot, LinearDiscriminantAnalysis())),
        "bayes": ("price", _with(hot, BayesianRidge())),
        "poisson": ("count", _with(hot, PoissonRegressor())),
        "tweedie": ("count", _with(hot, TweedieRegressor(power=1.5))),
        "network of tanh": (
            "price",
            _with(hot, MLPRegressor(hidden_layer_sizes=4, activation="tanh", **small)),
        ),
        "network of sigmoids": (
            "level",
            _with(hot, MLPClassifier((4,), activation="logistic", **small)),
        ),
        "logarithm": (
            "count",
            TransformedTargetRegressor(_with(hot, Ridge()), func=np.log1p, inverse_func=np.expm1),
        ),
        "scaled target": (
            "price",
            TransformedTargetRegressor(_with(hot, Ridge()), transformer=StandardScaler()),
        ),
        "selected": ("price", _with(hot, SelectFromModel(Ridge()), RFE(Ridge()), Ridge())),
        "bins": ("price", _with(hot, ordinal, LinearRegression())),
        "each bin": ("price", _with(hot, each_bin, LinearRegression())),
        "union": ("yes", _with(hot, both, LogisticRegression())),
        "whitened": ("yes", _with(hot, PCA(3, whiten=True), LogisticRegression())),
        "search": (
            "yes",
            GridSearchCV(_with(hot, LogisticRegression()), {"logisticregression__C": [1, 2]}, cv=2),
        ),
        "polynomial": (
            "price",
            _with(hot, PolynomialFeatures(3, interaction_only=True), Ridge()),
        ),
        "splines": ("price", _with(hot, SplineTransformer(), Ridge())),
        "splines of lines": (
            "price",
            make_pipeline(_some, SplineTransformer(degree=2, extrapolation="linear"), Ridge()),
        ),
        "splines that go on": (
            "price",
            make_pipeline(
                _some,
                SplineTransformer(
                    4, knots="quantile", extrapolation="continue", include_bias=False
                ),
                Ridge(),
            ),
        ),
        "quantiles": ("yes", _with(hot, QuantileTransformer(n_quantiles=50), LogisticRegression())),
        "normal quantiles": (
            "yes",
            _with(
                hot,
                QuantileTransformer(n_quantiles=50, output_distribution="normal"),
                LogisticRegression(),
            ),
        ),
        "squares": ("yes", _with(hot, PolynomialFeatures(2), LogisticRegression())),
        "powers": ("price", _with(hot, PowerTransformer(), Ridge())),
        "positive powers": (
            "price",
            make_pipeline(_fares, PowerTransformer("box-cox", standardize=False), Ridge()),
        ),
        "target of powers": (
            "price",
            TransformedTargetRegressor(
                _with(hot, Ridge()), transformer=PowerTransformer(standardize=True)
            ),
        ),
        "rare and missing levels": (
            "yes",
            make_pipeline(make_column_transformer((two, ["sex", "port"])), LogisticRegression()),
        ),
        "codes of rare and missing levels": (
            "price",
            _raw(seldom, HistGradientBoostingRegressor(max_iter=5)),
        ),
        "targets of classes": ("level", _with(TargetEncoder(random_state=0), GaussianNB())),
        "curved": ("level", _with(hot, QuadraticDiscriminantAnalysis(reg_param=0.2))),
        "imputed in turn": ("price", make_pipeline(_holes, in_turn(n_nearest_features=1), Ridge())),
        "imputed between ends": (
            "level",
            make_pipeline(
                _holes,
                in_turn(min_value=1.0, max_value=60.0, add_indicator=True, skip_complete=True),
                LogisticRegression(),
            ),
        ),
        "imputed by a forest": (
            "price",
            make_pipeline(_holes, in_turn(ExtraTreesRegressor(3, random_state=0)), Ridge()),
        ),
        "imputed by neighbours": (
            "price",
            make_pipeline(_holes, KNNImputer(n_neighbors=3, add_indicator=True), Ridge()),
        ),
        "imputed by near neighbours": (
            "yes",
            make_pipeline(
                _holes, KNNImputer(n_neighbors=4, weights="distance"), LogisticRegression()
            ),
        ),
        "neighbours": ("level", _with(hot, PCA(3), KNeighborsClassifier())),
        "near neighbours": ("price", make_pipeline(_some, KNeighborsRegressor(weights="distance"))),
        "neighbours around corners": (
            "yes",
            make_pipeline(_some, KNeighborsClassifier(3, weights="distance", p=1)),
        ),
        "counted votes": (
            "level",
            _with(hot, VotingClassifier([*pair, ("c", GaussianNB())], weights=[2, 1, 1.5])),
        ),
        "counted votes of two": (
            "yes",
            _with(hot, VotingClassifier([*pair, ("c", LinearSVC()), ("d", GaussianNB())])),
        ),
        "medians": ("price", _with(hot, AdaBoostRegressor(n_estimators=8, random_state=0))),
        "a median of lines": (
            "price",
            _with(hot, AdaBoostRegressor(Ridge(), n_estimators=5, random_state=0)),
        ),
        "lengths": ("yes", _with(hot, Normalizer(), LogisticRegression())),
        "sizes": ("yes", _with(hot, StandardScaler(), Normalizer("l1"), LogisticRegression())),
        "independent": ("price", _with(hot, FastICA(2, random_state=0), Ridge())),
        "the most agree": ("price", _with(hot, RANSACRegressor(random_state=0))),
        "what is missing": (
            "yes",
            make_pipeline(
                make_column_transformer(
                    (make_union(SimpleImputer(), MissingIndicator()), ["fare", "age"])
                ),
                LogisticRegression(),
            ),
        ),
        "logarithms": ("price", make_pipeline(_fares, FunctionTransformer(np.log1p), Ridge())),
        "roots": ("price", make_pipeline(_fares, FunctionTransformer(np.sqrt), Ridge())),
        "kernels": ("yes", _with(hot, CalibratedClassifierCV(SVC(), cv=2))),
        "kernels of numbers": ("price", _with(hot, SVR())),
        "lines of vectors": ("price", _with(hot, SVR(kernel="linear"))),
        "normal": ("level", _with(hot, GaussianNB())),
        "flags": ("level", _with(hot, BernoulliNB(binarize=0.4))),
        "plain flags": ("yes", _with(hot, Binarizer(threshold=0.4), BernoulliNB(binarize=None))),
        "complements": ("level", _with(hot, MinMaxScaler(clip=True), ComplementNB())),
        "counts": ("level", _with(hot, MinMaxScaler(clip=True), MultinomialNB())),
        "zeros that are missing": ("price", _sparse("passthrough", XGBRegressor(n_estimators=30))),
        "sparse kernels": (
            "yes",
            _sparse(SimpleImputer(), CalibratedClassifierCV(SVC(), cv=2)),
        ),
        "latent": ("price", _with(hot, PLSRegression(2))),
        "frozen": (
            "yes",
            make_pipeline(
                _some,
                CalibratedClassifierCV(
                    FrozenEstimator(
                        LogisticRegression().fit([[9.0, 30.0], [40.0, 50.0]], ["no", "yes"])
                    )
                ),
            ),
        ),
        "places": (
            "yes",
            _with(
                hot,
                ColumnTransformer([("a", StandardScaler(), [0, 2]), ("b", "passthrough", [4])]),
                LogisticRegression(),
            ),
        ),
    }


def in_turn(*estimator: Any, **told: Any) -> Any:
    return IterativeImputer(*estimator, max_iter=3, tol=1e9, random_state=0, **told)


def _with(encoder: Any, *rest: Any) -> Any:
    numbers = make_pipeline(SimpleImputer(strategy="median"), StandardScaler())
    levels = make_pipeline(SimpleImputer(strategy="most_frequent"), encoder)
    return make_pipeline(
        make_column_transformer(
            (numbers, ["age"]),
            (make_pipeline(SimpleImputer(add_indicator=True), RobustScaler()), ["fare"]),
            (levels, ["sex", "port"]),
            (OneHotEncoder(handle_unknown="ignore"), ["class"]),
        ),
        MinMaxScaler(),
        *rest,
    )


def _sparse(numbers: Any, model: Any) -> Any:
    levels = OneHotEncoder(handle_unknown="ignore")
    columns = (levels, ["sex", "port"]), (numbers, ["age", "fare", "class"])
    return make_pipeline(make_column_transformer(*columns, sparse_threshold=1.0), model)


def _raw(encoder: Any, model: Any) -> Any:
    codes = OrdinalEncoder(handle_unknown="use_encoded_value", unknown_value=-1)
    parts = [
        ("numbers", "passthrough", ["age", "fare"]),
        ("levels", encoder, ["sex", "port"]),
        ("codes", codes, ["class"]),
    ]
    return make_pipeline(ColumnTransformer(parts), model)
