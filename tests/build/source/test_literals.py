import ast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from modelwright.build.source.literals import literal

TEXTS = st.text(st.characters(), max_size=40)
PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False)
    | TEXTS,
    lambda inner: st.lists(inner, max_size=6)
    | st.lists(inner, max_size=6).map(tuple)
    | st.dictionaries(TEXTS, inner, max_size=6),
)  # fmt: skip


@given(PLAIN, st.integers(0, 60))
def test_a_literal_is_read_back_as_the_value(value, indent):
    assert ast.literal_eval(literal(value, indent)) == value


@pytest.mark.parametrize(
    "text",
    ['"', "'", "'\"", "\n", "\\", "{{ x }}", "{% raw %}", '"""', "#", "\u202e", "\ud800", "\r\x85"],
)
def test_a_hostile_text_stays_one_text_on_one_line(text):
    written = literal(text)
    assert ast.literal_eval(written) == text
    assert len(written.splitlines()) == 1


def test_what_is_no_plain_value_is_refused():
    with pytest.raises(TypeError, match="A set has no place"):
        literal({1})
