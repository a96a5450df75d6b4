"""Cells of several numbers are a column for each; lists, codes and ids stay what they are."""

import sqlite3

import numpy as np
import polars as pl
import pytest

from modelwright.data.checks.columns import check_columns
from modelwright.data.checks.parts.pieces import Room, check_pieces
from modelwright.data.checks.ranges import Range
from modelwright.data.checks.uniqueness import Unique
from modelwright.data.conform import columns_of, conform, count_unparsed
from modelwright.data.contracts.contract import Contract, ContractColumn, check_table
from modelwright.data.contracts.rules import contract_as, contract_from
from modelwright.data.inference.infer import infer_schema
from modelwright.data.pushed.check import check_database
from modelwright.data.records import RecordReader, columns_from_records
from modelwright.data.schema import Column, Kind, Role
from modelwright.data.sources.open import open_source

DRAW = np.random.default_rng(3)
PAIRS = DRAW.integers(2, 400, size=(200, 2)).tolist()


def _columns(values, **told):
    return [*infer_schema(pl.DataFrame({"x": values}), **told)]


@pytest.mark.parametrize(
    ("cell", "first", "second"),
    [
        ("{}.25, -{}.5", 1.25, -1.5),
        ("(-{}.25 {}.5)", -1.25, 1.5),
        ("POINT({}.25 -{}.5)", 1.25, -1.5),
        ("{}/{}", 1.0, 1.0),
        ("{} x {} x 4 cm", 1.0, 1.0),
        ("{}Nm @ {}rpm", 1.0, 1.0),
        ("cpu={}; ram={} GB", 1.0, 1.0),
        ("{},25; -{},5", 1.25, -1.5),
        ("{},5 x {},25 cm", 1.5, 1.25),
    ],
)
def test_each_number_is_a_column(cell, first, second):
    values = [cell.format(*pair) for pair in PAIRS]
    schema = infer_schema(pl.DataFrame({"x": values}))
    assert [(each.name, each.kind, each.cell) for each in schema] == [
        ("x (1)", Kind.NUMERIC, "x"),
        ("x (2)", Kind.NUMERIC, "x"),
    ]
    table = pl.DataFrame({"x": [cell.format(1, 1), None, "no number"]})
    assert conform(table, schema).rows() == [(first, second), (None, None), (None, None)]
    assert count_unparsed(table, schema)["x (2)"] == (1, ("no number",))


def test_ranges_have_a_begin_and_an_end():
    values = [f"{low % 15}-{low % 15 + high % 5 + 1} years" for low, high in PAIRS]
    assert [each.name for each in _columns(values)] == ["x (1)", "x (2)"]


@pytest.mark.parametrize(
    "values",
    [
        [f"{one + 200}-{other}-{one * other}" for one, other in PAIRS],
        [f"2021-{one * 400 + other}" for one, other in PAIRS],
        [";".join(str(each) for each in range(1, one % 4 + 2)) for one, _ in PAIRS],
        [f"{one}, {other}" for one, other in PAIRS],
        [f"{one},{other}" for one, other in PAIRS],
        [f"{one},5;{one},{other},7" for one, other in PAIRS],
        [f"A{one}-B{other}" for one, other in PAIRS],
        [f"10.{one % 9}.{other % 99}.1" for one, other in PAIRS],
        [("18-24", "25-34", "35-44")[one % 3] for one, _ in PAIRS],
        [f"{one} x 20" for one, _ in PAIRS],
        [f"{one % 9}h {other % 60}m" for one, other in PAIRS],
        [f"{one % 12 + 1}/{other % 28 + 1}/2024" for one, other in PAIRS],
    ],
)
def test_lists_codes_and_one_number_stay_one_column(values):
    assert len(_columns(values)) == 1


def test_what_a_person_says_of_a_column_is_kept():
    values = [f"{one}/{other}" for one, other in PAIRS]
    assert [each.name for each in _columns(values, target="x")] == ["x"]
    assert [each.role for each in _columns(values, roles={"x": "ignored"})] == [Role.IGNORED]
    taken = pl.DataFrame({"x": values, "x (2)": values})
    assert "x (2)" in infer_schema(taken.drop("x")).names or len(infer_schema(taken)) > 1


def test_tables_records_and_contracts_read_the_same():
    table = pl.DataFrame({"x": [f"{one}/{other}" for one, other in PAIRS]})
    schema = infer_schema(table)
    contract = contract_from(table, schema, title="pairs")
    assert [each.name for each in contract.schema] == ["x (1)", "x (2)"]
    assert [each.name for each in contract_as(table, contract).schema] == ["x (1)", "x (2)"]
    (found,) = check_columns(table, schema, [Range(column="x (2)", maximum=0)])
    assert found.failed_rows == 200
    # A number of its own, as servers get it and logs keep it, or the whole cell.
    apart = pl.DataFrame({"x (1)": [3.0], "x (2)": ["4"]})
    assert conform(apart, schema).rows() == [(3.0, 4.0)]
    for record in ({"x (1)": 120, "x (2)": "80"}, {"x": "120/80"}, {"x (1)": 120, "x": "7/80"}):
        read = columns_from_records([record], schema)
        assert read["x (1)"].tolist() == [120.0]
        assert RecordReader(schema).row(record) == [120.0, 80.0]
        written = columns_of(conform(pl.DataFrame([record]), schema), schema)
        assert written["x (2)"].tolist() == read["x (2)"].tolist()


def test_pieces_and_databases_find_what_the_table_does(tmp_path):
    table = pl.DataFrame({"x": [f"{one}/{other}" for one, other in PAIRS[:60]] + ["no", None]})
    checks = {"x (1)": (Unique(column="x (1)"),), "x (2)": (Range(column="x (2)", maximum=200),)}
    contract = Contract(
        id="x",
        title="x",
        columns=tuple(
            ContractColumn(
                column=Column(name=name, kind=Kind.NUMERIC, unit=unit), checks=checks[name]
            )
            for name, unit in (("x (1)", "1st number"), ("x (2)", "2nd number"))
        ),
    )
    whole = check_table(table, contract).results
    assert [result.passed for result in whole[-2:]] == [False, False]
    table.write_parquet(tmp_path / "x.parquet")
    source = open_source(str(tmp_path / "x.parquet"))
    assert check_pieces(source, contract, room=Room(cells=10)).results == whole
    with sqlite3.connect(tmp_path / "x.db") as database:
        database.execute("create table x (x text)")
        database.executemany("insert into x values (?)", table.rows())
    database.close()
    assert check_database(f"sqlite:///{tmp_path}/x.db", contract, table="x").results == whole
