"""Orders of a shop, some of them returned, and a finished workspace about them."""

import os
from contextlib import chdir
from fcntl import LOCK_EX, flock
from functools import cache
from pathlib import Path
from tempfile import mkdtemp

import numpy as np
import polars as pl
from msgspec.structs import replace

from modelwright.documents import Plan, read_document, write_document
from modelwright.engineer.project import Project
from modelwright.workspace.folder import Workspace

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


def choose_scheme(workspace: Workspace, name: str) -> Plan:
    """Edit the plan, as a person may: its scheme says how much work a build is.

    "readable" learns one line, "line and trees" two models; the usual "portfolio" twelve.
    """
    plan = read_document(Plan, workspace)
    schemes = tuple(replace(scheme, chosen=scheme.name == name) for scheme in plan.schemes)
    assert any(scheme.chosen for scheme in schemes), [scheme.name for scheme in schemes]
    edited = replace(plan, schemes=schemes)
    write_document(edited, workspace)
    return edited


@cache
def finished_folder(base: Path) -> Path:
    """Return a folder with orders.csv, later.csv and the finished workspace orders-model.

    It is built once in a run; the workers of pytest-xdist, whose folders are siblings, share it.
    Its plan has few learners, so that tests that build again are quick.

    Parameters
    ----------
    base
        pytest's folder of this process.
    """
    common = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    folder = common / "finished-orders"
    with (common / "finished-orders.lock").open("w") as lock:
        flock(lock, LOCK_EX)
        if not folder.exists():
            # One that failed stays apart, under a name that nobody looks for.
            _finish(draft := Path(mkdtemp(dir=common)))
            draft.rename(folder)
    return folder


def _finish(folder: Path) -> None:
    orders(800, seed=0).write_csv(folder / "orders.csv")
    orders(300, seed=1).write_csv(folder / "later.csv")
    with chdir(folder):
        project = Project.create("orders-model", data="orders.csv", target=TARGET, budget=BUDGET)
        project.plan()
        choose_scheme(project.workspace, "line and trees")
        project.run()
