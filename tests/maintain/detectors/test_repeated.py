import numpy as np
import polars as pl
import pytest

from flights_example import draw_flights, make_flights_bundle
from modelwright.maintain.detectors.repeated import find_repeated
from modelwright.testing import look_at_last

ROWS, LAST = 2000, 500


def alike() -> pl.DataFrame:
    """Draw flights of a few kinds only: every second one equals an earlier one of its window."""
    kinds = draw_flights(400, seed=7)
    drawn: pl.DataFrame = kinds[np.random.default_rng(7).integers(0, len(kinds), ROWS).tolist()]
    return drawn


def found(last: pl.DataFrame, before: pl.DataFrame) -> list[str]:
    look = look_at_last(make_flights_bundle(), pl.concat([before[: ROWS - LAST], last]), windows=4)
    return [each.sentence for each in find_repeated(look, 12.0)]


def test_a_batch_that_is_sent_again_is_found_among_rows_that_are_alike() -> None:
    rows = np.arange(LAST)
    again = np.where(rows // 40 % 2 == 1, rows - 40, rows)
    table = alike()
    (said,) = found(table[ROWS - LAST :][again.tolist()], table)
    assert "come after the same two rows as an earlier one" in said
    assert not found(table[ROWS - LAST :], table)


def test_other_rows_may_be_more_alike_than_those_before() -> None:
    table = alike()
    warm = table.sort("temp", descending=True)[: ROWS // 5]
    drawn = warm[np.random.default_rng(3).integers(0, len(warm), LAST).tolist()]
    assert not found(drawn, table)


@pytest.mark.parametrize(("kinds", "left"), [(20, 5), (5, 2)])
def test_a_mix_of_few_kinds_of_rows_is_none_that_is_sent_again(kinds: int, left: int) -> None:
    drawn, flights = np.random.default_rng(1), draw_flights(kinds, seed=7)
    before = flights[drawn.integers(0, kinds, ROWS).tolist()]
    mixed = flights[drawn.integers(0, left, LAST).tolist()]
    assert not found(mixed, before)
