import numpy as np
import polars as pl

from flights_example import draw_flights, make_flights_bundle
from modelwright.maintain.detectors.swapped import find_swapped
from modelwright.testing import look_at_last

RANDOM = np.random.default_rng(5)
ROWS = 1600
NOW = np.arange(ROWS) >= 1200


def found(temp: np.ndarray, load: np.ndarray) -> list[tuple[str, ...]]:
    table = draw_flights(ROWS, seed=4).with_columns(temp=pl.Series(temp), load=pl.Series(load))
    look = look_at_last(make_flights_bundle(), table)
    return [each.columns for each in find_swapped(look, 12.0)]


def swapped(one: np.ndarray, other: np.ndarray) -> list[tuple[str, ...]]:
    return found(np.where(NOW, other, one), np.where(NOW, one, other))


def hours(often: float) -> np.ndarray:
    """Return how many hours it has rained or snowed."""
    return np.where(RANDOM.random(ROWS) < often, RANDOM.integers(1, 9, ROWS), 0).astype(float)


def test_columns_of_other_steps_are_swapped():
    halves = np.round(2 * RANDOM.normal(10.0, 4.0, ROWS)) / 2
    assert swapped(halves, RANDOM.normal(10.0, 1.0, ROWS)) == [("temp", "load")]


def test_lower_and_higher_ones_of_the_same_values_are_swapped():
    low, high = RANDOM.integers(0, 20, ROWS), RANDOM.integers(8, 28, ROWS)
    assert swapped(low.astype(float), high.astype(float)) == [("temp", "load")]


def test_a_season_hides_no_swap_of_columns_of_other_steps():
    colder = np.where(NOW, -40.0, 0.0)
    degrees = np.round(RANDOM.normal(10.0, 5.0, ROWS) + colder)
    assert swapped(degrees, RANDOM.normal(30.0, 3.0, ROWS)) == [("temp", "load")]


def test_rain_after_snow_is_no_swap():
    rain, snow = hours(0.01), hours(0.08)
    assert not found(np.where(NOW, hours(0.08), rain), np.where(NOW, hours(0.01), snow))


def test_values_that_the_other_column_never_had_are_no_swap():
    day = np.where(NOW, RANDOM.choice([10, 11], ROWS), RANDOM.integers(1, 10, ROWS))
    miles = np.where(RANDOM.random(ROWS) < 0.5, 10, 11)
    quarters = np.where(NOW, RANDOM.integers(4, 36, ROWS) / 4, miles)
    assert not found(day.astype(float), quarters)
