"""What some pages take for granted: files of others, workspaces that are there, a certificate."""

import shutil
import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from dossiers import flights_dossier
from modelwright.documents import write_document
from modelwright.workspace.folder import Workspace


def _flights(folder: Path) -> None:
    workspace = Workspace.create(folder)
    for document in flights_dossier().documents:
        write_document(document, workspace)


def _certificate(folder: Path) -> None:
    if shutil.which("openssl") is None:
        pytest.skip("needs openssl")
    make = "openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=localhost"
    names = ["-keyout", str(folder / "key.pem"), "-out", str(folder / "chain.pem")]
    subprocess.run([*make.split(), *names], check=True, capture_output=True)


def _dashboard(folder: Path) -> None:
    _flights(folder / "flights-model")
    _flights(folder / "projects" / "flights-model")
    _certificate(folder)


def _warehouse(folder: Path) -> None:
    """The orders that were served, with what the warehouse says that some cost."""
    orders = pl.read_csv(folder / "new-orders.csv")
    orders.with_columns(pl.col("price") * 100).write_csv(folder / "warehouse.csv")


def _logs(folder: Path) -> None:
    """What other systems wrote of answers of theirs: to orders, and of a model that is not here."""
    (folder / "scores").mkdir()
    orders = pl.read_csv(folder / "new-orders.csv").rename({"price": "order_total"})
    at = pl.lit("2025-03-01T10:00:00")
    orders.select(
        pl.format("S{}", pl.int_range(pl.len())).alias("case"),
        at.alias("scored_at"),
        pl.lit(0.3).alias("score"),
        pl.lit("no").alias("returned"),
        at.alias("returned_at"),
        pl.exclude("order_id"),
    ).write_parquet(folder / "scores" / "march.parquet")
    draw = np.random.default_rng(5)
    for name, month in (("scores", 1), ("next-scores", 2)):
        amount = draw.normal(size=1_200)
        score = 1 / (1 + np.exp(-amount))
        pl.DataFrame(
            {
                "case": [f"{name}-{at}" for at in range(1_200)],
                "scored_at": [f"2025-{month:02}-{1 + at // 50:02}T10:00:00" for at in range(1_200)],
                "amount": amount,
                "score": score,
                "returned": np.where(draw.random(1_200) < score, "yes", "no"),
            }
        ).write_parquet(folder / f"{name}.parquet")


def _served(folder: Path) -> None:
    _certificate(folder)
    pl.read_csv(folder / "orders.csv").drop("refund").write_parquet(folder / "orders.parquet")


def _alarms(folder: Path) -> None:
    """A channel, which the page tells people to write; and no alarm of the pages before."""
    (folder / "orders-model" / "logbook.db").unlink()
    brief = folder / "orders-model" / "modelwright.toml"
    brief.write_text(f'{brief.read_text()}\n[messages.file]\npath = "alarms.jsonl"\n')


PREPARED: Mapping[str, Callable[[Path], None]] = {
    "flights.md": lambda folder: _flights(folder / "demo" / "late-flights"),
    "how-to/agents.md": lambda folder: _flights(folder / "flights-model"),
    "how-to/alarms.md": _alarms,
    "how-to/compare-with-a-table.md": _warehouse,
    "how-to/dashboard.md": _dashboard,
    "how-to/ledger.md": _logs,
    "how-to/serve.md": _served,
}
"""What to do in the folder before a page is read."""
