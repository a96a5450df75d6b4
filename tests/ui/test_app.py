"""Every address, asked as a browser asks."""

import json
import re

import pytest

from modelwright.report.dashboard.assets import assets
from modelwright.report.dashboard.pages import PAGES
from modelwright.ui.headers import HEADERS
from modelwright.workspace.folder import Workspace

HOME = "/p/late%20flights/"
TOKEN = "not-a-secret"


def hidden(html: str, name: str) -> str:
    """Return what a hidden field of a page holds."""
    found = re.search(rf'name="{name}" value="([^"]*)"', html)
    assert found is not None
    return found[1]


def sign_in(client, **given):
    page = client.get("/sign-in").text
    fields = {"csrf": hidden(page, "csrf"), "token": TOKEN, "name": "Ann", "then": ""} | given
    return client.post("/sign-in", data=fields, follow_redirects=False)


def test_one_workspace_is_shown_at_once(client):
    answer = client.get("/")
    assert answer.url.raw_path == HOME.encode()
    assert "Will this flight arrive" in answer.text


def test_several_workspaces_are_a_list(open_client, workspace, tmp_path):
    Workspace.create(tmp_path / "team" / "new")
    client = open_client(tmp_path)
    page = client.get("/").text
    assert 'href="/p/late%20flights/"' in page
    assert client.get("/p/team~new/").status_code == 200


@pytest.mark.parametrize("page", PAGES)
def test_every_page_is_there_with_the_headers_that_keep_it_safe(page, client):
    answer = client.get(HOME + page)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    for name, value in HEADERS.items():
        assert answer.headers[name.decode()] == value.decode()


def test_documents_are_there_as_they_are(client, workspace):
    answer = client.get(HOME + "plan.json")
    assert answer.json() == json.loads(workspace.read_bytes("plan.json"))
    assert client.get(HOME + "journal.json").status_code == 404
    assert client.get(HOME + "..%2Fplan.json").status_code == 404


def test_files_are_kept_by_the_browser(client):
    for address, asset in assets().items():
        answer = client.get(f"/{address}")
        assert answer.content == asset.data
        assert "immutable" in answer.headers["cache-control"]
    assert client.get("/static/other.css").status_code == 404


@pytest.mark.parametrize("path", ["/p/nothing/", HOME + "nothing", "/nothing"])
def test_what_is_not_there_is_a_page_too(path, client):
    answer = client.get(path)
    assert answer.status_code == 404
    assert "<h1>" in answer.text


def test_a_damaged_document_is_told_and_the_pages_stay(client, workspace):
    workspace.write_text("candidate.json", "{")
    answer = client.get(HOME)
    assert answer.status_code == 200
    assert "candidate.json cannot be read" in answer.text


def test_a_fault_of_ours_tells_nothing_of_it(open_client, monkeypatch):
    def fail(*_, **__):
        raise RuntimeError("of /home/ann")

    monkeypatch.setattr("modelwright.ui.hall.read_standing", fail)
    answer = open_client().get(HOME)
    assert answer.status_code == 500
    assert "/home/ann" not in answer.text


def test_a_person_signs_in_and_out(client):
    assert "Sign in" in client.get(HOME).text
    answer = sign_in(client, then=HOME)
    assert (answer.status_code, answer.headers["location"]) == (303, HOME)
    cookie = answer.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie
    page = client.get(HOME).text
    assert "Sign out" in page
    client.post("/sign-out", data={"csrf": hidden(page, "csrf")})
    assert "Sign out" not in client.get(HOME).text


def test_a_wrong_token_lets_nobody_in(client, monkeypatch):
    monkeypatch.setattr("modelwright.ui.signing._WRONG_TOKEN_S", 0.0)
    answer = sign_in(client, token="guessed")
    assert answer.status_code == 403
    assert "That is not the token" in answer.text
    assert "Sign out" not in client.get(HOME).text


@pytest.mark.parametrize("then", ["https://evil.example/", "//evil.example", "/\\evil.example", ""])
def test_signing_in_leads_nowhere_else(then, client):
    assert sign_in(client, then=then).headers["location"] == "/"


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "https://evil.example"},
        {"origin": "null"},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
    ],
)
def test_forms_of_other_sites_are_refused(headers, client):
    page = client.get("/sign-in").text
    fields = {"csrf": hidden(page, "csrf"), "token": TOKEN, "name": "Ann"}
    assert client.post("/sign-in", data=fields, headers=headers).status_code == 403


def test_forms_without_their_token_or_with_that_of_somebody_else_are_refused(client, open_client):
    fields = {"token": TOKEN, "name": "Ann"}
    assert client.post("/sign-in", data=fields).status_code == 403
    other = hidden(open_client(secret=b"x").get("/sign-in").text, "csrf")
    assert client.post("/sign-in", data=fields | {"csrf": other}).status_code == 403


def test_a_form_that_is_too_large_is_refused(client):
    assert client.post("/sign-in", content=b"x" * (1 << 21)).status_code == 413


@pytest.mark.parametrize(
    ("address", "headers", "given"),
    [
        ("http://evil.example", {}, {}),
        ("http://localhost", {"x-forwarded-for": "203.0.113.9"}, {}),
        ("http://localhost", {}, {"loopback": False}),
    ],
)
def test_reading_from_elsewhere_needs_a_token(address, headers, given, open_client):
    client = open_client(address=address, **given)
    client.headers.update(headers)
    for path in (HOME, HOME + "plan.json", HOME + "live", "/"):
        answer = client.get(path, follow_redirects=False)
        assert answer.status_code == 303
        assert answer.headers["location"].startswith("/sign-in?then=%2F")
    sign_in(client)
    assert client.get(HOME).status_code == 200


def test_without_a_token_nobody_signs_in(open_client):
    client = open_client(tokens=[])
    assert "read only" in client.get(HOME).text
    assert client.get("/sign-in").status_code == 403
    assert sign_in_refused(client)


def sign_in_refused(client) -> bool:
    csrf = hidden(client.get("/sign-in").text + 'name="csrf" value=""', "csrf")
    return client.post("/sign-in", data={"csrf": csrf, "token": ""}).status_code == 403
