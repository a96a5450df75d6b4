"""Whole jobs of `modelwright predict --to`."""

from pathlib import Path

import polars as pl
import pytest

from batch_examples import make_rows, write_example


@pytest.fixture
def members(folder):
    write_example(folder)
    make_rows(25, wrong=(7,)).write_parquet("rows.parquet")


def test_a_folder_of_csv_into_a_folder_of_parts(members, call):
    Path("in").mkdir()
    make_rows(12).write_csv("in/a.csv")
    make_rows(13).write_csv("in/b.csv")
    done = call("predict", "bundle", "in", "--to", "out/", "--rows", 10, "--jobs", 2)
    # A slow machine tells how far it is before.
    assert (done.code, done.err.splitlines()[-1]) == (0, "25 rows answered: out/")
    assert pl.read_parquet("out/part-*.parquet").height == 25


def test_a_crew_is_told_and_not_asked_for_twice(members, call):
    done = call(
        "predict", "bundle", "rows.parquet", "--to", "out/", "--rows", 10,
        "--compute", "processes?workers=1",
    )  # fmt: skip
    assert (done.code, done.err.splitlines()[0]) == (
        0,
        "The work is done by 1 process of this machine",
    )
    assert pl.read_parquet("out/part-*.parquet").height == 25
    done = call("predict", "bundle", "rows.parquet", "--to", "b/", "--jobs", 2, "--compute", "ray")
    assert (done.code, "Say --jobs or --compute" in done.err) == (2, True)
    given = ("--max-memory", "2GB", "--compute", "ray")
    done = call("predict", "bundle", "rows.parquet", "--to", "b/", *given)
    assert (done.code, "Say --max-memory or --compute" in done.err) == (2, True)


def test_the_policies_of_the_contract(members, call):
    done = call("predict", "bundle", "rows.parquet", "--to", "a.jsonl")
    assert (done.code, "at most 110" in done.err) == (0, True)
    done = call("predict", "bundle", "rows.parquet", "--to", "a.csv", "--contract", "quarantine")
    assert (done.code, done.err.splitlines()[-1]) == (
        0,
        "25 rows answered, 1 of them set aside: a.csv",
    )
    done = call("predict", "bundle", "rows.parquet", "--to", "b.csv", "--contract", "refuse")
    assert (done.code, done.err.splitlines()[-1]) == (
        1,
        "The contract is broken behind row 0: b.csv",
    )
    done = call("predict", "bundle", "rows.parquet", "--contract", "refuse")
    assert (done.code, done.out) == (1, "")


def test_a_table_out(members, call):
    done = call(
        "predict", "bundle", "rows.parquet", "--to", "a.db", "--to-table", "t", "--key", "id",
        "--json",
    )  # fmt: skip
    assert (done.code, done.json["rows"], done.json["output"]) == (0, 25, "a.db")


def test_a_password_of_the_destination_is_not_shown(members, call):
    address = "postgresql://me:hush-hush@127.0.0.1:1/shop"
    done = call(
        "predict", "bundle", "rows.parquet", "--to", address, "--to-table", "t", "--key", "id"
    )
    assert done.code == 2
    assert "hush-hush" not in done.out + done.err
