"""A part of a table is drawn with the same chance for each row, and said."""

import numpy as np
import polars as pl
import pytest

from modelwright.data.pieces.drawn import Draw, open_drawn, rows_in_time
from modelwright.errors import SourceError

ROWS = 200_000


@pytest.fixture(scope="session")
def table(tmp_path_factory):
    path = tmp_path_factory.mktemp("drawn") / "t.parquet"
    pl.DataFrame({"id": range(ROWS), "x": np.arange(ROWS) / 2}).write_parquet(path)
    return str(path)


def drawn(address, sample=0, memory_bytes=0):
    source = open_drawn(address, table=None, query=None, sample=sample, memory_bytes=memory_bytes)
    return source.read(), source.facts


def test_so_many_rows_are_drawn_from_everywhere(table):
    frame, facts = drawn(table, sample=10_000)
    assert facts == ("Read 10,000 of 200,000 rows, drawn at random.",)
    assert frame["id"].is_sorted()
    by_quarter = frame["id"] // (ROWS // 4)
    assert by_quarter.value_counts()["count"].to_list() == pytest.approx([2500] * 4, rel=0.1)
    assert frame.equals(drawn(table, sample=10_000)[0])


def test_memory_says_how_many(table):
    frame, facts = drawn(table, memory_bytes=601_000_000)
    assert 1_000 <= frame.height < ROWS
    assert "0.601 GB of memory do not hold all rows at once; build streams" in facts[1]
    frame, facts = drawn(table, memory_bytes=4_000_000_000)
    assert (frame.height, facts) == (ROWS, ("Read all 200,000 rows: the sample allows as many.",))


@pytest.mark.parametrize(("budget_s", "most"), [(1.0, 20_000), (30.0, 30_000), (1e9, 500_000)])
def test_so_many_are_drawn_as_the_time_compares_learners_on(table, budget_s, most):
    told = {"table": None, "query": None, "sample": 0, "memory_bytes": 601_000_000}
    assert rows_in_time(budget_s) == most
    frame = open_drawn(table, **told, enough=2_000).read()
    assert frame.height == 2_000


def test_too_little_memory_is_refused(table):
    with pytest.raises(SourceError, match=r"Give at least 0\.6 GB"):
        drawn(table, memory_bytes=100_000_000)


@pytest.mark.parametrize("size", [7, 1000])
def test_no_more_than_twice_as_many_are_held(size):
    draw = Draw(most=50)
    for first in range(0, 2_000, size):
        draw.add(pl.DataFrame({"a": range(first, first + size)}))
        assert sum(map(len, draw._frames)) <= 100 + size
    assert draw.frame().height == 50
