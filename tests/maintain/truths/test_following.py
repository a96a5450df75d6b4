import numpy as np
import pytest

from modelwright.maintain.truths.following import most_followed
from modelwright.maintain.truths.told_rows import ToldRows

ROWS = 4000


def followed(turn: np.ndarray, *, shift: float = 0.0) -> float:
    """Return how far truths follow a column that they followed by so much in each row."""
    draw = np.random.default_rng(1)
    column = draw.normal(size=ROWS)
    truth = turn * column + shift * column + draw.normal(size=ROWS)
    rows = ToldRows({"x": column}, column[:, None], truth)
    one, other = draw.normal(scale=0.6, size=(2, ROWS, 1))
    codes = np.searchsorted([-0.7, 0.0, 0.7], column)
    return most_followed(rows, (one, other), codes)


@pytest.mark.parametrize(("turn", "expected"), [(1.0, 1.0), (0.0, 0.0), (-1.0, 1.0)])
def test_truths_follow_a_column_either_way_or_not_at_all(turn: float, expected: float) -> None:
    assert followed(np.full(ROWS, turn)) == pytest.approx(expected, abs=0.12)


def test_truths_that_turned_in_one_half_follow_in_both() -> None:
    column = np.random.default_rng(1).normal(size=ROWS)
    assert followed(np.where(column > 0, -1.0, 1.0)) > 0.8


def test_classes_are_followed_as_numbers_are() -> None:
    draw = np.random.default_rng(2)
    chance = draw.uniform(0.05, 0.95, ROWS)
    truth = (draw.random(ROWS) < chance).astype(float)
    rows = ToldRows({"x": chance}, np.column_stack([1 - chance, chance]), truth)
    even = np.full((ROWS, 2), 0.5)
    codes = (chance * 4).astype(np.int64)
    assert most_followed(rows, (even, even), codes) == pytest.approx(1.0, abs=0.1)
    mixed = ToldRows(rows.columns, rows.answers, draw.permutation(truth))
    assert most_followed(mixed, (even, even), codes) < 0.15
