import msgspec
import pytest

from modelwright.serving.reason import reason_of


@pytest.mark.parametrize("half", ["ud800", "udc00", "ude00\\\\ud83d", "ud83d\\\\ud83d\\\\ude00"])
def test_a_half_is_named(half):
    body = b'"\\%b"' % half.encode()
    with pytest.raises((msgspec.DecodeError, ValueError)) as found:
        msgspec.json.decode(body)
    assert reason_of(body, found.value) == f"a text holds \\{half[:5]}, half of a character"


@pytest.mark.parametrize(
    ("body", "field", "number"),
    [
        (b'{"age": 1e999}', "age", "1e999"),
        (b'{"rows": [{"age": 1}, {"pay": -1e400}]}', "pay", "-1e400"),
        (b'{"inputs": [{"name": "pay", "data": [[1.0], [2e308]]}]}', "pay", "2e308"),
        (b'{"age": 1, "pay": ' + b"9" * 5000 + b"}", "pay", "9" * 40),
        (b'{"rows": [{"age": NaN}]}', "age", "NaN"),
        (b'{"age": -Infinity, "b": 1}', "age", "-Infinity"),
        (b'{"dataframe_split": {"data": [[1, 1e999]]}}', "data", "1e999"),
    ],
)
def test_of_a_number_beyond_all_others_the_field_is_named(body, field, number):
    with pytest.raises((msgspec.DecodeError, ValueError)) as found:
        msgspec.json.decode(body)
    assert reason_of(body, found.value).startswith(f"the field '{field}' holds {number}, which is")


def test_other_faults_are_told_as_they_are():
    assert reason_of(b"{", ValueError("cut off")) == "cut off"
    assert reason_of(b'{"a" 1}', ValueError("malformed")) == "malformed"
    assert reason_of(b"[1e999]", ValueError("Number out of range")) == "Number out of range"
