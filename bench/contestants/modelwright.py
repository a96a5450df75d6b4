"""modelwright, with its defaults."""

from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any, ClassVar

import msgspec
import numpy as np
import polars as pl

from bench.contestants.base import Array, Calls, Contestant
from bench.contestants.stages import main
from bench.job import Job
from modelwright import TableClassifier, TableRegressor, load
from modelwright.data.records import columns_from_records
from modelwright.tasks.metrics import METRICS


class Modelwright(Contestant):
    """The engine alone; a row takes three ways: as a frame, as a record, as arrays."""

    vocabulary: ClassVar[Mapping[str, str]] = {name: name for name in METRICS}

    def __init__(self, job: Job) -> None:
        super().__init__(job)
        kind = TableRegressor if job.task == "regression" else TableClassifier
        self._model = kind(budget=f"{job.budget_s}s", metric=self.metric, random_state=job.seed)

    def read(self, path: str) -> pl.DataFrame:
        """Return a polars frame."""
        return pl.read_parquet(path)

    def take(self, table: pl.DataFrame, places: Sequence[int]) -> pl.DataFrame:
        """Return rows of a polars frame."""
        return table[list(places)]

    def fit(self, X: pl.DataFrame, y: pl.Series) -> None:
        """Learn."""
        self._model.fit(X, y.to_numpy())

    def save(self, folder: Path) -> None:
        """Write the bundle."""
        self._model.save(folder)

    def load(self, folder: Path) -> None:
        """Read the bundle."""
        self._loaded = load(folder)
        if self.job.task != "regression":
            self.classes = self._loaded.classes_.tolist()

    def answer(self, X: pl.DataFrame) -> Array:
        """Answer a frame."""
        if self.job.task == "regression":
            return self._loaded.predict(X)
        return self._loaded.predict_proba(X)

    def decide(self, X: pl.DataFrame) -> Array:
        """Return codes."""
        return np.asarray(self._loaded.predict(X))

    def ways(self, rows: Sequence[pl.DataFrame]) -> dict[str, Calls]:
        """Return a row as a frame, as the record of a request, and as columns for the program."""
        bundle = self._loaded.bundle
        records = [_as_requested(row.select(bundle.schema.names)) for row in rows]
        columns = [columns_from_records(record, bundle.schema) for record in records]
        answer_records = self._answer_records
        return {
            **super().ways(rows),
            "record": [partial(answer_records, record) for record in records],
            "program": [partial(bundle.program.run, column) for column in columns],
        }

    def _answer_records(self, records: list[dict[str, Any]]) -> Array:
        if self.job.task == "regression":
            return self._loaded.predict(records)
        return self._loaded.predict_proba(records)


def _as_requested(row: pl.DataFrame) -> list[dict[str, Any]]:
    """Return rows as the JSON of a request holds them: moments are texts."""
    records: list[dict[str, Any]] = msgspec.json.decode(msgspec.json.encode(row.to_dicts()))
    return records


if __name__ == "__main__":
    main(Modelwright)
