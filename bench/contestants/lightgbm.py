"""LightGBM with its defaults: the floor under everybody."""

import pickle
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from lightgbm import LGBMClassifier, LGBMRegressor

from bench.contestants.base import Array, Contestant
from bench.contestants.stages import main

_FILE = "model.pickle"


class LightGbm(Contestant):
    """One model; texts are categories, moments are numbers."""

    def fit(self, X: pd.DataFrame, y: Any) -> None:
        """Learn."""
        kind = LGBMRegressor if self.job.task == "regression" else LGBMClassifier
        self._levels = {
            name: pd.CategoricalDtype(X[name].dropna().unique())
            for name in X.columns
            if not (_is_plain(X[name]) or _is_moment(X[name]))
        }
        self._model = kind(n_jobs=self.job.cores, random_state=self.job.seed, verbose=-1)
        self._model.fit(self._numbers(X), y)

    def save(self, folder: Path) -> None:
        """Write one pickle."""
        folder.mkdir()
        with (folder / _FILE).open("wb") as file:
            pickle.dump((self._levels, self._model), file, pickle.HIGHEST_PROTOCOL)

    def load(self, folder: Path) -> None:
        """Read the pickle that this bench wrote."""
        with (folder / _FILE).open("rb") as file:
            self._levels, self._model = pickle.load(file)  # noqa: S301
        if self.job.task != "regression":
            self.classes = self._model.classes_.tolist()

    def answer(self, X: pd.DataFrame) -> Array:
        """Answer a frame."""
        if self.job.task == "regression":
            return self.of_scale(self._model.predict(self._numbers(X)))
        return np.asarray(self._model.predict_proba(self._numbers(X)))

    def decide(self, X: pd.DataFrame) -> Array:
        """Return codes."""
        return np.asarray(self._model.predict(self._numbers(X)))

    def _numbers(self, X: pd.DataFrame) -> pd.DataFrame:
        moments = {n: X[n].astype("int64") for n in X.columns if _is_moment(X[n])}
        # Its files cannot hold some signs in names of columns.
        columns = range(X.shape[1])
        return X.assign(**moments).astype(self._levels).set_axis(columns, axis=1)


def _is_plain(column: pd.Series) -> bool:
    types = pd.api.types
    return bool(types.is_numeric_dtype(column) or types.is_bool_dtype(column))


def _is_moment(column: pd.Series) -> bool:
    return bool(pd.api.types.is_datetime64_any_dtype(column))


if __name__ == "__main__":
    main(LightGbm)
