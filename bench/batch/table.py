"""A table as businesses have them, of any length: numbers, counts, categories, moments."""

from pathlib import Path

import numpy as np
import polars as pl
import pyarrow.parquet as pq

TARGET = "late"
_AT_ONCE = 500_000
_NUMBERS = 18
_LEVELS = (3, 5, 8, 12, 30, 100, 500, 2000)
_START_US = 1_577_836_800_000_000
_YEARS_S = 3 * 365 * 86_400


def write_table(
    path: Path, rows: int, *, seed: int = 0, columns: int = 30, missing: float = 0.0
) -> None:
    """Write a table with a target, a part at a time.

    Parameters
    ----------
    path
        A Parquet file.
    rows
        How many.
    seed
        The same seed gives the same rows.
    columns
        How many beside the target, from 8 on: fewer or more numbers.
    missing
        Part of the cells of every third number and category that is missing.
    """
    draw = np.random.default_rng(seed)
    writer = None
    for first in range(0, rows, _AT_ONCE):
        part = _part(draw, min(_AT_ONCE, rows - first), first, columns)
        table = _with_gaps(part, missing, draw).to_arrow()
        writer = writer or pq.ParquetWriter(path, table.schema)
        writer.write_table(table, row_group_size=250_000)
    if writer is not None:
        writer.close()


def _part(draw: np.random.Generator, rows: int, first: int, columns: int) -> pl.DataFrame:
    levels = _LEVELS[: max(1, min(len(_LEVELS), columns // 4))]
    numbers = np.round(draw.normal(size=(rows, max(4, columns - len(levels) - 4))), 4)
    codes = [np.minimum((draw.random(rows) ** 2 * n).astype(int), n - 1) for n in levels]
    moments = _START_US + draw.integers(0, _YEARS_S, rows) * 1_000_000
    counts = draw.poisson(30, rows)
    logit = 1.2 * numbers[:, 0] + numbers[:, 1] * numbers[:, 2] + np.sin(2 * numbers[:, 3])
    logit += 0.5 * (codes[-1] % 4) - 0.8 * (codes[0] % 3 == 0) + 0.02 * counts - 1.3
    return pl.DataFrame(
        {
            "id": np.arange(first, first + rows),
            **{f"x{at}": numbers[:, at] for at in range(numbers.shape[1])},
            **{
                f"cat{at}": np.array([f"c{at}_{level}" for level in range(levels[at])])[code]
                for at, code in enumerate(codes)
            },
            "seen": pl.Series(moments).cast(pl.Datetime("us")),
            "visits": draw.poisson(3, rows),
            "pages": counts,
            TARGET: np.where(draw.random(rows) < 1 / (1 + np.exp(-logit)), "yes", "no"),
        }
    )


def _with_gaps(part: pl.DataFrame, missing: float, draw: np.random.Generator) -> pl.DataFrame:
    if not missing:
        return part
    names = [name for name in part.columns if name.startswith(("x", "cat"))][::3]
    there = {name: pl.Series(draw.random(part.height) >= missing) for name in names}
    return part.with_columns(pl.when(there[name]).then(pl.col(name)).alias(name) for name in names)
