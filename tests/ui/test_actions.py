"""What a person may do in the browser: only signed in, only by a form of the dashboard."""

import re
from datetime import UTC, datetime

import msgspec
import pytest

from dossiers import flights_dossier
from modelwright.documents import Brief, Gate, Release
from modelwright.engineer.project import Project
from modelwright.engineer.question.brief_file import write_brief
from modelwright.maintain.signs import signs_of
from modelwright.ui.actions import ACTIONS
from modelwright.workspace.aliases import Aliases
from modelwright.workspace.logbook import LOGBOOK, Logbook
from modelwright.workspace.trial import Trial

HOME = "/p/late%20flights/"
NOW = datetime.fromtimestamp(1_770_000_000.0, UTC)


def csrf(client, path: str = HOME) -> dict[str, str]:
    found = re.search(r'name="csrf" value="([^"]*)"', client.get(path).text)
    assert found is not None
    return {"csrf": found[1]}


def sign_in(client) -> None:
    fields = csrf(client, "/sign-in") | {"token": "not-a-secret", "name": "Ann"}
    assert client.post("/sign-in", data=fields).status_code == 200


def act(client, action: str, **fields: str):
    return client.post(f"{HOME}do/{action}", data=csrf(client) | fields)


@pytest.fixture
def troubled(workspace):
    """A workspace with an alarm."""
    health = flights_dossier().health
    ill = msgspec.structs.replace(
        health, healthy=False, action="call a person", sentence="The score fell."
    )
    with Logbook.open(workspace.path / LOGBOOK) as logbook:
        logbook.record(msgspec.json.encode(ill), signs_of(ill), at=NOW)
        assert logbook.alarms()
    return workspace


@pytest.fixture
def signed_in(open_client):
    client = open_client()
    sign_in(client)
    return client


def alarm_of(workspace):
    with Logbook.open(workspace.path / LOGBOOK) as logbook:
        return logbook.alarm(1)


def test_an_alarm_is_acknowledged(troubled, signed_in):
    assert "Acknowledge" in signed_in.get(HOME + "health").text
    page = act(signed_in, "acknowledge", alarm="1", note="asked <b>").text
    assert "You acknowledged the alarm." in page
    assert "acknowledged by <bdi>Ann</bdi>: <bdi>asked &lt;b&gt;</bdi>" in page
    assert alarm_of(troubled).state == "acknowledged"


def test_an_alarm_is_silenced_for_a_while(troubled, signed_in):
    page = act(signed_in, "snooze", alarm="1", days="2.5", note="known").text
    assert "silent until" in page
    assert alarm_of(troubled).state == "snoozed"


@pytest.mark.parametrize(
    ("action", "fields", "told"),
    [
        ("acknowledge", {"alarm": "9"}, "There is no alarm 9."),
        ("acknowledge", {"alarm": "x"}, "is no number of an alarm"),
        ("snooze", {"alarm": "1", "days": "soon"}, "are no days"),
        ("snooze", {"alarm": "1", "days": "nan"}, "are no days"),
    ],
)
def test_what_cannot_be_done_is_told(action, fields, told, troubled, signed_in):
    answer = act(signed_in, action, **fields)
    assert answer.status_code == 422
    assert told in answer.text.replace("&#39;", "'")
    assert alarm_of(troubled).state == "open"


@pytest.mark.parametrize("action", ACTIONS)
def test_nobody_acts_who_has_not_signed_in(action, troubled, client):
    assert "do/" not in client.get(HOME + "health").text
    answer = client.post(f"{HOME}do/{action}", data=csrf(client, "/sign-in") | {"alarm": "1"})
    assert answer.status_code == 403
    assert alarm_of(troubled).state == "open"


