import re
from importlib.resources import files
from typing import get_args, get_type_hints

import msgspec
import pytest

from modelwright.documents import Health
from modelwright.errors import InputError
from modelwright.report.voice import ENGLISH, LANGUAGES, voice_of


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_every_message_with_the_same_blanks(language):
    messages = voice_of(language).messages
    assert list(messages) == list(ENGLISH.messages)
    for key, text in messages.items():
        assert text.strip(), key
        blanks = re.findall(r"\{(\w+)\}", text)
        assert sorted(blanks) == sorted(re.findall(r"\{(\w+)\}", ENGLISH.messages[key])), key


def test_every_file_of_messages_is_a_language():
    found = {
        each.name.removesuffix(".json")
        for each in (files("modelwright.report") / "messages").iterdir()
    }
    assert found == set(LANGUAGES)


def test_every_action_can_be_said():
    actions = get_args(get_type_hints(Health)["action"])
    assert actions
    for action in actions:
        assert ENGLISH.say(f"action.{action}")


def test_a_language_that_there_is_not():
    with pytest.raises(InputError, match="There is no language of reports 'fr'"):
        voice_of("fr")


def test_lists_are_bounded():
    german = voice_of("de")
    assert german.listed(["a"]) == "a"
    assert german.listed(list("abcdefgh"), 2) == "a, b und 6 weitere"
    assert voice_of("zh").listed(["甲", "乙", "丙"]) == "甲、乙和丙"


def test_what_is_no_moment_stays():
    assert ENGLISH.day("week 7") == "week 7"
    assert msgspec.json.encode(ENGLISH.say("quoted", text="x")).decode() == '"“x”"'
