"""Columns read at once have the bits of values read one by one."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from modelwright.data.record_columns import ColumnReader
from modelwright.data.records import DTYPES, value_reader
from modelwright.data.schema import Column, Kind
from modelwright.errors import SchemaError

COLUMNS = [Column(name="x", kind=kind, missing_tokens=("-999", "odd")) for kind in Kind]
VALUES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.sampled_from(["", "1", " 2 ", "-999", "odd", "yes", "12.0", "2024-02-29", "clerk", "1,000"]),
    st.sampled_from([-999, -999.0, 10**400, 2**63, ("a",)]),
)


def _one_by_one(column: Column, values: list) -> np.ndarray | None:
    read = value_reader(column)
    try:
        return np.array([read(value) for value in values], dtype=DTYPES[column.value_type])
    except SchemaError:
        return None


def _same(left: np.ndarray, right: np.ndarray) -> bool:
    return left.dtype == right.dtype and repr(left.tolist()) == repr(right.tolist())


@given(column=st.sampled_from(COLUMNS), values=st.lists(VALUES, max_size=6))
def test_values_and_levels(column, values):
    reader, expected = ColumnReader(column), _one_by_one(column, values)
    codes = np.arange(len(values))
    for made in (lambda: reader.of_values(values), lambda: reader.of_levels(values, codes)):
        if expected is None:
            with pytest.raises(SchemaError, match="'x' is"):
                made()
        else:
            assert _same(made(), expected)


@given(st.lists(st.floats() | st.just(-999.0), max_size=6))
def test_numbers(values):
    column = Column(name="x", kind=Kind.NUMERIC, missing_tokens=("-999",))
    made = ColumnReader(column).of_numbers(np.array(values, dtype=np.float64))
    assert _same(made, _one_by_one(column, values))


@pytest.mark.parametrize("column", COLUMNS, ids=lambda column: column.kind)
def test_a_column_that_nobody_sent(column):
    assert _same(ColumnReader(column).missing(2), _one_by_one(column, [None, None]))
