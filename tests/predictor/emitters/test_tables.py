import base64

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from modelwright.predictor.emitters.tables import Tables


def _unpacked(tables: Tables) -> tuple[np.ndarray, np.ndarray, list[str]]:
    packed = {name: base64.b64decode(text) for name, text in tables.packed().items()}
    data = packed["texts"]
    count = int.from_bytes(data[:4], "little")
    sizes = np.frombuffer(data[4 : 4 + 4 * count], dtype="<i4")
    ends = 4 + 4 * count + np.cumsum(sizes)
    texts = [data[end - size : end].decode() for size, end in zip(sizes, ends, strict=True)]
    doubles = np.frombuffer(packed["doubles"], dtype="<f8")
    return doubles, np.frombuffer(packed["wholes"], dtype="<i4"), texts


@given(
    st.lists(st.lists(st.floats(allow_nan=False))), st.lists(st.text(st.characters(codec="utf-8")))
)
def test_what_is_kept_can_be_read_where_it_was_said_to_be(arrays, texts):
    tables = Tables()
    places = [tables.doubles(np.array(array)) for array in arrays]
    begin = tables.texts(texts)
    doubles, _, written = _unpacked(tables)
    for place, array in zip(places, arrays, strict=True):
        assert doubles[place : place + len(array)].tolist() == array
    assert written[begin : begin + len(texts)] == texts


def test_the_same_numbers_are_kept_once():
    tables = Tables()
    first, other, again = (tables.wholes(np.array(each)) for each in ([1, 2], [3], [1, 2]))
    assert (first, other, again) == (0, 2, 0)
    assert _unpacked(tables)[1].tolist() == [1, 2, 3]


def test_the_same_dictionary_is_kept_once():
    tables = Tables()
    places = [
        tables.dictionary(("a", "b"), np.array([3, 4])),
        tables.dictionary(("a", "b"), np.array([4, 3])),
        tables.dictionary(("a", "b"), np.array([3, 4])),
    ]
    assert places == [0, 1, 0]
    assert [each.count for each in tables.dictionaries] == [2, 2]
