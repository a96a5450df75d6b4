"""What is bet on a window is never more than there is."""

from types import SimpleNamespace

from hypothesis import given
from hypothesis import strategies as st

from modelwright.maintain.look.look import Look


class _Counted(Look):
    aspects = ()

    def __init__(self, columns: int) -> None:
        object.__setattr__(self, "sketch", SimpleNamespace(columns=range(columns)))


@given(st.integers(0, 10_000))
def test_columns_leave_a_fifth_for_rows_and_truths(columns):
    of_columns = columns + 1
    assert of_columns / _Counted(columns).bets <= 0.8
