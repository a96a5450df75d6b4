import numpy as np
import polars as pl
import pytest

from flights_example import draw_flights, make_flights_bundle
from modelwright.maintain.detectors.missing import find_missing
from modelwright.testing import look_at_last

ROWS = 1600


@pytest.mark.parametrize(
    ("spells", "columns"), [((0.95, 0.5, 0.7), []), ((0.7, 0.7, 0.7), [("load",)])]
)
def test_calm_days_without_gusts_are_no_fault(spells, columns):
    random = np.random.default_rng(2)
    missing = random.random(ROWS) < np.repeat([*spells, 1.1], ROWS // 4)
    load = pl.Series(np.where(missing, np.nan, random.lognormal(0.0, 1.0, ROWS)), nan_to_null=True)
    look = look_at_last(make_flights_bundle(), draw_flights(ROWS, seed=4).with_columns(load=load))
    assert [each.columns for each in find_missing(look, 12.0)] == columns
