import msgspec
from hypothesis import given
from hypothesis import strategies as st

from modelwright.serving.halves import require_whole_characters


@given(text=st.text(st.sampled_from('a\\"u\ud83d\ude00d8\U0001f600'), max_size=8))
def test_what_can_be_read_holds_no_half_of_a_character(text):
    body = b'"%b"' % text.encode("ascii", "surrogatepass") if text.isascii() else _escaped(text)
    try:
        msgspec.json.decode(body)
    except (msgspec.DecodeError, ValueError):
        return
    require_whole_characters(body)


def _escaped(text: str) -> bytes:
    units = memoryview(text.encode("utf-16-be", "surrogatepass")).tolist()
    pairs = zip(units[::2], units[1::2], strict=True)
    return b'"%b"' % b"".join(b"\\u%02x%02x" % pair for pair in pairs)
