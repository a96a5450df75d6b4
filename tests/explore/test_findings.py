import gc

import numpy as np
import polars as pl
import pytest

from modelwright.compute.budget import Budget
from modelwright.data.odcs.reader import read_contract
from modelwright.data.schema import Role
from modelwright.documents import Findings, read_document, write_document
from modelwright.report.terminal.findings import findings_page
from modelwright.workspace.folder import Workspace

N = 2_000


@pytest.fixture
def table(rng):
    left = rng.random(N) < 0.3
    return pl.DataFrame(
        {
            "customer_id": [f"c-{i:05}" for i in range(N)],
            "age": rng.integers(18, 90, N),
            "plan": rng.choice(["basic", "gold"], N),
            "country": ["NL"] * N,
            "state": np.where(left, "gone", "here"),
            "left": left,
        }
    )


def test_findings_say_what_may_be_used(explore, table):
    findings = explore(table, "left")
    assert [column.name for column in findings.schema.features] == ["age", "plan"]
    assert findings.schema["state"].role == Role.IGNORED
    assert findings.schema["customer_id"].role == Role.ID
    assert [refusal.column for refusal in findings.refused] == ["customer_id", "country"]
    assert [leak.columns for leak in findings.leaks] == [("state",)]
    assert (findings.training_rows, findings.duplicate_rows) == (N, 0)
    assert {profile.name for profile in findings.profile} == set(table.columns)


def test_the_document_comes_back_from_the_workspace(explore, table, tmp_path):
    findings = explore(table, "left")
    workspace = Workspace.open(tmp_path / "workspace")
    write_document(findings, workspace)
    assert read_document(Findings, workspace) == findings


def test_the_contract_is_about_the_features(explore, table, tmp_path):
    findings = explore(table, "left")
    workspace = Workspace.open(tmp_path / "workspace")
    contract = read_contract(workspace.read_bytes(findings.contract_path).decode())
    assert contract.schema.names == ("age", "plan")
    assert contract.title == "t"


def test_the_same_seed_finds_the_same(explore, table):
    assert explore(table, "left") == explore(table, "left")


def test_nothing_is_foreseen_when_more_than_half_of_the_time_is_gone(explore, table):
    late = Budget(1.0, started=0.0, clock=lambda: 0.6)
    findings = explore(table, "left", budget=late)
    assert findings.outlook is None
    assert findings.hurried
    assert "`modelwright explore` takes the time." in findings.unforeseen
    assert any("Worth it" in line for line in findings_page(findings))
    assert findings.leaks
    assert findings.problems[-1].name == "not looked for"


def test_no_row_is_kept_once_the_findings_are_made(explore, table):
    def held():
        gc.collect()
        return sum(isinstance(each, pl.DataFrame) for each in gc.get_objects())

    before = held()
    findings = explore(table, "left")
    assert findings.training_rows == N
    assert held() == before


def test_what_the_brief_keeps_stays_a_feature(explore, table):
    findings = explore(table, "left", keep=("state",))
    assert "state" in [column.name for column in findings.schema.features]
    assert findings.leaks[0].verdict == "suspicious"


@pytest.mark.parametrize("target", [[1.5, 2.5, 9.0, None], ["a", "b", "a", None]])
def test_tiny_tables_are_no_obstacle(explore, target):
    table = pl.DataFrame({"x": [1.0, None, 3.0, 4.0], "w": ["p", "q", None, "p"], "y": target})
    assert explore(table, "y").training_rows == 4


@pytest.mark.parametrize("kind", ["binary", "multiclass", "regression"])
@pytest.mark.parametrize("missing", [0.0, 0.3])
def test_every_kind_of_column_meets_every_task(explore, rng, kind, missing):
    rows = 400
    y = {
        "binary": rng.random(rows) < 0.5,
        "multiclass": rng.choice([f"k{i}" for i in range(40)], rows),
        "regression": rng.normal(size=rows),
    }[kind]
    table = pl.DataFrame(
        {
            "number": rng.normal(size=rows),
            "word": rng.choice(["a", "b"], rows),
            "truth": rng.random(rows) < 0.5,
            "moment": pl.Series(rng.integers(0, 10**15, rows)).cast(pl.Datetime("us")),
            "text": [" ".join(rng.choice(["red", "blue", "sky"], 9)) for _ in range(rows)],
            "infinite": np.where(rng.random(rows) < 0.1, np.inf, rng.normal(size=rows)),
        }
    ).with_columns(pl.when(pl.Series(rng.random(rows) >= missing)).then(pl.all()))
    findings = explore(table.with_columns(y=pl.Series(y)), "y", kind=kind)
    assert len(findings.schema.features) == 6
    assert not [leak for leak in findings.leaks if leak.verdict == "certain"]


def test_nothing_left_is_a_problem_and_no_crash(explore, rng):
    left = rng.random(N) < 0.3
    table = pl.DataFrame({"state": np.where(left, "gone", "here"), "left": left})
    findings = explore(table, "left")
    assert not findings.schema.features
    assert "nothing left" in [problem.name for problem in findings.problems]
