import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from modelwright.serving.halves import reason_of, require_whole_characters


@given(text=st.text(st.sampled_from('a\\"u\ud83d\ude00d8\U0001f600'), max_size=8))
def test_what_can_be_read_holds_no_half_of_a_character(text):
    body = b'"%b"' % text.encode("ascii", "surrogatepass") if text.isascii() else _escaped(text)
    try:
        msgspec.json.decode(body)
    except (msgspec.DecodeError, ValueError):
        return
    require_whole_characters(body)


@pytest.mark.parametrize("text", ["\ud800", "\udc00x", "\ude00\ud83d", "\ud83d\ud83d\ude00"])
def test_a_half_is_named(text):
    body = _escaped(text)
    with pytest.raises((msgspec.DecodeError, ValueError)) as found:
        msgspec.json.decode(body)
    half = body[1:7].decode()
    assert reason_of(body, found.value) == f"a text holds {half}, half of a character"


def test_other_faults_are_told_as_they_are():
    assert reason_of(b"{", ValueError("cut off")) == "cut off"


def _escaped(text: str) -> bytes:
    units = memoryview(text.encode("utf-16-be", "surrogatepass")).tolist()
    pairs = zip(units[::2], units[1::2], strict=True)
    return b'"%b"' % b"".join(b"\\u%02x%02x" % pair for pair in pairs)
