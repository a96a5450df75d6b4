"""What one LightGBM with its defaults reaches: who learned less has learned too little."""

from pathlib import Path

import lightgbm
import numpy as np
import polars as pl
from numpy.typing import NDArray
from sklearn.metrics import roc_auc_score

from bench.batch.table import TARGET

_ROWS = 200_000
_POSITIVE = "yes"


def floor_of(learned: Path, asked: Path, *, threads: int) -> float:
    """Return the area under the ROC curve of a hundred trees, categories as codes.

    Parameters
    ----------
    learned, asked
        Tables of `write_table`: to learn from, and to answer.
    threads
        To learn with.
    """
    train, rows = pl.read_parquet(learned), pl.read_parquet(asked, n_rows=_ROWS)
    texts = [name for name, kind in train.schema.items() if kind == pl.String and name != TARGET]
    levels = {name: pl.Enum(train[name].unique().sort()) for name in texts}
    model = lightgbm.LGBMClassifier(n_jobs=threads, verbose=-1)
    places = [place for place, name in enumerate(_asks(train)) if name in levels]
    model.fit(_numbers(train, levels), _truth(train), categorical_feature=places)
    answers = model.booster_.predict(_numbers(rows, levels))
    return float(roc_auc_score(_truth(rows), answers))


def score_of(answers: Path) -> float:
    """Return the area under the ROC curve of answers that stand beside the truth."""
    rows = pl.read_parquet(answers, columns=[TARGET, f"probability_{_POSITIVE}"], n_rows=_ROWS)
    return float(roc_auc_score(_truth(rows), rows[f"probability_{_POSITIVE}"].to_numpy()))


def _asks(table: pl.DataFrame) -> list[str]:
    return [name for name in table.columns if name not in ("id", TARGET)]


def _truth(table: pl.DataFrame) -> NDArray[np.bool_]:
    return (table[TARGET] == _POSITIVE).to_numpy()


def _numbers(table: pl.DataFrame, levels: dict[str, pl.Enum]) -> NDArray[np.float64]:
    coded = table.select(_asks(table)).with_columns(
        *(pl.col(name).cast(kind, strict=False).to_physical() for name, kind in levels.items()),
        pl.col(pl.Datetime).cast(pl.Int64),
    )
    return coded.cast(pl.Float64).to_numpy()
