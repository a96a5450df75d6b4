"""AutoGluon's TabularPredictor with one of its presets."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
from autogluon.tabular import TabularPredictor

from bench.contestants.base import Array, Contestant
from bench.contestants.stages import main

_FITTED = "autogluon"


class AutoGluon(Contestant):
    """One preset; saved by its way for deployment, and kept in memory to answer."""

    vocabulary: ClassVar[Mapping[str, str]] = {
        "roc_auc": "roc_auc",
        "roc_auc_ovr": "roc_auc_ovr",
        "average_precision": "average_precision",
        "log_loss": "log_loss",
        "accuracy": "accuracy",
        "balanced_accuracy": "balanced_accuracy",
        "f1": "f1",
        "macro_f1": "f1_macro",
        "mcc": "mcc",
        "quadratic_kappa": "quadratic_kappa",
        "rmse": "root_mean_squared_error",
        "mae": "mean_absolute_error",
        "median_absolute_error": "median_absolute_error",
        "mape": "mean_absolute_percentage_error",
        "r2": "r2",
    }

    def fit(self, X: Any, y: Any) -> None:
        """Learn."""
        self._predictor = TabularPredictor(
            label=self.job.target,
            problem_type=self.job.task,
            eval_metric=self.metric,
            path=str(Path(self.job.folder) / _FITTED),
        )
        self._predictor.fit(
            X.assign(**{self.job.target: y}),
            presets=self.job.options["preset"],
            time_limit=self.job.budget_s,
            num_cpus=self.job.cores,
            num_gpus=0,
        )

    def save(self, folder: Path) -> None:
        """Write what its documentation deploys: the models that answer need, without the rest."""
        self._predictor.clone_for_deployment(path=str(folder))

    def load(self, folder: Path) -> None:
        """Load, and keep the models in memory as its documentation advises for single rows."""
        self._predictor = TabularPredictor.load(str(folder))
        self._predictor.persist()
        if self.job.task != "regression":
            self.classes = list(self._predictor.class_labels)

    def answer(self, X: Any) -> Array:
        """Answer a frame."""
        if self.job.task == "regression":
            return self.of_scale(np.asarray(self._predictor.predict(X)))
        return np.asarray(self._predictor.predict_proba(X)[list(self.classes)])

    def decide(self, X: Any) -> Array:
        """Return codes."""
        return np.asarray(self._predictor.predict(X))


if __name__ == "__main__":
    main(AutoGluon)
