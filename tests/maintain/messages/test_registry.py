import pytest

from modelwright.errors import BriefError
from modelwright.maintain.messages.file import File
from modelwright.maintain.messages.registry import channels_of


def test_a_name_may_be_the_kind_or_say_one():
    said = {"file": {"path": "a"}, "again": {"kind": "file", "path": "b"}}
    assert channels_of(said) == {"file": File(path="a"), "again": File(path="b")}


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"webhok": {}}, "kind 'webhok', which there is not. Did you mean 'webhook'?"),
        ({"file": {"pat": "x"}}, "unknown key 'pat'. Did you mean 'path'?"),
        ({"file": {}}, "missing required field 'path'"),
        ({"file": {"path": 3}}, "Expected 'str', got 'int'"),
        ({"mail": {"server": "h", "sender": "a@b.c", "to": "d@e.f"}}, "Expected 'array'"),
        ({"file": "x"}, "no table"),
    ],
)
def test_what_is_wrong_is_told(said, sentence):
    with pytest.raises(BriefError) as told:
        channels_of(said)
    assert sentence in str(told.value)
