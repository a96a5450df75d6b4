from hypothesis import given
from hypothesis import strategies as st

from modelwright.predictor.emitters.identifiers import identifiers


@given(st.lists(st.text(), unique=True))
def test_names_are_plain_and_none_comes_twice(names):
    found = identifiers(names, reserved={"class", "column"})
    assert len(set(found)) == len(names)
    assert all(each.isidentifier() and each.isascii() for each in found)
    assert not {"class", "column"} & set(found)
