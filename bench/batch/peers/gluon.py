"""AutoGluon: learn from a Parquet file, or answer one into another; says what it took as JSON."""

import json
import sys
import time

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
from autogluon.tabular import TabularPredictor

_ROWS = 100_000
"""Read, answered and written at once; with 50,000 it is a little slower."""


def fit(train: str, target: str, preset: str, budget_s: float, folder: str) -> None:
    """Learn, and keep what its documentation deploys."""
    table = pd.read_parquet(train).drop(columns="id")
    predictor = TabularPredictor(label=target, path=f"{folder}-fitting", eval_metric="roc_auc")
    presets = [preset, "optimize_for_deployment"]
    predictor.fit(table, presets=presets, time_limit=budget_s, num_cpus=2, num_gpus=0)
    predictor.clone_for_deployment(path=folder)


def answer(folder: str, rows: str, out: str) -> None:
    """Answer a file into another."""
    predictor = TabularPredictor.load(folder)
    predictor.persist()
    began, count, writer = time.monotonic(), 0, None
    for batch in pq.ParquetFile(rows).iter_batches(_ROWS):
        table = batch.to_pandas()
        chances = predictor.predict_proba(table.drop(columns="id"))
        table["prediction"] = predictor.predict_from_proba(chances)
        table[[f"probability_{label}" for label in chances]] = chances.to_numpy()
        written = pa.Table.from_pandas(table, preserve_index=False)
        writer = writer or pq.ParquetWriter(out, written.schema)
        writer.write_table(written)
        count += len(table)
    if writer is not None:
        writer.close()
    print(json.dumps({"rows": count, "seconds": time.monotonic() - began}))


if __name__ == "__main__":
    given = sys.argv[1:]
    if given[0] == "fit":
        train, target, preset, budget_s, folder = given[1:]
        fit(train, target, preset, float(budget_s), folder)
    else:
        answer(*given[1:4])
