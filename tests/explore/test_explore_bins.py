import numpy as np
import polars as pl
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from modelwright.explore.bins import codes_of_levels, codes_of_numbers

numbers = hnp.arrays(
    np.float64,
    st.integers(0, 300),
    elements=st.one_of(st.just(np.nan), st.floats(-1e12, 1e12), st.sampled_from([0.0, 1.0])),
)


@given(numbers)
def test_bins_keep_the_order_and_set_missing_apart(values: np.ndarray) -> None:
    codes = codes_of_numbers(values)
    assert codes.shape == values.shape
    assert ((codes == 0) == np.isnan(values)).all()
    order = np.argsort(values[~np.isnan(values)], kind="stable")
    assert (np.diff(codes[~np.isnan(values)][order]) >= 0).all()


@given(st.lists(st.sampled_from([1.0, 2.0, 5.0]), min_size=1, max_size=50))
def test_few_values_keep_a_bin_each(values: list[float]) -> None:
    codes = codes_of_numbers(np.array(values))
    assert len(set(codes)) == len(set(values))


@given(st.lists(st.none() | st.text(max_size=3), max_size=60))
def test_levels_get_one_code_each(values: list[str | None]) -> None:
    codes = codes_of_levels(pl.Series(values, dtype=pl.String))
    pairs = set(zip(values, codes.tolist(), strict=True))
    assert len(pairs) == len(set(values)) == len({code for _, code in pairs})
    assert all((value is None) == (code == 0) for value, code in pairs)


def test_many_values_share_bins() -> None:
    codes = codes_of_numbers(np.arange(10_000.0))
    assert 100 <= codes.max() <= 200
    assert np.bincount(codes)[1:].max() <= 101
