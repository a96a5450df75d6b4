import struct

import numpy as np
import pytest

from example_bundle import BINARY, REGRESSION, ROWS, make_bundle
from modelwright.data.records import MISSING_DATETIME
from modelwright.predictor.emitters.rows_file import MAGIC, rows_file


@pytest.mark.parametrize("task", [BINARY, REGRESSION])
def test_a_row_can_be_read_back(task):
    bundle = make_bundle(task)
    expected = bundle.program.run(
        {
            "age": np.array([39.0]),
            "member": np.array([1.0]),
            "job": np.array(["clerk"], dtype=object),
            "seen": np.array([1_709_287_200_000_000]),
        }
    )
    data = rows_file(bundle, ROWS[:1])
    head = len(MAGIC) + 12
    rows, columns, outputs = struct.unpack("<3i", data[len(MAGIC) : head])
    assert (rows, columns, outputs) == (1, 4, bundle.program.task.n_outputs)
    assert data[head : head + columns] == b"nnsd"
    row = struct.unpack(f"<ddi5sq{outputs}di", data[head + columns :])
    assert row[:5] == (39.0, 1.0, 5, b"clerk", 1_709_287_200_000_000)
    assert row[5:-1] == tuple(expected[0])
    assert row[-1] == (bundle.program.choose(expected)[0] if task is BINARY else -1)


def test_missing_values_have_their_own_form():
    data = rows_file(make_bundle(), [{}])
    age, member, length, seen = struct.unpack("<ddiq", data[24:52])
    assert np.isnan([age, member]).all()
    assert (length, seen) == (-1, MISSING_DATETIME)


def test_texts_are_written_as_they_came():
    assert b"\x08\0\0\0 cl\xc3\xa9rk " in rows_file(make_bundle(), [{"job": " clérk "}])
    assert b"\x02\0\0\x0020" in rows_file(make_bundle(), [{"job": 20.0}])
