import numpy as np
import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from modelwright.data.splitting import codes
from modelwright.data.splitting.codes import CodedNames

PIECES = st.lists(st.lists(st.text(max_size=3), max_size=8), min_size=1, max_size=6)


@given(PIECES)
def test_names_in_pieces_have_the_codes_that_they_have_at_once(pieces):
    coded = CodedNames()
    for piece in pieces:
        coded.add(pl.Series(piece, dtype=pl.String))
    every = np.array([name for piece in pieces for name in piece], dtype=object)
    assert coded.codes().tolist() == np.unique(every, return_inverse=True)[1].tolist()


def test_many_names_are_held_once(monkeypatch):
    monkeypatch.setattr(codes, "_FEW_NAMES", 10)
    coded = CodedNames(_enough=10)
    for first in range(0, 100, 7):
        coded.add(pl.Series([f"{number % 30:02}" for number in range(first, first + 20)]))
    assert sum(map(len, coded._names)) <= 10 + 2 * 30
    expected = [number % 30 for first in range(0, 100, 7) for number in range(first, first + 20)]
    assert coded.codes().tolist() == expected
