"""What each command prints, for people and for scripts."""

import json
import shutil
import subprocess
import sys
import urllib.request
from pathlib import Path

import polars as pl
import pytest

from modelwright.data.checks.levels import Levels
from modelwright.data.checks.ranges import Range
from modelwright.data.contracts.contract import CheckReport, Contract, ContractColumn, check_table
from modelwright.data.odcs.writer import write_contract
from modelwright.data.schema import Column, Kind
from modelwright.documents import DOCUMENTS, read_document
from modelwright.workspace.folder import Workspace
from orders_example import TARGET


def _stored(name: str) -> object:
    return json.loads(Path("orders-model", f"{name}.json").read_text())


def test_run_prints_the_release(finished, call):
    done = call("run", "orders.csv", "--target", TARGET, "-w", "orders-model", "--json", "--quiet")
    assert (done.code, done.err) == (0, "")
    assert done.json == _stored("release")


def test_run_tells_people_what_to_do_next(finished, call):
    done = call("run", "-w", "orders-model")
    assert done.code == 0
    assert "modelwright serve --workspace orders-model" in done.out
    assert "stands" in done.err
    assert done.out.count("better than the baseline: ") == 1
    assert Path(done.out.partition("Report    ")[2].splitlines()[0]).is_file()


def test_build_and_deploy_print_what_they_wrote(finished, call):
    for room, document in (("build", "candidate"), ("deploy", "release")):
        done = call(room, "-w", "orders-model", "--json", "--quiet")
        assert (done.code, done.err) == (0, "")
        assert done.json == _stored(document)


@pytest.mark.parametrize("name", ["plan", "findings", "candidate", "release"])
def test_show_prints_a_document(name, finished, call):
    assert call("show", name, "-w", "orders-model", "--json").json == _stored(name)
    text = call("show", name, "-w", "orders-model").out
    assert text.lower().startswith(f"── {name}")
    read_document(DOCUMENTS[name], Workspace(Path("orders-model")))


def test_show_says_which_command_makes_what_is_not_there(finished, call):
    done = call("show", "health", "-w", "orders-model")
    assert done.code == 2
    assert "modelwright maintain --workspace orders-model" in done.sentence


def test_maintain_says_no_when_something_has_to_be_done(finished, call):
    done = call("maintain", "later.csv", "-w", "orders-model", "--json", "-q")
    assert (done.code, done.err) == (0, "")
    assert done.json == _stored("health")
    pl.read_csv("later.csv").with_columns(pl.col("amount") * 50).write_csv("dear.csv")
    done = call("maintain", "dear.csv", "-w", "orders-model", "-q")
    assert done.code == 1


def test_check_says_yes_no_or_that_it_could_not(finished, call):
    assert call("check", "later.csv", "-w", "orders-model").code == 0
    pl.read_csv("later.csv").with_columns(amount=pl.lit("dear")).write_csv("bad.csv")
    done = call("check", "bad.csv", "-w", "orders-model", "--json")
    assert done.code == 1
    assert not all(result["passed"] for result in done.json["results"])
    assert call("check", "none.csv", "-w", "orders-model").code == 2
    done = call("check", "later.csv", "--contract", "orders.csv")
    assert done.code == 2
    done = call("check", "later.csv", "--contract", "none.yaml")
    assert done.sentence.startswith("There is no contract none.yaml.")


def test_junit_does_not_tell_the_password_of_an_address(finished, call, monkeypatch):
    address = "postgresql://me:secret@host/shop"

    def check(_: str, rules: Contract, **__: object) -> CheckReport:
        return check_table(pl.read_csv("later.csv"), rules)

    monkeypatch.setattr("modelwright.data.pushed.check.check_database", check)
    assert call("check", address, "-w", "orders-model", "--junit", "report.xml").code == 0
    assert "secret" not in Path("report.xml").read_text()


def test_predict_writes_answers(finished, call):
    done = call("predict", "orders-model", "later.csv")
    assert (done.code, done.err) == (0, "")
    printed = pl.read_csv(done.out.encode())
    done = call("predict", "orders-model", "later.csv", "-o", "answers.parquet", "--json")
    bundle = _stored("release")["bundle_hash"]
    told = {"rows": 300, "output": "answers.parquet", "bundle": bundle}
    told |= {"set_aside": 0, "unanswered": 0, "resumed_at": 0, "broken": [], "refused": False}
    assert {**done.json, "seconds": 0} == {**told, "seconds": 0}
    stored = pl.read_parquet("answers.parquet")
    assert stored["prediction"].to_list() == printed["prediction"].to_list()
    done = call("predict", "orders-model", "later.csv", "-o", "answers.csv")
    assert (done.out, done.err) == ("", "300 rows answered: answers.csv\n")
    done = call("predict", "orders-model", "later.csv", "-o", "answers.csv", "--quiet")
    assert (done.out, done.err) == ("", "")


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["later.csv", "--json"], "--to FILE"),
        (["later.csv", "-o", "answers.txt"], "found '.txt'"),
        (["none.csv"], "There is no file none.csv"),
    ],
)
def test_predict_refuses(arguments, sentence, finished, call):
    done = call("predict", "orders-model", *arguments)
    assert (done.code, done.out) == (2, "")
    assert sentence in done.sentence


