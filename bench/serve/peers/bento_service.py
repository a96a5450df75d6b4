"""BentoML's service, as its documentation writes one."""

import os
from typing import Any

import bentoml
import joblib
import pandas as pd


@bentoml.service(workers=1, traffic={"timeout": 30})
class Model:
    """Answers rows with the fitted pipeline."""

    def __init__(self) -> None:
        self.model = joblib.load(os.environ["BENCH_MODEL"])

    @bentoml.api  # type: ignore[untyped-decorator]
    def predict(self, rows: list[dict[str, Any]]) -> list[list[float]]:
        """Return the probabilities of each row."""
        chances: list[list[float]] = self.model.predict_proba(pd.DataFrame(rows)).tolist()
        return chances
