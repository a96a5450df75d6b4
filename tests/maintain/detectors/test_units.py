import numpy as np
import polars as pl
import pytest

from flights_example import draw_flights, make_flights_bundle
from modelwright.maintain.detectors.units import find_other_units
from modelwright.testing import look_at_last

LEAST = 10.0
RANDOM = np.random.default_rng(3)


def found(values: np.ndarray, *, factor: float, start: int = 1200) -> list[str]:
    """Return what is said of a column whose last values are multiplied."""
    table = draw_flights(len(values), seed=4).with_columns(load=pl.Series(values))
    after = pl.int_range(pl.len()) >= start
    table = table.with_columns(pl.when(after).then(pl.col("load") * factor).otherwise("load"))
    look = look_at_last(make_flights_bundle(), table)
    return [each.sentence for each in find_other_units(look, LEAST)]


@pytest.mark.parametrize(("factor", "unit"), [(0.45359237, "kilograms"), (1000.0, "thousandths")])
def test_a_column_of_two_values_has_a_unit(factor, unit):
    (said,) = found(RANDOM.choice([36.0, 60.0], 1600, p=[0.7, 0.3]), factor=factor)
    assert unit in said


def test_a_column_of_mostly_zeros_has_a_unit():
    gains = np.where(RANDOM.random(1600) < 0.85, 0.0, RANDOM.integers(500, 9000, 1600))
    (said,) = found(gains, factor=60.0)
    assert "minutes" in said


def test_other_values_of_the_same_scale_are_no_unit():
    mild = RANDOM.choice([10.0, 20.0, 40.0], 1200, p=[0.6, 0.3, 0.1])
    strong = RANDOM.choice([10.0, 20.0, 40.0], 400, p=[0.05, 0.35, 0.6])
    assert not found(np.concatenate([mild, strong]), factor=1.0)
