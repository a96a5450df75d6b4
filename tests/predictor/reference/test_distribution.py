import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from modelwright.data.records import MISSING_DATETIME
from modelwright.predictor.reference.counting import MAX_BINS
from modelwright.predictor.reference.distribution import MAX_LEVELS, counts_of, distribution_of

_floats = st.floats(width=64) | st.sampled_from([0.0, 1.0, np.nan])
_texts = st.none() | st.sampled_from(["a", "b", "", "ü"]) | st.text(max_size=3)


@given(st.lists(_floats, min_size=1, max_size=80))
def test_counting_the_same_values_again_gives_the_same(numbers):
    values = np.array(numbers)
    counted = distribution_of(values, "value")
    assert tuple(counts_of(counted, values)) == counted.counts
    assert sum(counted.counts) == len(values)
    assert len(counted.counts) == len(counted.edges) + 2 <= MAX_BINS + 1
    assert list(counted.edges) == sorted(set(counted.edges))
    if np.isfinite(values).any():
        assert all(counted.counts[:-1])


@given(st.lists(_texts, min_size=1, max_size=50), st.lists(_texts, max_size=50))
def test_levels_are_counted(trained, new):
    values, later = np.array(trained, dtype=object), np.array(new, dtype=object)
    counted = distribution_of(values, None)
    assert tuple(counts_of(counted, values)) == counted.counts
    again = counts_of(counted, later)
    assert again.sum() == len(new)
    assert again[-1] == new.count(None)


@given(st.lists(st.none() | st.text(max_size=40), min_size=1, max_size=50))
def test_texts_are_counted_by_length(texts):
    values = np.array(texts, dtype=object)
    counted = distribution_of(values, "length")
    assert counted.measure == "length"
    assert tuple(counts_of(counted, values)) == counted.counts
    assert counted.counts[-1] == texts.count(None)


def test_many_levels_are_cut():
    values = np.array([f"l{number % 300}" for number in range(700)], dtype=object)
    counted = distribution_of(values, None)
    assert len(counted.levels) == MAX_LEVELS
    assert counted.levels[0] == "l0"
    assert counted.counts[-2] == 700 - sum(counted.counts[:MAX_LEVELS]) > 0


def test_moments_are_binned():
    moments = np.array([MISSING_DATETIME, *range(0, 10**15, 10**13)], dtype=np.int64)
    counted = distribution_of(moments, "moment")
    assert (counted.measure, counted.counts[-1]) == ("moment", 1)
    assert set(counted.counts[:-1]) <= {4, 5, 6}


def test_bins_hold_about_as_many_rows_each():
    values = np.random.default_rng(0).lognormal(size=10_000)
    counted = distribution_of(values, "value")
    assert set(counted.counts[:-1]) <= {499, 500, 501}
    shifted = counts_of(counted, values * 2)
    assert shifted[-2] > 1000


def test_a_rare_flag_keeps_its_two_values_apart():
    counted = distribution_of(np.array([0.0] * 99 + [1.0]), "value")
    assert (counted.edges, counted.counts) == ((0.0,), (99, 1, 0))
