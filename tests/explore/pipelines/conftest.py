"""A small shop."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from modelwright.explore.pipelines.checks import Tables
from pipeline_examples import RIGHT

START = datetime(2024, 1, 1, tzinfo=UTC).replace(tzinfo=None)


@pytest.fixture
def inputs() -> Tables:
    rng = np.random.default_rng(0)
    hours = np.sort(rng.integers(0, 24 * 90, 300))
    return {
        "customers": pl.DataFrame(
            {"customer_id": range(40), "city": rng.choice(["Bonn", "Ulm"], 40)}
        ),
        "orders": pl.DataFrame(
            {
                "order_id": range(300),
                "customer_id": rng.integers(0, 40, 300),
                "amount": rng.gamma(2.0, 30.0, 300).round(2),
                "ordered": [START + timedelta(hours=int(h)) for h in hours],
            }
        ),
    }


@pytest.fixture
def shop(inputs: Tables, tmp_path: Path) -> Path:
    """Return a folder with the inputs as CSV files and the right query."""
    for name, table in inputs.items():
        table.write_csv(tmp_path / f"{name}.csv")
    (tmp_path / "right.sql").write_text(RIGHT, encoding="utf-8")
    return tmp_path
