"""FLAML's AutoML, with its defaults."""

import pickle
from collections.abc import Mapping
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
from flaml import AutoML

from bench.contestants.base import Array, Contestant
from bench.contestants.stages import main

_FILE = "automl.pickle"


class Flaml(Contestant):
    """One search; saved by pickle, as its documentation shows."""

    vocabulary: ClassVar[Mapping[str, str]] = {
        "roc_auc": "roc_auc",
        "roc_auc_ovr": "roc_auc_ovr",
        "average_precision": "ap",
        "log_loss": "log_loss",
        "accuracy": "accuracy",
        "f1": "f1",
        "macro_f1": "macro_f1",
        "rmse": "rmse",
        "mae": "mae",
        "mape": "mape",
        "r2": "r2",
    }

    def fit(self, X: Any, y: Any) -> None:
        """Learn."""
        self._automl = AutoML()
        self._automl.fit(
            X,
            y,
            task="regression" if self.job.task == "regression" else "classification",
            metric=self.metric or "auto",
            time_budget=self.job.budget_s,
            n_jobs=self.job.cores,
            seed=self.job.seed,
        )

    def save(self, folder: Path) -> None:
        """Write one pickle."""
        folder.mkdir()
        with (folder / _FILE).open("wb") as file:
            pickle.dump(self._automl, file, pickle.HIGHEST_PROTOCOL)

    def load(self, folder: Path) -> None:
        """Read the pickle that this bench wrote."""
        with (folder / _FILE).open("rb") as file:
            self._automl = pickle.load(file)  # noqa: S301
        if self.job.task != "regression":
            self.classes = [int(code) for code in self._automl.classes_]

    def answer(self, X: Any) -> Array:
        """Answer a frame."""
        if self.job.task == "regression":
            return self.of_scale(np.asarray(self._automl.predict(X)))
        return np.asarray(self._automl.predict_proba(X))

    def decide(self, X: Any) -> Array:
        """Return codes."""
        return np.asarray(self._automl.predict(X))


if __name__ == "__main__":
    main(Flaml)
