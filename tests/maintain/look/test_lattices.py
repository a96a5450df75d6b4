import numpy as np
import pytest

from modelwright.maintain.look.lattices import Lattice, fits_steps

RANDOM = np.random.default_rng(1)
TENTHS = np.round(RANDOM.normal(15.0, 6.0, 500), 1)


@pytest.mark.parametrize("step", [0.02, 0.1, 0.25, 1.15078, 12.0])
def test_steps_are_found_wherever_they_begin(step):
    values = 3.7 + step * RANDOM.integers(0, 40, 500)
    assert Lattice.of(values).step == pytest.approx(step)


@pytest.mark.parametrize(
    "values",
    [RANDOM.normal(size=500), np.array([1.0, np.nan, 2.0]), 1e6 + np.round(RANDOM.random(50), 2)],
)
def test_what_has_no_steps_tells_nothing(values):
    assert Lattice.of(values) is None
    assert fits_steps(values, 2 * values, values) is None


@pytest.mark.parametrize(("factor", "offset"), [(1.8, 32.0), (0.45359237, 0.0), (3.6, 0.0)])
def test_converted_values_lie_on_the_steps_only_once_converted_back(factor, offset):
    assert fits_steps(TENTHS, TENTHS * factor + offset, TENTHS)
    later = TENTHS + 8.0
    assert fits_steps(TENTHS, later, (later - offset) / factor) is False


def test_thousandths_of_whole_numbers_are_whole_numbers_too():
    whole = RANDOM.integers(0, 50, 500).astype(float)
    assert fits_steps(whole, 1000 * whole, whole) is None
