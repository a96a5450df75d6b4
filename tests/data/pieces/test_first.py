"""The first rows of a table, however it is cut."""

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from modelwright.data.pieces.base import Mark
from modelwright.data.pieces.first import FirstRows
from modelwright.data.pieces.whole import WholePieces
from modelwright.data.sources.open import open_source

TABLE = pl.DataFrame({"a": range(9)})


@given(rows=st.integers(0, 12), size=st.integers(1, 10), done=st.integers(0, 3))
def test_they_are_the_first_after_any_mark(rows, size, done):
    whole = WholePieces(open_source(TABLE), "stamp", size)
    first = FirstRows(whole, rows)
    read = [piece.read() for piece in first.after(Mark(done))]
    assert pl.concat([TABLE.clear(), *read]).equals(TABLE.head(rows).slice(done * size))
    assert (first.address, first.stamp) == (whole.address, "stamp")
