"""Rows that break rules are the same however the table is cut."""

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from modelwright.data.checks.base import RowCheck
from modelwright.data.checks.levels import Levels
from modelwright.data.checks.parsing import Parses
from modelwright.data.checks.parts.failing_rows import list_failing_rows
from modelwright.data.checks.parts.pieces import Room, Rules
from modelwright.data.checks.presence import NotMissing
from modelwright.data.checks.ranges import Range
from modelwright.data.checks.shape import RowCount
from modelwright.data.checks.uniqueness import Unique
from modelwright.data.pieces.open import open_pieces
from modelwright.data.pieces.parquet import parquet_pieces
from modelwright.data.pieces.whole import WholePieces
from modelwright.data.schema import Column, Kind, Schema
from modelwright.data.sources.open import open_source
from modelwright.errors import SourceError

SCHEMA = Schema(
    columns=(Column(name="a", kind=Kind.NUMERIC), Column(name="b", kind=Kind.CATEGORICAL))
)
RULES = Rules(
    SCHEMA,
    (
        Range(column="a", maximum=3),
        NotMissing(column="a"),
        Parses(column="a", kind="number"),
        Unique(column="a"),
        Levels(column="b", levels=("1", "9")),
        Unique(column="b", together_with=("a",)),
        Range(column="gone", maximum=3),
        Unique(column="gone"),
        RowCount(minimum=100),
    ),
)
CELLS = st.one_of(st.none(), st.sampled_from(["1", "2", "9", "x"]))


class Even(RowCheck, frozen=True, kw_only=True, tag="even"):
    """A rule of another package."""

    dimension = "conformity"
    rule = "Even"

    def failing(self, table_schema):
        return pl.int_range(pl.len()) % 2 == 0


def whole(table, size=50_000):
    return WholePieces(open_source(table), "", size)


@given(
    rows=st.lists(st.tuples(CELLS, CELLS), max_size=9),
    size=st.integers(1, 4),
    together=st.sampled_from([None, 9]),
    most=st.sampled_from([1, 2, 100]),
)
def test_pieces_have_the_rows_of_the_whole_table(rows, size, together, most):
    table = pl.DataFrame(rows, schema={"a": pl.String, "b": pl.String}, orient="row")
    room = Room(cells=4, together=together)
    found = list_failing_rows(whole(table, size), RULES, most=most, room=room)
    assert found.equals(list_failing_rows(whole(table), RULES, most=most))


def test_they_come_with_their_rules_as_they_came(tmp_path):
    table = pl.DataFrame({"a": ["1", "2", None, "old", "1"], "b": ["1"] * 5, "row": list("abcde")})
    table.write_parquet(tmp_path / "t.parquet")
    pieces = parquet_pieces(str(tmp_path / "t.parquet"), size=2)
    told = list_failing_rows(pieces, RULES)
    assert told.columns == ["row", "rule", "column", "a", "b", "row of the table"]
    assert [(row[0], row[2], row[5]) for row in told.rows()] == [
        (3, "a", "c"),
        (4, "a", "d"),
        (5, "a", "e"),
        (5, "b", "e"),
    ]


def test_no_rule_that_is_broken_has_no_rows():
    table = pl.DataFrame({"a": [1], "b": ["1"]})
    assert list_failing_rows(whole(table), RULES).height == 0


def test_a_rule_of_another_package_has_all_rows_at_once():
    table = pl.DataFrame({"a": [1.0, 2.0, 3.0]})
    told = list_failing_rows(whole(table, 1), Rules(SCHEMA, (Even(column="a"),)))
    assert told["row"].to_list() == [1, 3]


def test_a_table_that_changes_meanwhile_is_told(tmp_path):
    path = tmp_path / "t.csv"
    path.write_text("a,b\n1,1\n1,9\n")
    pieces = open_pieces(str(path), size=1)

    class Changing:
        address, rows = "t.csv", None
        passes = 0

        def after(self, mark):
            self.passes += 1
            if self.passes == 3:
                path.write_text("a,b\n1,1\n2,9\n")
            return pieces.after(mark)

    with pytest.raises(SourceError, match="changed while it was read"):
        list_failing_rows(Changing(), Rules(SCHEMA, (Unique(column="a"),)))


def test_folders_whose_names_differ_in_type(tmp_path):
    for name in ("1", "x"):
        (tmp_path / f"b={name}").mkdir()
        pl.DataFrame({"a": [1, 5, 5]}).write_parquet(tmp_path / f"b={name}" / "t.parquet")
    pieces = parquet_pieces(str(tmp_path), size=2)
    rules = Rules(SCHEMA, (Range(column="a", maximum=3), Unique(column="b", together_with=("a",))))
    told = list_failing_rows(pieces, rules, room=Room(cells=4, together=4))
    every = list_failing_rows(whole(open_source(tmp_path).read()), rules)
    assert told.equals(every)
    assert told["b"].to_list() == ["1", "1", "x", "x", "1", "x"]
