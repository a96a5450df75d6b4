"""What a draw leaves behind is read again, as long as the table is what it was."""

import polars as pl
import pytest

from modelwright.data.pieces.drawn import open_drawn
from modelwright.errors import SourceError

ROWS = 120_000


@pytest.fixture
def drawn(tmp_path):
    path = tmp_path / "t.parquet"
    table = pl.DataFrame({"id": range(ROWS), "kind": ["a", "b", None] * (ROWS // 3)})
    table.write_parquet(path)
    told = {"table": None, "query": None, "sample": 0, "memory_bytes": 603_000_000}
    source = open_drawn(str(path), **told, enough=20_000)
    return path, table, source


def test_drawn_and_others_are_all_rows(drawn):
    _, table, source = drawn
    kept, others = source.read(), source.others
    assert kept.height == 20_000
    assert others.rows == ROWS - kept.height
    for _ in range(2):
        frames = list(others.frames())
        assert len(frames) > 1
        assert pl.concat([kept, *frames]).sort("id").equals(table)


def test_another_order_is_refused(drawn):
    path, table, source = drawn
    others = source.others
    table.reverse().write_parquet(path)
    with pytest.raises(SourceError, match="no longer what it was when its rows were drawn"):
        list(others.frames())


def test_a_sample_that_was_asked_for_leaves_nothing_to_learn_from(drawn):
    path, _, _ = drawn
    source = open_drawn(str(path), table=None, query=None, sample=500, memory_bytes=900_000_000)
    assert (source.read().height, source.others) == (500, None)
