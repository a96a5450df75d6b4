"""A folder of tables in the bench's layout, with the traps that it must see."""

import json
from pathlib import Path
from typing import Any

import polars as pl
import pytest

ROWS = 40


def entry(name: str, task: str, **more: Any) -> dict[str, Any]:
    told = {"name": name, "task": task, "target": "y", "metric": "rmse", "rows": ROWS, "columns": 3}
    return told | more


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    entries = [
        entry(
            "visits",
            "binary",
            metric="roc_auc",
            positive="no",
            id_columns=["id"],
            leaks=[{"column": "after"}, {"column": "odd", "kind": "suspicious"}],
            split={"type": "group"},
            group_column="house",
            columns=6,
        ),
        entry("kinds", "multiclass", metric="log_loss"),
        entry("prices", "regression", main_table="sales"),
        entry("later", "forecast"),
    ]
    _write(tmp_path, "visits", "visits", _visits())
    _write(tmp_path, "kinds", "kinds", _with("y", [f"k{i % 3}" for i in range(ROWS)]))
    _write(tmp_path, "prices", "sales", _with("y", [None, float("nan"), *range(ROWS - 2)]))
    suites = {"accuracy": ["visits", "kinds", "prices", "later"], "later": ["later"]}
    catalogue = {"suites": suites, "datasets": entries}
    (tmp_path / "catalog.json").write_text(json.dumps(catalogue), encoding="utf-8")
    return tmp_path


def _visits() -> pl.DataFrame:
    numbers = list(range(ROWS))
    return pl.DataFrame(
        {
            "id": numbers,
            "house": numbers,
            "after": numbers,
            "odd": numbers,
            "size": numbers,
            "y": ["yes" if i % 5 else "no" for i in numbers],
        }
    )


def _with(target: str, values: list[Any]) -> pl.DataFrame:
    return pl.DataFrame({"size": list(range(ROWS)), target: values}, strict=False)


def _write(folder: Path, name: str, table: str, frame: pl.DataFrame) -> None:
    (folder / name).mkdir()
    frame.write_parquet(folder / name / f"{table}.parquet")
    split = pl.DataFrame({"is_test": [i % 4 < 2 for i in range(ROWS)]})
    split.write_parquet(folder / name / "split.parquet")
