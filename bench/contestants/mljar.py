"""mljar's AutoML in the mode that it recommends for the best score."""

import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
from supervised.automl import AutoML

from bench.contestants.base import Array, Contestant
from bench.contestants.stages import main

_FITTED = "mljar"
_PREFIX = "prediction_"


class Mljar(Contestant):
    """One search; what it saves is the folder of its results."""

    vocabulary: ClassVar[Mapping[str, str]] = {
        "roc_auc": "auc",
        "average_precision": "average_precision",
        "log_loss": "logloss",
        "accuracy": "accuracy",
        "f1": "f1",
        "macro_f1": "f1",
        "rmse": "rmse",
        "mae": "mae",
        "mape": "mape",
        "r2": "r2",
    }

    def fit(self, X: Any, y: Any) -> None:
        """Learn."""
        task = {"binary": "binary_classification", "multiclass": "multiclass_classification"}
        self._automl = AutoML(
            results_path=str(Path(self.job.folder) / _FITTED),
            total_time_limit=round(self.job.budget_s),
            mode="Compete",
            ml_task=task.get(self.job.task, "regression"),
            eval_metric=self.metric or "auto",
            n_jobs=self.job.cores,
            random_state=self.job.seed,
        )
        self._automl.fit(X, y)

    def save(self, folder: Path) -> None:
        """Move the folder from which it loads."""
        shutil.move(Path(self.job.folder) / _FITTED, folder)

    def load(self, folder: Path) -> None:
        """Load; the models are read with the first row."""
        self._automl = AutoML(results_path=str(folder))

    def answer(self, X: Any) -> Array:
        """Answer a frame; which class a column is, its name says."""
        if self.job.task == "regression":
            return self.of_scale(np.asarray(self._automl.predict(X)))
        answers = self._automl.predict_all(X)
        columns = [name for name in answers.columns if name.startswith(_PREFIX)]
        self.classes = [int(name.removeprefix(_PREFIX)) for name in columns]
        return np.asarray(answers[columns])

    def decide(self, X: Any) -> Array:
        """Return codes."""
        return np.asarray(self._automl.predict(X))


if __name__ == "__main__":
    main(Mljar)
