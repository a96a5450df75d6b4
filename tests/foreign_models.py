"""Models that were trained without modelwright, and their table."""

from typing import Any

import numpy as np
import pandas as pd
from lightgbm import LGBMClassifier, LGBMRegressor
from sklearn.compose import ColumnTransformer, make_column_transformer
from sklearn.decomposition import PCA
from sklearn.ensemble import (
    ExtraTreesRegressor,
    GradientBoostingClassifier,
    GradientBoostingRegressor,
    RandomForestClassifier,
)
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.neural_network import MLPClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import (
    MinMaxScaler,
    OneHotEncoder,
    OrdinalEncoder,
    RobustScaler,
    StandardScaler,
    TargetEncoder,
)
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


def _raw(encoder: Any, model: Any) -> Any:
    codes = OrdinalEncoder(handle_unknown="use_encoded_value", unknown_value=-1)
    parts = [
        ("numbers", "passthrough", ["age", "fare"]),
        ("levels", encoder, ["sex", "port"]),
        ("codes", codes, ["class"]),
    ]
    return make_pipeline(ColumnTransformer(parts), model)
