"""Orders of a shop, some of them returned, and a finished workspace about them."""

from contextlib import chdir
from functools import cache
from pathlib import Path

import numpy as np
import polars as pl

from modelwright.engineer.project import Project

TARGET = "returned"
BUDGET = "20s"


def orders(rows: int, *, seed: int) -> pl.DataFrame:
    """Return orders: dear ones to France and Italy come back."""
    draw = np.random.default_rng(seed)
    amount = np.round(draw.lognormal(3.5, 0.6, size=rows), 2)
    country = draw.choice(["DE", "FR", "IT", "PL"], size=rows)
    chance = 0.03 + 0.9 * ((amount > 35) & np.isin(country, ["FR", "IT"]))
    return pl.DataFrame(
        {
            "order_id": [f"{'ABCD'[seed % 4]}{number:05}" for number in range(rows)],
            "amount": amount,
            "country": country,
            "items": draw.integers(1, 7, size=rows),
            TARGET: np.where(draw.random(rows) < chance, "yes", "no"),
        }
    )


@cache
def finished_folder(base: Path) -> Path:
    """Return a folder with orders.csv, later.csv and the finished workspace orders-model."""
    folder = base / "finished-orders"
    folder.mkdir()
    orders(800, seed=0).write_csv(folder / "orders.csv")
    orders(300, seed=1).write_csv(folder / "later.csv")
    with chdir(folder):
        Project.create("orders-model", data="orders.csv", target=TARGET, budget=BUDGET).run()
    return folder
