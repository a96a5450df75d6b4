import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from safetensors.numpy import load, save

from example_bundle import make_program
from modelwright.compute.budget import Budget
from modelwright.errors import BundleError
from modelwright.learners.registry import LEARNERS
from modelwright.predictor.storage.storage import read_program, write_program
from modelwright.testing import example_rows, hostile_columns


def _stored(name: str) -> tuple[bytes, bytes]:
    rows = example_rows("multiclass", count=150, seed=0)
    fitted = LEARNERS[name].fit(rows, rounds=3, budget=Budget.start(60), seed=0)
    return write_program(fitted.program)


STORED = _stored("lightgbm")
LINEAR = _stored("linear")


@pytest.mark.parametrize("stored", [STORED, LINEAR])
def test_reading_and_writing_again_gives_the_same_bytes(stored):
    program = read_program(*stored)
    assert write_program(program) == stored
    assert np.isfinite(program.run(hostile_columns())).all()


def test_arrays_that_were_read_cannot_be_written_to():
    trees = next(step for step in read_program(*STORED).steps if step.output == "raw")
    with pytest.raises(ValueError, match="read-only"):
        trees.threshold[0] = 1.0


@given(st.data())
def test_truncated_files_are_refused(data):
    text, arrays = STORED
    cut = data.draw(st.integers(0, len(arrays) - 1))
    with pytest.raises(BundleError):
        read_program(text, arrays[:cut])
    cut = data.draw(st.integers(0, len(text) - 3))
    with pytest.raises(BundleError):
        read_program(text[:cut], arrays)


@given(st.data())
def test_a_flipped_byte_of_the_text_is_refused_or_harmless(data):
    text, arrays = STORED
    place = data.draw(st.integers(0, len(text) - 1))
    changed = bytearray(text)
    changed[place] = data.draw(st.integers(0, 255))
    try:
        program = read_program(bytes(changed), arrays)
    except BundleError:
        return
    assert program.steps


def _with_arrays(change) -> tuple[bytes, bytes]:
    text, arrays = STORED
    tensors = {name: array.copy() for name, array in load(arrays).items()}
    change(tensors)
    return text, save(tensors)


def _other_dtype(tensors):
    tensors.update({name: array.astype(np.float32) for name, array in tensors.items()})


def _not_finite(tensors):
    for array in tensors.values():
        if array.dtype == np.float64:
            array[:] = np.nan


def _shorter(tensors):
    tensors.update({name: array[:1].copy() for name, array in tensors.items()})


def _other_shape(tensors):
    tensors.update({name: array.reshape(1, *array.shape) for name, array in tensors.items()})


def _empty(tensors):
    tensors.update({name: array[:0].copy() for name, array in tensors.items()})


def _far(tensors):
    for array in tensors.values():
        if array.dtype.kind in "iu":
            array[:] = np.iinfo(array.dtype).max


def _without_lists(tensors):
    for name in [name for name in tensors if name.endswith(".values")]:
        del tensors[name]


@pytest.mark.parametrize(
    "change",
    [
        dict.clear,
        _other_dtype,
        _not_finite,
        _shorter,
        _other_shape,
        _empty,
        _far,
        _without_lists,
    ],
)
def test_hostile_arrays_are_refused(change):
    with pytest.raises(BundleError):
        read_program(*_with_arrays(change))


@given(st.data())
def test_a_flipped_byte_of_the_arrays_is_refused_or_harmless(data):
    text, arrays = STORED
    changed = bytearray(arrays)
    place = data.draw(st.integers(0, len(arrays) - 1))
    changed[place] = data.draw(st.integers(0, 255))
    try:
        program = read_program(text, bytes(changed))
    except BundleError:
        return
    with np.errstate(all="ignore"):
        assert len(program.run(hostile_columns())) == 64


def test_an_array_that_two_steps_name_is_refused():
    text, arrays = write_program(make_program())
    document = json.loads(text)
    step = next(step for step in document["steps"] if step["operation"] == "linear")
    step["bias"] = step["weights"]
    with pytest.raises(BundleError, match="twice"):
        read_program(json.dumps(document).encode(), arrays)


@pytest.mark.parametrize(
    "change",
    [
        {"version": 99},
        {"task": None},
        {"task": {"kind": "ranking"}},
        {"inputs": [{"name": "size", "type": "pickle"}]},
        {"steps": [{"operation": "system", "inputs": [], "output": "x"}]},
        {"steps": []},
        {"answer": 7},
    ],
)
def test_hostile_documents_are_refused(change):
    text, arrays = STORED
    document = json.loads(text) | change
    with pytest.raises(BundleError):
        read_program(json.dumps(document).encode(), arrays)


def test_deeply_nested_text_is_refused():
    with pytest.raises(BundleError):
        read_program(b"[" * 200_000, STORED[1])