@pytest.mark.parametrize("action", ACTIONS)
def test_nobody_acts_by_a_form_of_another_page(action, troubled, signed_in):
    path = f"{HOME}do/{action}"
    assert signed_in.post(path, data={"alarm": "1"}).status_code == 403
    fields, other = csrf(signed_in) | {"alarm": "1"}, {"origin": "http://evil.example"}
    assert signed_in.post(path, data=fields, headers=other).status_code == 403
    assert signed_in.get(path).status_code == 405
    assert alarm_of(troubled).state == "open"


def test_there_is_no_other_action(signed_in):
    assert act(signed_in, "remove").status_code == 404


def test_a_page_says_only_what_was_done(signed_in):
    assert "You acknowledged" in signed_in.get(HOME + "health?done=acknowledge").text
    assert "<script>x" not in signed_in.get(HOME + "health?done=<script>x").text


def test_the_champion_before_comes_back(twice_released, signed_in):
    workspace, first, _ = twice_released
    page = signed_in.get(HOME + "release").text
    assert first[:12] in page
    page = act(signed_in, "roll-back", why="late <b>").text
    assert "The champion before is the champion again." in page
    assert "<bdi>Ann</bdi></td><td><bdi>late &lt;b&gt;</bdi>" in page
    assert Aliases.read(workspace).bundle("champion") == first
    answer = act(signed_in, "roll-back")
    assert answer.status_code == 422
    assert "There is nothing to roll back to" in answer.text


def test_a_challenger_is_promoted(tried, signed_in):
    workspace, first, second = tried
    page = signed_in.get(HOME + "release").text
    assert "90\u00a0%" in page
    assert 'aria-label="The challenger answers 10 % of the rows"' in page
    page = act(signed_in, "promote", why="better").text
    assert "The challenger is the champion now." in page
    assert Aliases.read(workspace).bundle("champion") == second
    assert "it answers in the shadow" in page
    assert first[:12] in page


def test_a_trial_is_ended(tried, signed_in):
    workspace, first, _ = tried
    assert "The challenger is tried no longer." in act(signed_in, "withdraw").text
    assert Aliases.read(workspace).challenge is None
    assert Aliases.read(workspace).bundle("champion") == first
    answer = act(signed_in, "promote")
    assert answer.status_code == 422
    assert "There is no challenger" in answer.text


@pytest.mark.parametrize("why", ["", "it costs us money"])
def test_a_remedy_is_taken(why, workspace, signed_in, monkeypatch):
    taken = []

    def apply(self, name, *, anyway, who, why):
        taken.append((name, anyway, who, why))
        return _release(released=True)

    monkeypatch.setattr(Project, "apply_remedy", apply)
    write_brief(Brief(data="rows.csv", target="late"), workspace)
    page = act(signed_in, "remedy", remedy="fix units", why=why).text
    assert "The remedy was taken" in page
    assert taken == [("fix units", bool(why), "Ann", why)]


def test_a_remedy_that_a_gate_refuses_is_told(workspace, signed_in, monkeypatch):
    monkeypatch.setattr(Project, "apply_remedy", lambda *_, **__: _release(released=False))
    write_brief(Brief(data="rows.csv", target="late"), workspace)
    answer = act(signed_in, "remedy", remedy="<b>")
    assert answer.status_code == 422
    assert "the past speaks for the remedy: it spared none" in answer.text


def _release(*, released: bool) -> Release:
    gate = Gate(name="the past speaks for the remedy", passed=released, evidence="it spared none")
    return msgspec.structs.replace(flights_dossier().release, released=released, gates=(gate,))


@pytest.fixture
def twice_released(workspace, make_release):
    first = make_release("first")
    return workspace, first, make_release("second")


@pytest.fixture
def tried(twice_released):
    """A workspace whose newer bundle is a canary beside the older one."""
    workspace, first, second = twice_released
    trial = Trial(role="canary", share=0.1)
    named = Aliases.read(workspace).roll_back("champion", at=NOW)
    named.assign("challenger", second, at=NOW, trial=trial).write(workspace)
    return workspace, first, second
