"""Tables in memory: data frames, Arrow tables and arrays."""

import datetime as dt
from decimal import Decimal

import duckdb
import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as st_np

from modelwright.data.sources.open import open_source
from modelwright.errors import SchemaError, SourceError

EXPECTED = [(1.0, "x"), (None, None)]


@pytest.mark.parametrize(
    "native",
    [
        pl.DataFrame({"a": [1.0, float("nan")], "b": ["x", None]}),
        pl.LazyFrame({"a": [1.0, None], "b": ["x", None]}),
        pd.DataFrame({"a": [1.0, np.nan], "b": ["x", None]}),
        pd.DataFrame({"a": [1.0, pd.NA], "b": ["x", np.nan]}, dtype=object),
        pd.DataFrame({"a": pd.array([1, None], "Float64"), "b": pd.array(["x", None], "string")}),
        pa.table({"a": [1.0, None], "b": ["x", None]}),
        pa.record_batch({"a": [1.0, None], "b": ["x", None]}),
        pa.table({"a": [1.0, None], "b": ["x", None]}).to_reader(),
    ],
    ids=lambda native: type(native).__module__ + "." + type(native).__name__,
)
def test_frames_of_every_make(native: object) -> None:
    source = open_source(native)
    assert source.read().columns == ["a", "b"]
    assert source.read().rows() == EXPECTED
    assert source.address.endswith(" in memory")


def test_duckdb_relations() -> None:
    query = "SELECT * FROM (VALUES (1.0::DOUBLE, 'x'), (NULL, NULL)) AS t(a, b)"
    assert open_source(duckdb.sql(query)).read().rows() == EXPECTED
    with pytest.raises(SchemaError, match="'a' occurs 2 times"):
        open_source(duckdb.sql("SELECT 1 AS a, 2 AS a")).read()


@given(st_np.arrays(np.float64, st_np.array_shapes(min_dims=2, max_dims=2, max_side=4)))
def test_arrays_keep_their_numbers(array: np.ndarray) -> None:
    frame = open_source(array).read()
    assert frame.columns == [f"x{position}" for position in range(array.shape[1])]
    np.testing.assert_array_equal(frame.fill_null(float("nan")).to_numpy(), array)


@pytest.mark.parametrize(
    ("array", "types"),
    [
        (np.array([[1, 2]]), [pl.Int64, pl.Int64]),
        (np.array([[True, False]]), [pl.Boolean, pl.Boolean]),
        (np.array([["a", "b"]]), [pl.String, pl.String]),
        (np.asfortranarray([[1.0, 2.0], [3.0, 4.0]]), [pl.Float64, pl.Float64]),
        (np.array([[1, "a"], [2.5, None]], dtype=object), [pl.Float64, pl.String]),
        (np.array([[1, "a"], [np.nan, 5]], dtype=object), [pl.Float64, pl.String]),
    ],
)
def test_types_of_arrays(array: np.ndarray, types: list[pl.DataType]) -> None:
    frame = open_source(array).read()
    assert frame.columns == ["x0", "x1"]
    assert frame.shape == array.shape
    if array.dtype == object:
        assert frame["x0"].cast(pl.Float64).is_not_null()[0]
        assert frame["x1"].dtype == pl.String
    else:
        assert frame.dtypes == types


scalars = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=3)
scalars |= st.dates() | st.just(Decimal("1.5"))


@given(st.lists(scalars, min_size=1, max_size=5))
def test_mixed_types_never_raise_and_keep_what_is_missing(values: list[object]) -> None:
    missing = [value is None or value != value for value in values]
    for native in (
        pd.DataFrame({"a": pd.Series(values, dtype=object)}),
        np.array([[value] for value in values], dtype=object),
    ):
        column = open_source(native).read().to_series()
        assert column.is_null().to_list() == missing


def test_numbers_too_large_for_any_type_are_text() -> None:
    frame = pd.DataFrame({"a": pd.Series([2**63, -(2**70), None], dtype=object)})
    column = open_source(frame).read()["a"]
    assert [None if each is None else int(each) for each in column] == [2**63, -(2**70), None]


def test_mixed_types_are_text_and_said_so() -> None:
    values = ["x", 1, 2.5, True, dt.date(2024, 1, 31), None]
    source = open_source(pd.DataFrame({"a": pd.Series(values, dtype=object), "b": range(6)}))
    assert source.read()["a"].to_list() == ["x", "1", "2.5", "True", "2024-01-31", None]
    assert source.read()["b"].dtype == pl.Int64
    assert source.facts == ("Column 'a' mixes types and was read as text.",)


def test_names_become_text() -> None:
    assert open_source(pd.DataFrame(np.ones((1, 2)))).read().columns == ["0", "1"]


@pytest.mark.parametrize(
    ("native", "expected"),
    [
        (pd.DataFrame(np.ones((1, 2)), columns=["a", "a"]), "'a' occurs 2 times"),
        (pd.DataFrame([[1, 2]], columns=pd.Index(["1", 1], dtype=object)), "'1' occurs 2 times"),
        (pa.Table.from_arrays([pa.array([1])] * 2, names=["a", "a"]), "'a' occurs 2 times"),
        (pl.DataFrame({"l": [[1.5]]}), "Column 'l' holds values of type List"),
        (pd.DataFrame({"o": [object(), 1]}), "Column 'o' holds an object of type object"),
        (np.array([[1 + 2j]]), "Column 'x0' holds values of type Object"),
    ],
)
def test_columns_that_are_refused(native: object, expected: str) -> None:
    with pytest.raises(SchemaError) as caught:
        open_source(native).read()
    assert expected in str(caught.value)


@pytest.mark.parametrize("native", [None, 3, [1, 2], {"a": [1]}, pl.Series([1]), np.ones(3)])
def test_what_is_no_table(native: object) -> None:
    with pytest.raises(SourceError, match="is no table"):
        open_source(native)


def test_nothing_can_be_selected_from_a_frame() -> None:
    with pytest.raises(SourceError, match="is one table"):
        open_source(pl.DataFrame({"a": [1]}), table="a")
