import json

import pytest

from modelwright.errors import ServiceError
from modelwright.maintain.messages.file import File


def test_each_message_is_a_line(message, surroundings):
    for _ in range(2):
        File(path="told/alarms.jsonl").send(message, surroundings)
    first, second = (surroundings.folder / "told/alarms.jsonl").read_text().splitlines()
    assert first == second
    assert json.loads(first)["alarms"][0]["kind"] == "unit change"


def test_a_file_that_cannot_be_written(message, surroundings):
    (surroundings.folder / "told").write_text("")
    with pytest.raises(ServiceError, match="cannot be written"):
        File(path="told/alarms.jsonl").send(message, surroundings)
