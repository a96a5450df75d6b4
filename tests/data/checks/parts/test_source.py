import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from modelwright.data.checks.parts import source as module
from modelwright.data.checks.parts.source import check_source
from modelwright.data.checks.presence import NotMissing
from modelwright.data.checks.ranges import Range
from modelwright.data.checks.shape import RowCount
from modelwright.data.checks.uniqueness import Unique
from modelwright.data.contracts.contract import Contract, ContractColumn, check_table
from modelwright.data.schema import Column, Kind
from modelwright.data.sources.open import open_source

CONTRACT = Contract(
    id="x",
    title="x",
    columns=tuple(
        ContractColumn(
            column=Column(name=name, kind=Kind.NUMERIC),
            checks=(Range(column=name, maximum=3), NotMissing(column=name), Unique(column=name)),
        )
        for name in "abc"
    ),
    checks=(RowCount(minimum=2), Unique(column="c", together_with=("a",))),
)
CELLS = st.one_of(st.none(), st.sampled_from(["1", "2", "9", "x"]))


@pytest.fixture(autouse=True)
def one_column_at_a_time(monkeypatch):
    monkeypatch.setattr(module, "_CELLS", 1)


@given(rows=st.lists(st.tuples(CELLS, CELLS, CELLS), max_size=6))
def test_parts_find_what_the_whole_table_does(rows, tmp_path_factory):
    table = pl.DataFrame(rows, schema=dict.fromkeys("abc", pl.String), orient="row")
    path = tmp_path_factory.mktemp("parts") / "table.parquet"
    table.write_parquet(path)
    assert check_source(open_source(path), CONTRACT) == check_table(table, CONTRACT)


def test_a_missing_column_gets_the_hint_of_the_whole_table(tmp_path):
    table = pl.DataFrame({"a": [1], "b": [1], "cc": [1]})
    table.write_parquet(tmp_path / "table.parquet")
    found = check_source(open_source(tmp_path / "table.parquet"), CONTRACT)
    assert found == check_table(table, CONTRACT)
    assert any("'cc'" in result.sentence for result in found.broken)


def test_nested_columns_are_read_as_a_whole(tmp_path):
    nested = pl.DataFrame({"n": [{"a": 1, "b": 2, "c": 3}, {"a": 9, "b": 2, "c": 3}]})
    nested.write_parquet(tmp_path / "table.parquet")
    source = open_source(tmp_path / "table.parquet")
    assert check_source(source, CONTRACT) == check_table(source.read(), CONTRACT)
