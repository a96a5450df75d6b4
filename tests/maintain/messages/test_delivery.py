import json
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from modelwright.maintain.messages.base import Surroundings
from modelwright.maintain.messages.delivery import PAUSES_S, Post
from modelwright.maintain.messages.file import File
from modelwright.maintain.messages.webhook import Webhook
from modelwright.workspace.alarm import Sign
from modelwright.workspace.logbook import Logbook

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
CENTS = Sign(kind="unit change", columns=("amount",), sentence="In cents.", action="fix input")
STUCK = Sign(kind="stuck values", columns=("items",), sentence="Always 7.", action="fix input")


class Day:
    """A clock, and what waits by it."""

    def __init__(self):
        self.now = NOW

    def clock(self):
        return self.now

    def sleep(self, seconds):
        self.now += timedelta(seconds=seconds)


@pytest.fixture
def day():
    return Day()


@pytest.fixture
def logbook(tmp_path):
    with Logbook.open(tmp_path / "logbook.db") as opened:
        yield opened


@pytest.fixture
def deliver(tmp_path, web, day, logbook):
    """Return what delivers over a webhook and a file, and says what was reported."""

    def run(channels=("web", "file")):
        every = {"web": Webhook(url_from="URL", form="json"), "file": File(path="told.jsonl")}
        post = Post(
            channels={name: every[name] for name in channels},
            surroundings=Surroundings(tmp_path, {"URL": web.url}),
            target="returned",
            clock=day.clock,
            sleep=day.sleep,
        )
        said = []
        post.deliver(logbook.outbox, report=said.append)
        return said

    return run


def record(logbook, day, *signs):
    return logbook.record(b"{}", signs, at=day.now, tell=("web", "file"))


def test_each_channel_is_told_once_of_all_that_is_new(deliver, logbook, day, web, tmp_path):
    record(logbook, day, CENTS, STUCK)
    assert deliver() == ["'web' was told of alarms 1, 2", "'file' was told of alarms 1, 2"]
    day.sleep(3600)
    record(logbook, day, CENTS, STUCK)
    assert deliver() == []
    assert len(web.requests) == 1
    (line,) = (tmp_path / "told.jsonl").read_text().splitlines()
    assert [alarm["number"] for alarm in json.loads(line)["alarms"]] == [1, 2]
    assert logbook.outbox.waiting() == ()


def test_what_is_not_taken_at_first_is_sent_again_at_once(deliver, logbook, day, web):
    record(logbook, day, CENTS)
    web.answers = [503, 500, 200]
    assert deliver()[0] == "'web' was told of alarm 1"
    assert day.now == NOW + timedelta(seconds=sum(PAUSES_S))
    ids = {headers["Idempotency-Key"] for headers, _ in web.requests}
    assert (len(web.requests), len(ids)) == (3, 1)


def test_what_is_not_taken_waits_longer_and_longer_and_hinders_no_other(
    deliver, logbook, day, web, tmp_path
):
    record(logbook, day, CENTS)
    record(logbook, day, CENTS, STUCK)
    web.answers = [503]
    said = deliver()
    assert said[0] == "The message to 'web' waits: 127.0.0.1 answered 503 to the message."
    assert len((tmp_path / "told.jsonl").read_text().splitlines()) == 2
    assert len(web.requests) == 1 + len(PAUSES_S)
    (first, second) = logbook.outbox.waiting()
    assert (first.tries, first.error, second.tries) == (1, said[0].partition(": ")[2], 0)

    tried = []
    while day.now < NOW + timedelta(days=2):
        day.sleep(60)
        if deliver():
            tried.append(day.now)
    gaps = [(after - before).total_seconds() for before, after in pairwise(tried)]
    assert len(tried) < 40
    assert max(gaps) > 3600
    web.answers = [200]
    day.sleep(12 * 3600)
    assert [line for line in deliver() if "was told" in line] == [
        "'web' was told of alarm 1",
        "'web' was told of alarm 2",
    ]


def test_what_is_three_days_old_is_not_sent_any_more_and_still_listed(deliver, logbook, day, web):
    record(logbook, day, CENTS)
    web.answers = [503]
    deliver(["web", "file"])
    day.sleep(4 * 86_400)
    web.answers = [200]
    assert deliver() == []
    assert [each.channel for each in logbook.outbox.waiting()] == ["web"]
    assert len(logbook.alarms()) == 1


def test_a_channel_that_is_gone_from_the_brief(deliver, logbook, day):
    record(logbook, day, CENTS)
    assert "has no [messages.web] any more" in deliver(["file"])[0]


def test_a_sender_that_was_killed_is_followed_by_another_with_the_same_id(
    deliver, logbook, day, web
):
    record(logbook, day, CENTS)
    taken = logbook.outbox.take(day.now)
    assert deliver() == ["'file' was told of alarm 1"]
    day.sleep(180)
    assert deliver() == ["'web' was told of alarm 1"]
    assert web.requests[0][0]["Idempotency-Key"] == taken.id
