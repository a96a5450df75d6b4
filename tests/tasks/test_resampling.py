"""Rows or whole groups are drawn with replacement."""

import numpy as np
import pytest

from modelwright.errors import InputError
from modelwright.tasks.resampling import Units


def test_groups_are_drawn_whole():
    groups = np.array(["a", "b", "a", "c", "b"])
    units = Units.of(groups, 5)
    for weight in units.draw(50, seed=1):
        assert weight[0] == weight[2]
        assert weight[1] == weight[4]
        assert weight[[0, 1, 3]].sum() == 3


def test_dates_are_groups():
    days = np.array(["2026-01-01", "2026-01-02"], dtype="datetime64[D]").repeat(3)
    assert len(Units.of(days, 6)) == 2


def test_one_group_is_no_group():
    assert "want of a second group" in Units.of(np.zeros(4), 4).noun


def test_the_same_seed_draws_the_same():
    units = Units.of(None, 9)
    first, again, other = (np.array(list(units.draw(4, seed=seed))) for seed in (3, 3, 4))
    np.testing.assert_array_equal(first, again)
    assert (first != other).any()


def test_large_samples_are_drawn_less_often():
    units = Units.of(None, 2_000_000)
    assert sum(1 for _ in zip(range(3), units.draw(3, seed=0), strict=False)) == 3
    assert Units.of(np.arange(4) % 2, 4).holding(np.array([True, False, True, False])) == 1


def test_the_standard_error_of_a_mean():
    units, values = Units.of(None, 50), np.random.default_rng(0).normal(size=50)
    means = [float(weight @ values) / 50 for weight in units.draw(4000, seed=0)]
    assert units.standard_error(means) == pytest.approx(values.std(ddof=1) / 50**0.5, rel=0.05)


def test_undefined_resamples_are_left_out():
    assert Units.of(None, 2).standard_error([1.0, float("nan"), 1.0]) == 0.0
    with pytest.raises(InputError, match="1 of 3"):
        Units.of(None, 2).standard_error([1.0, float("nan"), float("nan")])


def test_one_row_is_too_few():
    with pytest.raises(InputError, match="at least two rows, not 1"):
        Units.of(None, 1)
