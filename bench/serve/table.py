"""The rows that all models learn from: made by a seed, with what real tables have."""

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

_SEED = 20261129
_MISSING = 0.05
_WORDS = ("north", "south", "east", "west", "centre", "coast", "hills", "plain")


@dataclass(frozen=True, kw_only=True)
class Shape:
    """How large a table is, and for how long modelwright learns from it.

    Parameters
    ----------
    name
        Of the bundle.
    rows, numbers, categories
        Of the table.
    budget
        Of `modelwright run`.
    """

    name: str
    rows: int
    numbers: int
    categories: int
    budget: str


SMALL = Shape(name="small", rows=600, numbers=3, categories=1, budget="25s")
REAL = Shape(name="real size", rows=20_000, numbers=8, categories=6, budget="90s")
TARGET = "left"


def write_table(shape: Shape, path: Path) -> None:
    """Write the rows as CSV, with the target."""
    rows = _rows(shape)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, [*rows[0]])
        writer.writeheader()
        writer.writerows(rows)


def first_rows(path: Path, count: int) -> list[dict[str, Any]]:
    """Return rows as clients send them: without the target, numbers as numbers.

    Parameters
    ----------
    path
        What `write_table` wrote.
    count
        Only whole rows are taken, because not every peer takes others.
    """
    with path.open(encoding="utf-8", newline="") as file:
        whole = (row for row in csv.DictReader(file) if all(row.values()))
        rows = [row for row, _ in zip(whole, range(count), strict=False)]
    return [
        {
            name: float(value) if name.startswith("n") else value
            for name, value in row.items()
            if name != TARGET
        }
        for row in rows
    ]


def _rows(shape: Shape) -> Sequence[dict[str, object]]:
    random = np.random.default_rng(_SEED)
    numbers = random.normal(size=(shape.rows, shape.numbers)).round(4)
    codes = random.integers(0, len(_WORDS), size=(shape.rows, shape.categories))
    effect = random.normal(size=(shape.categories, len(_WORDS)))
    tilt = random.normal(size=shape.numbers)
    score = numbers @ tilt + np.sin(3 * numbers[:, 0]) * numbers[:, -1]
    score += sum(effect[place, codes[:, place]] for place in range(shape.categories))
    yes = random.random(shape.rows) < 1 / (1 + np.exp(-score))
    holes = random.random((shape.rows, shape.numbers + shape.categories)) < _MISSING
    return [
        {
            **{
                f"n{place}": "" if holes[row, place] else numbers[row, place]
                for place in range(shape.numbers)
            },
            **{
                f"c{place}": "" if holes[row, shape.numbers + place] else _WORDS[code]
                for place, code in enumerate(codes[row])
            },
            TARGET: "yes" if yes[row] else "no",
        }
        for row in range(shape.rows)
    ]
