"""Pieces of files find what the whole table does, whoever looks at them."""

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from modelwright.data.checks.levels import Levels
from modelwright.data.checks.parsing import Parses
from modelwright.data.checks.parts.keys import Part
from modelwright.data.checks.parts.pieces import Room, check_pieces, is_divisible, look_here
from modelwright.data.checks.parts.source import check_divided
from modelwright.data.checks.presence import NotMissing
from modelwright.data.checks.ranges import Range
from modelwright.data.checks.shape import NotConstant, RowCount
from modelwright.data.checks.uniqueness import Unique
from modelwright.data.contracts.contract import Contract, ContractColumn, check_table
from modelwright.data.schema import Column, Kind
from modelwright.data.sources.open import open_source
from modelwright.engineer.checking import check_by_crew
from modelwright.errors import InputError


def entry(name, kind, *checks):
    return ContractColumn(column=Column(name=name, kind=kind), checks=checks)


CONTRACT = Contract(
    id="x",
    title="x",
    columns=(
        entry(
            "a",
            Kind.NUMERIC,
            Range(column="a", maximum=3, allowed_fraction=0.5),
            NotMissing(column="a", allowed_rows=1),
            Unique(column="a"),
            Parses(column="a", kind="number"),
        ),
        entry(
            "b", Kind.CATEGORICAL, Levels(column="b", levels=("1", "9")), NotConstant(column="b")
        ),
        entry("gone", Kind.NUMERIC, Range(column="gone", minimum=0)),
    ),
    checks=(RowCount(minimum=2), Unique(column="b", together_with=("a",))),
)
CELLS = st.one_of(st.none(), st.sampled_from(["1", "2", "9", "x"]))
ROWS = st.lists(st.tuples(CELLS, CELLS), max_size=5)


def written(folder, tables):
    for at, rows in enumerate(tables):
        table = pl.DataFrame(rows, schema={"a": pl.String, "b": pl.String}, orient="row")
        table.write_parquet(folder / f"{at}.parquet")
    return open_source(str(folder))


@given(
    tables=st.lists(ROWS, min_size=1, max_size=3),
    # Keys are held all together, or a part at a time.
    together=st.sampled_from([None, 30]),
)
def test_the_report_is_that_of_the_whole_table(tables, together, tmp_path_factory):
    source = written(tmp_path_factory.mktemp("pieces"), tables)
    found = check_pieces(source, CONTRACT, room=Room(cells=4, together=together))
    assert found == check_table(source.read(), CONTRACT)


def test_a_crew_finds_the_same(tmp_path):
    source = written(tmp_path, [[("1", "9"), ("9", "x")], [(None, "1"), ("x", "1"), ("1", "9")]])
    found = check_by_crew(str(tmp_path), CONTRACT, compute="here?workers=2")
    assert found == check_table(source.read(), CONTRACT)
    assert not found.passed


def test_what_is_one_table_only_as_a_whole_is_told(tmp_path):
    (tmp_path / "year=2013").mkdir()
    pl.DataFrame({"a": [1]}).write_parquet(tmp_path / "year=2013" / "x.parquet")
    source = open_source(str(tmp_path))
    assert not is_divisible(source, CONTRACT)
    with pytest.raises(InputError, match="checked only as a whole"):
        check_divided(source, CONTRACT)
    with pytest.raises(InputError, match="is no Parquet"):
        check_divided(open_source(pl.DataFrame({"a": [1]})), CONTRACT)


def test_keys_are_looked_at_in_as_many_parts_as_memory_asks_for(tmp_path):
    numbers = [*range(1_000), 7, 3]
    pl.DataFrame({"a": numbers, "b": [f"{each}" for each in numbers]}).write_parquet(
        tmp_path / "x.parquet"
    )
    source = open_source(str(tmp_path))
    columns = tuple(
        entry(name, kind, Unique(column=name))
        for name, kind in (("a", Kind.NUMERIC), ("b", Kind.CATEGORICAL))
    )
    contract, looked = Contract(id="x", title="x", columns=columns), []

    def looking(rules, looks):
        looked.extend(looks)
        return look_here(rules, looks)

    report = check_pieces(source, contract, looking=looking, room=Room(cells=800, together=600))
    assert report == check_table(source.read(), contract)
    examples = [result.examples for result in report.results if result.examples]
    assert examples == [((1001, "7.0"), (1002, "3.0")), ((1001, "7"), (1002, "3"))]
    parts = [look.piece for look in looked if isinstance(look.piece, Part)]
    # A text takes as much as three numbers.
    assert [part.pieces.columns for part in parts] == [("a",)] * 2 + [("b",)] * 6


def test_decimals_are_numbers(tmp_path):
    table = pl.DataFrame({"a": pl.Series(["1.50", "2.25", None, "1.50"]).cast(pl.Decimal(10, 2))})
    table.write_parquet(tmp_path / "t.parquet")
    columns = (entry("a", Kind.NUMERIC, Unique(column="a")),)
    contract = Contract(id="x", title="x", columns=columns)
    report = check_pieces(open_source(str(tmp_path / "t.parquet")), contract)
    assert report == check_table(table, contract)
    assert sum(result.failed_rows for result in report.results) == 1
