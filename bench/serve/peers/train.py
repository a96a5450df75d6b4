"""Fit the peers' model: ``python train.py TABLE.csv FOLDER``.

LightGBM behind scikit-learn's own preparation, saved as each peer's documentation says.
"""

import importlib.util
import sys
from pathlib import Path

import joblib
import lightgbm
import pandas as pd
from sklearn.compose import ColumnTransformer
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import OrdinalEncoder

TREES = 300


def main(table: Path, folder: Path) -> None:
    """Fit and save."""
    rows = pd.read_csv(table)
    target = rows.pop("left")
    words = [name for name in rows if name.startswith("c")]
    encoder = OrdinalEncoder(handle_unknown="use_encoded_value", unknown_value=-1)
    prepare = ColumnTransformer([("words", encoder, words)], remainder="passthrough")
    model = Pipeline(
        [
            ("prepare", prepare),
            ("trees", lightgbm.LGBMClassifier(n_estimators=TREES, n_jobs=1, verbose=-1)),
        ]
    )
    model.fit(rows, target)
    folder.mkdir(parents=True, exist_ok=True)
    joblib.dump(model, folder / "model.joblib")
    if importlib.util.find_spec("mlflow") is not None:
        _save_for_mlflow(model, folder / "mlflow")


def _save_for_mlflow(model: Pipeline, folder: Path) -> None:
    import mlflow.sklearn

    if not folder.exists():
        mlflow.sklearn.save_model(
            model, folder, pyfunc_predict_fn="predict_proba", serialization_format="cloudpickle"
        )


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
