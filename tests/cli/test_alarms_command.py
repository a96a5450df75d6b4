import polars as pl
import pytest

from orders_example import orders

WHERE = ("-w", "orders-model")


@pytest.fixture
def alarmed(finished, call):
    """A workspace whose live rows hold amounts in cents."""
    orders(500, seed=5).with_columns(pl.col("amount") * 100).write_csv("cents.csv")
    assert call("maintain", "cents.csv", *WHERE, "-q").code == 1
    return finished


def test_nothing_is_wrong_before_anything_was_judged(finished, call):
    done = call("alarms", *WHERE)
    assert (done.code, done.err) == (0, "")
    assert "there is no alarm" in done.out


def test_a_trouble_is_listed_answered_and_closed(alarmed, call):
    listed = call("alarms", *WHERE, "--json")
    assert listed.code == 1
    first = listed.json[0]
    assert (first["columns"], first["state"]) == (["amount"], "open")
    number = first["number"]
    assert first["sentence"][:40] in call("alarms", *WHERE).out.replace("\n          ", " ")
    for alarm in listed.json:
        answer = ("--by", "Ann", "--note", "asked", *WHERE, "--json")
        done = call("alarms", "acknowledge", alarm["number"], *answer)
        assert (done.code, done.json["state"]) == (0, "acknowledged")
    assert call("maintain", "cents.csv", *WHERE, "-q").code == 1
    again = call("alarms", *WHERE, "--json")
    assert again.code == 0
    assert again.json[0]["times_seen"] == 2
    assert "acknowledged by Ann: asked" in call("alarms", *WHERE).out
    orders(500, seed=6).write_csv("fine.csv")
    assert call("maintain", "fine.csv", *WHERE, "-q").code == 0
    assert call("alarms", *WHERE, "--json").json == []
    closed = call("alarms", "--all", *WHERE, "--json").json
    assert closed[number - 1]["state"] == "closed"


def test_a_snooze(alarmed, call):
    done = call("alarms", *WHERE, "snooze", 1, "--for", "3d", "--by", "Ann", "--json")
    assert (done.code, done.json["state"]) == (0, "snoozed")
    done = call("alarms", "snooze", 1, "--until", "2999-01-01", "--by", "Ann", *WHERE)
    assert "snoozed by Ann: until" in done.out


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["acknowledge", 1], "Missing option '--by'"),
        (["acknowledge", 77, "--by", "Ann"], "There is no alarm 77."),
        (["snooze", 1, "--by", "Ann"], "Give either --for or --until."),
        (["snooze", 1, "--by", "Ann", "--for", "soon"], "'soon' is no duration"),
        (["snooze", 1, "--by", "Ann", "--until", "soon"], "'soon' is no moment"),
        (["snooze", 1, "--by", "Ann", "--until", "2001-01-01"], "has passed"),
    ],
)
def test_a_wrong_answer_is_told(alarmed, call, arguments, sentence):
    done = call("alarms", *WHERE, *arguments)
    assert (done.code, done.out) == (2, "")
    assert sentence in done.sentence


def test_people_are_told_and_a_channel_that_fails_hinders_nothing(finished, call, monkeypatch):
    brief = finished / "orders-model" / "modelwright.toml"
    channels = """
    [messages.file]
    path = "told.jsonl"
    [messages.team]
    kind = "webhook"
    url_from = "NOT_SET"
    """
    brief.write_text(brief.read_text() + channels)
    assert call("alarms", "test", "file", *WHERE).out == "✓ file took the message.\n"
    tested = call("alarms", "test", *WHERE, "--json")
    assert (tested.code, tested.json["file"]) == (1, "")
    assert "NOT_SET is not set" in tested.json["team"]
    assert "[messages.fil]" in call("alarms", "test", "fil", *WHERE).sentence

    monkeypatch.setattr("time.sleep", lambda _: None)
    orders(500, seed=5).with_columns(pl.col("amount") * 100).write_csv("cents.csv")
    for _ in range(2):
        assert call("maintain", "cents.csv", *WHERE, "-q").code == 1
    told = (finished / "orders-model" / "told.jsonl").read_text().splitlines()
    assert ["a test" in line for line in told] == [True, True, False]
    listed = call("alarms", *WHERE).out
    assert "Untold" in listed
    assert "team: The environment variable NOT_SET is not set" in listed


def test_who_to_tell_asks_nothing_of_the_model(finished, call):
    brief = finished / "orders-model" / "modelwright.toml"
    brief.write_text(brief.read_text() + '[messages.file]\npath = "told.jsonl"\n')
    done = call("run", *WHERE)
    assert done.code == 0
    assert done.err.count("it stands, as what it was made from is the same") == 4


def test_nobody_to_tell(finished, call):
    done = call("alarms", "test", *WHERE)
    assert done.code == 2
    assert "names nobody to tell of alarms" in done.sentence


def test_every_judgement_is_kept(alarmed, call):
    call("maintain", "later.csv", *WHERE, "-q")
    done = call("show", "health", "--history", *WHERE, "--json")
    assert [each["rows"] for each in done.json] == [500, 300]
    assert "fix input" in call("show", "health", "--history", *WHERE).out
    assert "is of health" in call("show", "plan", "--history", *WHERE).sentence
