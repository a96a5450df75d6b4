"""Made-up tables of many shapes, and the plan of one without probing learners."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from modelwright.compute.budget import Budget
from modelwright.documents import Brief, Plan, TableFacts
from modelwright.plan.groundwork import Material
from modelwright.plan.planning import make_plan

ROWS = 1_200
START = date(2020, 1, 1)

Columns = dict[str, Any]


def plan_of(
    table: pl.DataFrame, *, budget_s: float = 1.0, folder: Path = Path(), **brief: Any
) -> Plan:
    """Plan for the column `target`; the budget is so small that little is probed."""
    facts = TableFacts(
        address="made.csv", rows=table.height, columns=table.width, fingerprint="made"
    )
    return make_plan(
        Brief(**{"data": "made.csv", "target": "target", **brief}),
        Material(table, facts, folder),
        budget=Budget.start(budget_s),
        clock=lambda: datetime(2026, 1, 1, tzinfo=UTC),
        report=lambda sentence: None,
    )


def made(rows: int = ROWS, *, seed: int = 0, **columns: Callable[[Any], Any]) -> pl.DataFrame:
    """Return a table of two features, a target and further columns, each from a generator."""
    rng = np.random.default_rng(seed)
    size, shade = rng.normal(size=rows), rng.choice(["red", "green", "blue"], rows)
    more = {name: make(rng) for name, make in columns.items()}
    target = size + (shade == "red") + rng.normal(size=rows)
    return pl.DataFrame({"size": size, "shade": shade, "target": target, **more})


def days(count: Any) -> list[date]:
    """Return dates so many days after the start."""
    return [START + timedelta(days=int(each)) for each in count]


def shuffled(table: pl.DataFrame) -> pl.DataFrame:
    """Return the rows in another order."""
    return table.sample(fraction=1.0, shuffle=True, seed=7)


def depends_on(table: pl.DataFrame, column: str, *, by: float = 2.0) -> pl.DataFrame:
    """Let rows of one value of a column share a part of the target."""
    parts = np.random.default_rng(1).normal(size=table.height)
    codes = table[column].rank("dense").cast(pl.Int64).to_numpy() - 1
    return table.with_columns(target=table["target"] + by * parts[codes])