def test_report_prints_where_it_is(finished, call):
    written = call("report", "-w", "orders-model", "--json").json
    page = written["report"]
    told = call("report", "-w", "orders-model", "--language", "de").out
    assert told == "".join(f"{path}\n" for path in written.values())
    assert "Zusammenfassung" in Path(written["summary"]).read_text(encoding="utf-8")
    assert "**Freigegeben" in Path(written["markdown"]).read_text(encoding="utf-8")
    assert Path(page).read_text(encoding="utf-8").startswith("<!doctype html>")


def test_rollback_needs_a_release_before(finished, call):
    done = call("rollback", "-w", "orders-model", "--json")
    assert (done.code, done.out) == (2, "")
    assert "nothing to roll back to" in done.sentence


def test_served_predictions_get_their_labels(finished, call):
    """The way of a prediction: served, logged, labelled, judged."""
    command = [sys.executable, "-m", "modelwright", "serve", "-w", "orders-model"]
    server = subprocess.Popen(
        [*command, "--port", "0", "--json"], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    assert server.stdout is not None
    try:
        facts = json.loads(server.stdout.readline())
        assert facts["bundle"] == f"orders-model/{_stored('release')['bundle_path']}"
        answer = _post(facts["address"], {"rows": _rows(40), "ids": [f"n{i}" for i in range(40)]})
        assert len(answer["predictions"]) == 40
    finally:
        server.terminate()
        _, said = server.communicate(timeout=30)
    assert (server.returncode, said) == (0, b"")
    labels = pl.read_csv("later.csv").head(40).select(TARGET)
    labels.with_columns(id=pl.format("n{}", pl.int_range(pl.len()))).write_csv("labels.csv")
    done = call("label", "labels.csv", "-w", "orders-model", "--json")
    assert done.json == {"matched": 40, "corrected": 0, "unknown": 0, "outdated": 0}
    assert "40 labels joined" in call("label", "labels.csv", "-w", "orders-model").out
    Path("late.csv").write_text(f"id,{TARGET},seen\nn0,no,1577836800\n")
    told = call("label", "late.csv", "--time", "seen", "-w", "orders-model").out
    assert told.startswith("1 label joined, 0 of them corrections")
    assert "1 came before one that is there" in told
    health = call("maintain", "-w", "orders-model", "--json", "-q").json
    assert (health["rows"], health["labelled"]) == (40, 40)


def test_serve_refuses_what_is_no_bundle(finished, call):
    shutil.rmtree(Path("orders-model", "bundles"))
    done = call("serve", "-w", "orders-model")
    assert (done.code, done.out) == (2, "")
    assert "There is no bundle" in done.sentence
    assert call("serve", "orders.csv").code == 2


def _rows(count: int) -> list[dict[str, object]]:
    return pl.read_csv("later.csv").head(count).select("amount", "country", "items").to_dicts()


def _post(address: str, body: object) -> dict[str, list[object]]:
    request = urllib.request.Request(f"{address}/predict", json.dumps(body).encode())
    with urllib.request.urlopen(request, timeout=30) as response:
        return json.loads(response.read())


def test_check_writes_junit_and_failing_rows(finished, call, tmp_path):
    bad = pl.read_csv("orders.csv").with_columns(pl.col("amount") * -1_000)
    bad.write_csv(tmp_path / "bad.csv")
    done = call(
        *("check", tmp_path / "bad.csv", "-w", "orders-model", "--most", 7),
        *("--junit", tmp_path / "check.xml", "--failing-rows", tmp_path / "rows.parquet"),
    )
    assert done.code == 1
    assert 'failures="' in (tmp_path / "check.xml").read_text()
    rows = pl.read_parquet(tmp_path / "rows.parquet")
    assert rows.columns[:3] == ["row", "rule", "column"]
    assert rows.group_by("rule").len()["len"].max() == 7


def test_failing_rows_are_those_that_the_check_counts(call, tmp_path):
    """Neither totals below the rows nor rows of a rule that allows as many."""
    rows = "".join(f"{name},{number},x\n" for number, name in enumerate("abcdefghijklmno"))
    (tmp_path / "t.csv").write_text(f"name,v,w\n{rows}Total,105,\n")
    column = ContractColumn(
        column=Column(name="v", kind=Kind.NUMERIC), checks=(Range(column="v", maximum=12),)
    )
    few = Levels(column="name", levels=tuple("abcdefghijklm"), allowed_rows=2)
    named = ContractColumn(column=Column(name="name", kind=Kind.CATEGORICAL), checks=(few,))
    text = write_contract(Contract(id="t", title="t", columns=(column, named)))
    (tmp_path / "c.yaml").write_text(text)
    done = call(
        *("check", tmp_path / "t.csv", "--contract", tmp_path / "c.yaml", "--json"),
        *("--failing-rows", tmp_path / "rows.csv"),
    )
    assert done.code == 1
    assert pl.read_csv(tmp_path / "rows.csv")["v"].to_list() == [13, 14]


def test_failing_rows_have_two_forms_and_a_place(finished, call, tmp_path):
    done = call("check", "orders.csv", "-w", "orders-model", "--failing-rows", "rows.xlsx")
    assert "Rows cannot be written as 'rows.xlsx'. Say .csv or .parquet." in done.sentence
    done = call("check", "orders.csv", "-w", "orders-model", "--junit", tmp_path / "no" / "x.xml")
    assert "cannot be written: No such file" in done.sentence
