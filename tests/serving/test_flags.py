import pytest

from modelwright.errors import InputError
from modelwright.serving.flags import FLAGS, settings_of
from modelwright.serving.limits import USUAL_LIMITS

USUAL = {flag.field: flag.default for flag in FLAGS}


def test_nothing_given_is_the_usual():
    settings = settings_of(USUAL, {})
    assert (settings.limits, settings.tokens, settings.workers) == (USUAL_LIMITS, (), 1)


def test_tokens_come_from_the_environment_and_a_file(tmp_path):
    (tmp_path / "tokens").write_text("three\n\nfour\n")
    given = USUAL | {"tokens": tmp_path / "tokens"}
    settings = settings_of(given, {"MODELWRIGHT_TOKEN": "one two"})
    assert settings.tokens == ("one", "two", "three", "four")


def test_a_file_without_tokens_lets_nobody_in_by_mistake(tmp_path):
    (tmp_path / "tokens").write_text("\n")
    for path in (tmp_path / "tokens", tmp_path / "missing"):
        with pytest.raises(InputError):
            settings_of(USUAL | {"tokens": path}, {})


def test_contradictions_are_told(tmp_path):
    with pytest.raises(InputError, match="without a certificate"):
        settings_of(USUAL | {"key": tmp_path / "key"}, {})
    with pytest.raises(InputError, match="at least one"):
        settings_of(USUAL | {"workers": 0}, {})
