"""What cannot be used: one sentence, exit code 2, and a workspace that can go on."""

import os
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from modelwright.compute.process import free_port
from orders_example import TARGET, orders


@pytest.fixture
def table(folder) -> pl.DataFrame:
    """The rows of orders.csv."""
    table = orders(120, seed=0)
    table.write_csv("orders.csv")
    return table


def _explores(call, *arguments: object) -> None:
    """Assert that the workspace goes on."""
    done = call("explore", *arguments, "--json", "-q", "--budget", "1s")
    assert (done.code, done.err) == (0, "")


def test_no_target(table, call):
    done = call("run", "orders.csv")
    assert done.code == 2
    assert "--target COLUMN" in done.sentence
    assert not Path("orders-model").exists()


def test_a_misspelt_target(table, call):
    done = call("run", "orders.csv", "--target", "retruned")
    assert done.code == 2
    assert "'retruned'" in done.sentence
    assert "Did you mean 'returned'?" in done.sentence
    _explores(call, "orders.csv", "--target", TARGET)


def _empty(table: pl.DataFrame) -> None:
    Path("bad.csv").touch()


def _header_only(table: pl.DataFrame) -> None:
    table.head(0).write_csv("bad.csv")


def _few(table: pl.DataFrame) -> None:
    table.head(5).write_csv("bad.csv")


def _one_class(table: pl.DataFrame) -> None:
    table.with_columns(pl.lit("no").alias(TARGET)).write_csv("bad.csv")


def _no_answers(table: pl.DataFrame) -> None:
    table.with_columns(pl.lit(None).alias(TARGET)).write_csv("bad.csv")


def _no_values(table: pl.DataFrame) -> None:
    Path("bad.csv").write_text(",".join(table.columns) + "\n" + ",,,,\n" * 100)


def _bytes(table: pl.DataFrame) -> None:
    Path("bad.csv").write_bytes(table.write_csv().encode()[:99] + b"\x81\x00\xff" * 9)


@pytest.mark.parametrize(
    ("spoil", "sentence"),
    [
        (_empty, "bad.csv is empty (zero bytes)."),
        (_header_only, "bad.csv has columns but no rows."),
        (_few, "bad.csv has 5 rows with a value of 'returned', expected at least 20."),
        (_one_class, "The target 'returned' is 'no' in every row that has one."),
        (_no_answers, "The target 'returned' has no value in any of its 120 rows."),
        (_no_values, "No column is left to predict from"),
        (_bytes, "bad.csv has a zero byte at offset"),
    ],
)
def test_a_table_that_nothing_can_be_learned_from(spoil, sentence, table, call):
    spoil(table)
    done = call("run", "bad.csv", "--target", TARGET, "--budget", "1s", "-w", "w")
    assert (done.code, done.out) == (2, "")
    assert sentence in done.sentence
    _explores(call, "orders.csv", "-w", "w")


@pytest.mark.parametrize("encoding", ["latin-1", "utf-16", "utf-8-sig"])
def test_another_encoding_is_read(encoding, table, call):
    text = table.write_csv().replace("DE", "Österreich")
    Path("other.csv").write_bytes(text.encode(encoding))
    _explores(call, "other.csv", "--target", TARGET)


def test_mixed_types_are_read(table, call):
    mixed = table.with_columns(
        items=pl.when(pl.col("amount") > 50)
        .then(pl.lit("many"))
        .otherwise(pl.col("items").cast(pl.String))
    )
    mixed.write_csv("mixed.csv")
    _explores(call, "mixed.csv", "--target", TARGET)


def test_more_columns_than_python_calls_may_be_nested_are_read(folder, call):
    draw = np.random.default_rng(0)
    numbers = draw.normal(size=(60, 1100)).round(3)
    wide = pl.DataFrame(numbers, schema=[f"n{i}" for i in range(1100)])
    wide.with_columns(late=pl.col("n0") > 0).write_csv("wide.csv")
    done = call("plan", "wide.csv", "--target", "late", "--budget", "1s", "--json", "-q")
    assert done.code == 0
    assert done.json["table"]["columns"] == 1101


def test_a_truncated_parquet_file(table, call):
    table.write_parquet("bad.parquet")
    Path("bad.parquet").write_bytes(Path("bad.parquet").read_bytes()[:-300])
    done = call("run", "bad.parquet", "--target", TARGET)
    assert done.code == 2
    assert "bad.parquet is truncated or damaged" in done.sentence


def test_a_database_that_is_down(folder, call):
    address = f"postgresql://me@127.0.0.1:{free_port()}/shop"
    done = call("run", address, "--target", TARGET, "--table", "orders")
    assert done.code == 2
    assert "refused" in done.sentence
    assert Path("orders-model/modelwright.toml").exists()


def test_a_password_is_not_written_down(folder, call):
    done = call("run", "postgresql://me:hush@127.0.0.1:1/shop", "--target", TARGET)
    assert done.code == 2
    assert "PGPASSWORD" in done.sentence
    assert "hush" not in done.err
    assert not Path("shop-model").exists()


def test_a_budget_too_small_for_anything_gives_the_baseline(table, call):
    done = call("run", "orders.csv", "--target", TARGET, "--budget", "0.01s", "--json", "-q")
    assert done.code == 1
    kept = {gate["name"]: gate["passed"] for gate in done.json["gates"]}
    assert not kept["the budget is kept"]
    shown = call("show", "candidate", "-w", "orders-model", "--json").json
    learned = {trial["learner"] for trial in shown["trials"] if trial["weight"]}
    assert learned <= {"constant", "rule"}


@pytest.mark.parametrize("budget", ["soon", "0s", "-5m", ""])
def test_a_budget_that_is_none(budget, table, call):
    done = call("run", "orders.csv", "--target", TARGET, f"--budget={budget}")
    assert done.code == 2
    assert "is no duration above zero" in done.sentence


def test_a_folder_that_cannot_be_written(table, call):
    done = call("run", "orders.csv", "--target", TARGET, "-w", "orders.csv/inside")
    assert done.code == 2
    assert "could not be written" in done.sentence


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_without_permission(table, call):
    Path("closed").mkdir(mode=0o500)
    done = call("run", "orders.csv", "--target", TARGET, "-w", "closed/inside")
    assert done.code == 2
    assert "Permission denied" in done.sentence


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ('tagret = "x"', "unknown key 'tagret'. Did you mean 'target'?"),
        ('exclude = ["itmes"]', "There is no column 'itmes' (`exclude`). Did you mean 'items'?"),
        ('kinds = { items = "numberic" }', "Did you mean 'numeric'?"),
        ('metric = "roc_aux"', "There is no metric 'roc_aux'. Did you mean 'roc_auc'?"),
        ("x = = 1", "no valid TOML"),
    ],
)
def test_a_brief_that_cannot_be_followed(text, sentence, table, call):
    call("plan", "orders.csv", "--target", TARGET, "--budget", "1s", "-w", "w", "-q")
    toml = Path("w/modelwright.toml")
    before = toml.read_text()
    toml.write_text(f"{before}{text}\n")
    done = call("run", "-w", "w")
    assert done.code == 2
    assert sentence in done.sentence
    toml.write_text(before)
    _explores(call, "-w", "w")


def test_no_workspace(folder, call):
    for command in ("run", "plan", "build", "deploy", "maintain", "report", "rollback"):
        done = call(command, "-w", "nowhere")
        assert done.code == 2
        assert "There is no workspace in nowhere." in done.sentence
        assert "modelwright run DATA --target COLUMN" in done.sentence
