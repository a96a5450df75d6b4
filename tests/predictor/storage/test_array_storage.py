import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from modelwright.predictor.storage import array_storage
from modelwright.predictor.storage.array_storage import ArrayReader, ArrayWriter

SHAPES = array_shapes(min_dims=1, max_dims=2, min_side=0)
FLOAT, INT, BOOL, BYTE = (np.dtype(kind) for kind in (np.float64, np.int32, np.bool_, np.uint8))


def _kept(array: np.ndarray) -> dict[str, np.ndarray]:
    writer = ArrayWriter()
    assert writer.keep(array) == "a00000"
    return writer.kept


@given(
    st.one_of(
        arrays(FLOAT, SHAPES, elements=st.floats() | st.sampled_from([0.0, -0.0, 0.5, 0.1])),
        arrays(FLOAT, SHAPES, elements=st.floats(width=32)),
        arrays(INT, SHAPES),
        arrays(INT, SHAPES, elements=st.integers(-3, 260)),
        arrays(BOOL, SHAPES),
        arrays(BYTE, SHAPES),
    )
)
def test_an_array_comes_back_to_the_bit(array):
    again = ArrayReader(_kept(array)).read("a00000", array.dtype)
    assert (again.dtype, again.shape) == (array.dtype, array.shape)
    assert again.tobytes() == array.tobytes()
    assert not again.flags.writeable


@pytest.mark.parametrize(
    ("array", "kept"),
    [
        (np.array([0, 255], np.int32), "uint8"),
        (np.array([-1, 127], np.int32), "int8"),
        (np.array([-1, 255], np.int32), "int16"),
        (np.array([0, 65_535], np.int32), "uint16"),
        (np.array([-1, 65_535], np.int32), "int32"),
        (np.array([0.1, 0.2]), "float64"),
        (np.array([0.5, 1e300]), "float64"),
        (np.array([0.5, 0.25]), "float32"),
        (np.array([0.1, 0.2] * 9), "uint8"),
        (np.arange(300).repeat(9) / 10, "uint16"),
        (np.array([True]), "bool"),
    ],
)
def test_the_narrowest_type_is_kept(array, kept):
    assert _kept(array)["a00000"].dtype.name == kept


def test_whole_numbers_beyond_32_bits_are_refused():
    with pytest.raises(TypeError, match="32 bits"):
        ArrayWriter().keep(np.array([1 << 31]))


PLACES = np.array([0, 1], np.uint8)


@pytest.mark.parametrize(
    ("kept", "wanted", "fault"),
    [
        ({}, FLOAT, "no array"),
        ({"a": np.zeros(2, np.int64)}, INT, "no int32"),
        ({"a": np.zeros(2, np.uint32)}, INT, "no int32"),
        ({"a": np.zeros(2)}, INT, "no int32"),
        ({"a": np.zeros(2, np.bool_)}, INT, "no int32"),
        ({"a": np.zeros(2, np.bool_)}, FLOAT, "no float64"),
        ({"a": np.zeros(2, np.uint8)}, BOOL, "no bool"),
        ({"a": np.zeros(2, np.uint16)}, BYTE, "no uint8"),
        ({"a": np.zeros(2, np.int8)}, BYTE, "no uint8"),
        ({"a": PLACES}, FLOAT, "list that is not there"),
        ({"a": PLACES, "a.values": np.zeros((2, 2))}, FLOAT, "list that is not there"),
        ({"a": PLACES, "a.values": np.zeros(1)}, FLOAT, "outside its list"),
        ({"a": PLACES.astype(np.int8) - 1, "a.values": np.zeros(2)}, FLOAT, "outside its list"),
        ({"a": PLACES, "a.values": np.zeros(2, np.int32)}, FLOAT, "no float64"),
    ],
)
def test_forged_arrays_are_refused(kept, wanted, fault):
    with pytest.raises(ValueError, match=fault):
        ArrayReader(kept).read("a", wanted)


def test_an_array_is_read_once():
    reader = ArrayReader({"a": np.zeros(2)})
    reader.read("a", FLOAT)
    with pytest.raises(ValueError, match="used twice"):
        reader.read("a", FLOAT)


def test_arrays_that_would_fill_the_memory_are_refused(monkeypatch):
    monkeypatch.setattr(array_storage, "MAX_READ_BYTES", 1000)
    few = np.zeros(100, np.uint8)
    reader = ArrayReader({"a": few, "a.values": np.zeros(1), "b": few, "b.values": np.zeros(1)})
    reader.read("a", FLOAT)
    with pytest.raises(ValueError, match="too many numbers"):
        reader.read("b", FLOAT)
