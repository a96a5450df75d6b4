"""Rows tried in the browser: one in a form, or a file of them."""

import io
import re

import polars as pl
import pytest

from example_bundle import MULTICLASS, REGRESSION, ROWS, make_covered_bundle
from modelwright.predictor.bundle_folder import read_bundle, write_bundle
from modelwright.ui.trying import Champion

HOME = "/p/late%20flights/"
ROW = {"c0": "39", "c1": "true", "c2": "clerk", "c3": "2024-03-01T10:00"}


@pytest.fixture
def browser(released, open_client):
    return open_client()


def csrf(client) -> dict[str, str]:
    found = re.search(r'name="csrf" value="([^"]*)"', client.get(HOME + "try").text)
    assert found is not None
    return {"csrf": found[1]}


def send(client, data: bytes, name: str = "rows.csv", **given):
    fields = csrf(client) | given
    return client.post(HOME + "file", data=fields, files={"file": (name, data)})


def test_the_form_is_filled_with_what_is_usual(browser):
    page = browser.get(HOME + "try").text
    assert 'type="number"' in page
    assert 'type="datetime-local"' in page
    assert '<option value="cook" selected>' in page
    assert '<option value="">(missing)</option>' in page


def test_a_row_is_answered_with_what_holds_the_truth_and_why(browser):
    page = browser.post(HOME + "try", data=ROW | csrf(browser)).text
    assert re.search(r'<p class="big"><bdi>(no|yes)</bdi></p>', page)
    assert "In 90 of 100 such answers the true class is among" in page
    assert "points</td>" in page
    assert 'value="39"' in page
    assert '<option value="clerk" selected>' in page


def test_a_row_may_be_empty(browser):
    answer = browser.post(HOME + "try", data=csrf(browser))
    assert answer.status_code == 200
    assert 'value="39"' not in answer.text


def test_a_value_of_another_kind_is_told_and_stays_in_the_form(browser):
    answer = browser.post(HOME + "try", data=ROW | csrf(browser) | {"c0": "old <b>"})
    assert answer.status_code == 422
    assert "The field &#39;age&#39; is &#39;old &lt;b&gt;&#39;" in answer.text
    assert 'value="old &lt;b&gt;"' in answer.text


def test_a_row_needs_the_forms_own_token(browser):
    assert browser.post(HOME + "try", data=ROW).status_code == 403
    assert browser.post(HOME + "file", files={"file": ("a.csv", b"x")}).status_code == 403


def test_a_file_comes_back_with_its_answers(browser):
    table = pl.DataFrame(ROWS)
    answer = send(browser, table.write_csv().encode())
    assert answer.status_code == 200
    assert 'filename="predictions.csv"' in answer.headers["content-disposition"]
    answered = pl.read_csv(io.BytesIO(answer.content))
    assert answered.columns == [*table.columns, "prediction", "probability_yes"]
    assert len(answered) == len(ROWS)


@pytest.mark.parametrize(
    ("name", "data", "told"),
    [
        ("rows.db", b"x", "is no file of rows"),
        ("rows.csv", b"other\n1\n", "age"),
        ("rows.parquet", b"no such thing", "rows.parquet"),
    ],
)
def test_a_file_that_cannot_be_answered_is_told(name, data, told, browser):
    answer = send(browser, data, name)
    assert answer.status_code == 422
    assert told in answer.text
    assert "/tmp" not in answer.text


def test_a_file_that_is_too_large_is_refused(browser, monkeypatch):
    monkeypatch.setattr("modelwright.ui.forms.LARGEST_FILE", 10)
    monkeypatch.setattr("modelwright.ui.forms.LARGEST_FORM", 1 << 10)
    assert send(browser, b"x" * 4096).status_code == 413
    assert browser.post(HOME + "file", content=b"x").status_code == 400


def test_without_a_release_there_is_nothing_to_try(client):
    assert "Nothing answers yet" in client.get(HOME + "try").text


def test_from_elsewhere_only_those_who_signed_in_may_try(released, open_client):
    client = open_client(address="http://far.example")
    assert client.get(HOME + "try", follow_redirects=False).status_code == 303
    page = client.get("/sign-in").text
    fields = {"csrf": re.search(r'name="csrf" value="([^"]*)"', page)[1]}
    assert client.post(HOME + "try", data=ROW | fields).status_code == 403


@pytest.mark.parametrize("task", [MULTICLASS, REGRESSION], ids=lambda task: task.kind)
def test_other_tasks_are_answered_too(task, tmp_path):
    write_bundle(make_covered_bundle(task), tmp_path / "bundle")
    tried = Champion(read_bundle(tmp_path / "bundle")).answer(ROW)
    assert tried.word
    assert "In 90 of 100 such answers" in tried.beside
    assert len(tried.classes) == len(task.classes)
    assert tried.show_parts().rows
