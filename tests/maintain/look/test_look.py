"""What is bet on a window is never more than there is."""

from types import SimpleNamespace

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from modelwright.maintain.look.look import Look


class _Counted(Look):
    aspects = ()

    def __init__(self, columns: int) -> None:
        object.__setattr__(self, "sketch", SimpleNamespace(columns=range(columns)))


@given(st.integers(0, 10_000))
def test_columns_leave_a_fifth_for_rows_and_truths(columns):
    look, ways = _Counted(columns), 5
    of_way = np.exp(-look.of_feed(0.0)) / look.bets
    assert of_way >= 1 / look.bets
    assert (columns + 1 - ways) / look.bets + ways * of_way <= 0.8 + 1e-9
