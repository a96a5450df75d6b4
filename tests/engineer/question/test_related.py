"""Related tables from the brief to the answer of a server, and nothing of the future in them."""

import json
import sqlite3
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from importlib import import_module
from pathlib import Path

import msgspec
import numpy as np
import polars as pl
import psycopg
import pytest
from polars.testing import assert_frame_equal

from modelwright.data.relations.dialect import DIALECTS
from modelwright.data.relations.table import RelatedSource
from modelwright.data.relations.widen import add_features
from modelwright.data.sources.open import open_source
from modelwright.documents import Brief, Candidate, Findings, read_document
from modelwright.engineer.batch.answers import predict_table
from modelwright.engineer.project import Project
from modelwright.engineer.question.brief_file import brief_of, fields_of
from modelwright.engineer.question.pushed_features import pushed_features
from modelwright.engineer.question.related import parse_related
from modelwright.engineer.question.revision import revise
from modelwright.errors import BriefError, InputError, SchemaError, SourceError
from modelwright.predictor.bundle import Bundle
from modelwright.predictor.bundle_folder import read_bundle
from modelwright.report.page import write_report
from modelwright.serving.app import Service, create_app
from modelwright.serving.features.source import FeatureSource
from modelwright.serving.settings import Settings
from modelwright.tasks.figures import figure
from orders_example import choose_scheme
from throwaway_postgresql import run_server

with warnings.catch_warnings():
    warnings.filterwarnings("ignore", message=".*httpx", category=UserWarning)
    from starlette.testclient import TestClient

START = datetime(2024, 1, 1)  # noqa: DTZ001
ROWS = 900


def shop(folder: Path) -> None:
    """Write customers who leave when they bought little before they were asked about.

    What they buy afterwards tells the answer wholly: it must not be used.
    """
    draw = np.random.default_rng(3)
    asked = [START + timedelta(days=100 + int(day)) for day in draw.integers(0, 60, ROWS)]
    before = draw.poisson(4, ROWS)
    country = draw.choice(["DE", "FR", "IT"], ROWS)
    leaves = draw.random(ROWS) < 1 / (1 + np.exp(1.2 * (before - 4) + 4 * (country == "DE") - 1))
    pl.DataFrame(
        {
            "customer": [f"C{number:04}" for number in range(ROWS)],
            "asked_at": asked,
            "country": country,
            "leaves": np.where(leaves, "yes", "no"),
        }
    ).write_csv(folder / "customers.csv")
    orders: list[tuple[str, datetime, float, str]] = []
    for number in range(ROWS):
        after = 0 if leaves[number] else 5
        for _ in range(before[number]):
            at = asked[number] - timedelta(hours=float(draw.integers(1, 2000)))
            orders.append((f"C{number:04}", at, float(draw.integers(5, 90)), "web"))
        for late in range(after):
            at = asked[number] + timedelta(hours=late)
            orders.append((f"C{number:04}", at, 50.0, "shop"))
    names = ["customer", "at", "amount", "channel"]
    pl.DataFrame(orders, schema=names, orient="row").write_csv(folder / "orders.csv")


def _call(command: object, *arguments: object) -> object:
    called = import_module(f"modelwright.cli.{command}").command
    return called.main([str(each) for each in arguments], standalone_mode=False)


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    folder = tmp_path_factory.mktemp("shop")
    shop(folder)
    project = Project.create(
        folder / "model",
        data=str(folder / "customers.csv"),
        target="leaves",
        moment="asked_at",
        budget="5m",
        related={"orders": {"data": str(folder / "orders.csv")}},
    )
    project.plan()
    choose_scheme(project.workspace, "readable")
    project.run()
    return project


@pytest.fixture(scope="module")
def bundle(project: Project) -> Bundle:
    (folder,) = (project.workspace.path / "bundles").iterdir()
    return read_bundle(folder)


def test_the_history_pays_and_the_future_is_not_used(project: Project) -> None:
    findings = read_document(Findings, project.workspace)
    assert [relation.name for relation in findings.relations] == ["orders"]
    assert findings.features.features
    assert findings.requests[0].kept
    first = findings.requests[0].gain
    assert first is not None
    assert first.low > 0
    assert first.level > 0.95
    assert "orders" in [worth.table for worth in findings.supplied if worth.pays]
    score = read_document(Candidate, project.workspace).evaluation.score.value
    assert findings.outlook is not None, "foreseen with the features"
    assert findings.outlook.expected[-1].score.low > 0.7
    # Who counts the orders of the time after is right about nearly everyone.
    assert 0.8 < score < 0.98


def test_whether_the_holdout_can_show_the_gain_is_judged_with_the_features(tmp_path: Path) -> None:
    shop(tmp_path)
    rows = pl.read_csv(tmp_path / "customers.csv")
    rows = rows.with_columns(pl.col("country").shuffle(seed=1))  # alone it tells nothing now
    rows.write_csv(tmp_path / "customers.csv")
    findings = Project.create(
        tmp_path / "model",
        data=str(tmp_path / "customers.csv"),
        target="leaves",
        moment="asked_at",
        budget="60s",
        related={"orders": {"data": str(tmp_path / "orders.csv")}},
    ).explore()
    assert findings.features.features
    assert findings.outlook is not None
    (small,) = (each for each in findings.problems if each.name == "small holdout")
    assert f"gains {figure(findings.outlook.gain.value, 3)} over" in small.sentence


def test_a_server_answers_raw_related_rows_as_a_batch_is_answered(
    project: Project, bundle: Bundle
) -> None:
    folder = project.workspace.path.parent
    rows = pl.read_csv(folder / "customers.csv").head(40)
    orders = pl.read_csv(folder / "orders.csv")
    table = add_features(rows, bundle.features, {"orders": orders})
    wanted = predict_table(bundle, table)["probability_yes"].to_list()
    client = TestClient(create_app(bundle))
    sent = rows.drop("leaves").to_dicts()
    batch = client.post("/predict", json={"rows": sent, "related": {"orders": orders.to_dicts()}})
    answers = [each["probabilities"]["yes"] for each in batch.json()["predictions"]]
    assert answers == pytest.approx(wanted, abs=1e-12)
    own = orders.filter(pl.col("customer") == sent[0]["customer"]).to_dicts()
    one = client.post("/predict", json={"row": sent[0], "related": {"orders": own}})
    assert one.json()["predictions"][0]["probabilities"]["yes"] == answers[0]


def test_a_server_takes_features_that_are_computed_already(
    project: Project, bundle: Bundle
) -> None:
    client = TestClient(create_app(bundle))
    computed = dict.fromkeys(bundle.features.names, 1.0)
    assert client.post("/predict", json=computed | {"country": "DE"}).status_code == 200


def test_a_server_names_what_is_wrong_with_related_rows(bundle: Bundle) -> None:
    client = TestClient(create_app(bundle))
    row = {"customer": "C0001", "asked_at": "2024-05-01", "country": "DE"}

    def said(body: object) -> str:
        answer = client.post("/predict", json=body)
        assert answer.status_code == 422
        return str(answer.json()["error"])

    assert "no related table 'order'" in said({"row": row, "related": {"order": []}})
    assert "no field 'customer'" in said({"row": {"country": "DE"}, "related": {"orders": []}})
    assert "no field 'at'" in said({"row": row, "related": {"orders": [{"customer": "C0001"}]}})
    assert "lists of rows" in said({"row": row, "related": []})
    assert "RowWithRelated" in json.dumps(client.get("/openapi.json").json())


def test_new_rows_are_judged_and_predicted_with_the_related_tables(
    project: Project, bundle: Bundle, tmp_path: Path
) -> None:
    folder = project.workspace.path.parent
    assert project.maintain(str(folder / "customers.csv")).rows == ROWS
    with pytest.raises(SchemaError, match="related table 'orders' is not given"):
        add_features(pl.read_csv(folder / "customers.csv"), bundle.features, {})
    data, out = folder / "customers.csv", tmp_path / "a.csv"
    related = ["--related", f"orders={folder / 'orders.csv'}"]
    assert _call("predict", project.workspace.path, data, *related, "-o", out) == 0
    assert pl.read_csv(tmp_path / "a.csv").height == ROWS
    # Where nobody names them, they are those of the workspace.
    assert _call("predict", project.workspace.path, data, "-o", tmp_path / "b.csv") == 0
    assert pl.read_csv(tmp_path / "b.csv").equals(pl.read_csv(out))


def _predict_pushed(project: Project, address: str, folder: Path) -> tuple[Path, Path]:
    """Predict rows of a database twice: related tables read here, and features computed there."""
    rows = ["predict", project.workspace.path, address, "--table", "customers"]
    orders = project.workspace.path.parent / "orders.csv"
    here, there = folder / "here.csv", folder / "there.csv"
    assert _call(*rows, "--related", f"orders={orders}", "-o", here) == 0
    assert _call(*rows, "--related", f"orders={address}", "--pushed", "-o", there) == 0
    return here, there


def _assert_same(here: Path, there: Path) -> None:
    local, pushed = (pl.read_csv(each).sort("customer") for each in (here, there))
    assert local.height == ROWS
    assert set(local.columns) == set(pushed.columns)
    assert_frame_equal(local, pushed.select(local.columns), check_dtypes=False, rel_tol=1e-9)


def _assert_served(
    bundle: Bundle, address: str, here: Path, *, between: Callable[[], object] = lambda: None
) -> None:
    """A server that asks the database answers rows without features as `predict` does."""
    wanted = pl.read_csv(here).head(250)
    rows = wanted.select("customer", "asked_at", "country").to_dicts()
    service = Service(bundle, Settings(features=FeatureSource(address, seconds=60)))
    client = TestClient(service)
    answers = client.post("/predict", json={"rows": rows}).json()["predictions"]
    made = [each["probabilities"]["yes"] for each in answers]
    assert made == pytest.approx(wanted["probability_yes"].to_list(), rel=1e-9)
    between()
    again = client.post("/predict", json={"rows": rows}).json()["predictions"]
    assert [each["answer"] for each in again] == [each["answer"] for each in answers]
    service.close()


def _assert_built(project: Project, address: str, kind: str) -> None:
    """What the database computes for the build is what is computed here."""
    findings = read_document(Findings, project.workspace)
    frames = {
        name: open_source(address, table=name).read().sample(fraction=1.0, shuffle=True, seed=0)
        for name in ("customers", "orders")
    }
    customers, orders = (
        msgspec.structs.replace(findings.plan.table, database=kind, table=name) for name in frames
    )
    plan = msgspec.structs.replace(findings.plan, table=customers, related={"orders": orders})
    said = {"orders": RelatedSource(data=address, table="orders")}
    brief = Brief(data=address, table="customers", target="leaves", related=said, pushed=True)
    rows, features = frames["customers"].head(700), findings.features
    made = pushed_features(rows, features, plan, brief=brief, folder=Path())
    local = add_features(rows, features, frames).select(features.names)
    assert_frame_equal(made, local, rel_tol=1e-9)
    new = pl.concat([rows, rows.head(1).with_columns(customer=pl.lit("C9999"))])
    with pytest.raises(SourceError, match="no features for 1 keys"):
        pushed_features(new, features, plan, brief=brief, folder=Path())
    elsewhere = msgspec.structs.replace(brief, related={"orders": RelatedSource(data="a.csv")})
    with pytest.raises(BriefError, match=r"'orders' is in .*a\.csv, not in"):
        pushed_features(rows, features, plan, brief=elsewhere, folder=Path())


def test_sqlite_computes_features_where_the_rows_are(
    project: Project, bundle: Bundle, tmp_path: Path
) -> None:
    with sqlite3.connect(tmp_path / "shop.db") as connection:
        for statement in _tables(project, "?"):
            connection.execute(statement.create)
            connection.executemany(statement.insert, statement.rows)
    here, there = _predict_pushed(project, str(tmp_path / "shop.db"), tmp_path)
    _assert_same(here, there)
    _assert_served(bundle, str(tmp_path / "shop.db"), here)
    _assert_built(project, str(tmp_path / "shop.db"), "sqlite")


def test_postgresql_computes_features_where_the_rows_are(
    project: Project, bundle: Bundle, tmp_path: Path
) -> None:
    with run_server() as server, psycopg.connect(server.url(), autocommit=True) as connection:
        for statement in _tables(project, "%s"):
            connection.execute(statement.create.encode())
            with connection.cursor() as cursor:
                cursor.executemany(statement.insert.encode(), statement.rows)
        here, there = _predict_pushed(project, server.url(), tmp_path)
        _assert_same(here, there)
        # What was connected is cut off, as by a server that was started anew.
        cut = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()"
        _assert_served(bundle, server.url(), here, between=lambda: connection.execute(cut))
        _assert_built(project, server.url(), "postgresql")


def test_what_no_database_can_compute_is_refused(project: Project, tmp_path: Path) -> None:
    folder = project.workspace.path.parent
    command = ["predict", project.workspace.path]
    with pytest.raises(BriefError, match="no table or query of a database"):
        _call(*command, folder / "customers.csv", "--pushed")
    with sqlite3.connect(tmp_path / "shop.db") as connection:
        connection.execute("CREATE TABLE customers (customer)")
    with pytest.raises(BriefError, match="'orders' is not in"):
        _call(*command, tmp_path / "shop.db", "--table", "customers", "--pushed")


@dataclass(frozen=True)
class _Table:
    create: str
    insert: str
    rows: list[tuple[object, ...]]


def _tables(project: Project, mark: str) -> list[_Table]:
    made = []
    for name in ("customers", "orders"):
        frame = pl.read_csv(project.workspace.path.parent / f"{name}.csv")
        kinds = {"amount": "float8", "at": "timestamp", "asked_at": "timestamp"}
        columns = ", ".join(f"{each} {kinds.get(each, 'text')}" for each in frame.columns)
        marks = ", ".join([mark] * frame.width)
        create, insert = f"CREATE TABLE {name} ({columns})", f"INSERT INTO {name} VALUES ({marks})"
        made.append(_Table(create, insert, frame.rows()))
    return made


def test_the_command_prints_the_list_and_the_query(
    project: Project, capsys: pytest.CaptureFixture[str]
) -> None:
    path = str(project.workspace.path)
    assert _call("features", "-w", path) == 0
    told = capsys.readouterr().out
    assert "1. orders" in told
    assert "Worth of what is supplied" in told
    for dialect in ("duckdb", "postgresql", "sqlite"):
        assert _call("features", "-w", path, "--sql", dialect, "--main", "crm.asked") == 0
        assert '"crm"."asked"' in capsys.readouterr().out
    with pytest.raises(InputError, match="no dialect"):
        _call("features", "-w", path, "--sql", "oracle")


def test_requests_are_written_for_the_database_of_the_rows(project: Project) -> None:
    findings = read_document(Findings, project.workspace)
    plan = findings.plan
    assert plan.home.dialect == "duckdb", "files"
    with sqlite3.connect(":memory:") as connection:
        folder = project.workspace.path.parent
        for name, table in (("customers", "crm people"), ("orders", "Bestellungen")):
            frame = pl.read_csv(folder / f"{name}.csv")
            marks = ", ".join("?" * frame.width)
            columns = ", ".join(f'"{column}"' for column in frame.columns)
            connection.execute(f'CREATE TABLE "{table}" ({columns})')
            connection.executemany(f'INSERT INTO "{table}" VALUES ({marks})', frame.rows())
        there = msgspec.structs.replace(
            plan,
            table=msgspec.structs.replace(plan.table, database="sqlite", table="crm people"),
            related={
                "orders": msgspec.structs.replace(
                    plan.related["orders"],
                    database="sqlite",
                    query="SELECT * FROM Bestellungen",
                )
            },
        )
        for request in findings.requests:
            asked = findings.features.reading(
                tuple(each for each in findings.features.features if each.name in request.features)
            )
            made = connection.execute(there.home.query(asked)).fetchall()
            assert len(made) == ROWS


def test_the_report_shows_what_related_tables_gain(project: Project) -> None:
    text = write_report(project.workspace).read_text(encoding="utf-8")
    assert "Related tables" in text
    assert "orders: counts and recency" in text


def test_a_changed_related_table_is_another_question(project: Project) -> None:
    orders = project.workspace.path.parent / "orders.csv"
    before, text = Project.open(project.workspace.path)._chain.asked(), orders.read_text()
    try:
        orders.write_text(text + "C0001,2024-01-01T00:00:00.000000,1.0,web\n")
        assert Project.open(project.workspace.path)._chain.asked() != before
    finally:
        orders.write_text(text)
    assert Project.open(project.workspace.path)._chain.asked() == before


def test_the_brief_keeps_related_tables_short_and_joins_them_by_name() -> None:
    brief = brief_of(
        {
            "data": "a.csv",
            "target": "t",
            "related": {"orders": {"data": "o.csv", "key": "id = customer", "delay": "1d"}},
        }
    )
    assert fields_of(brief)["related"] == {
        "orders": {"data": "o.csv", "key": "id = customer", "delay": "1d"}
    }
    again = revise(brief, {"related": {"orders": {"data": "new.csv"}, "b": {"data": "b.csv"}}})
    assert again.related["orders"].key == "id = customer"
    assert again.related["orders"].data == "new.csv"
    assert set(again.related) == {"orders", "b"}


@pytest.mark.parametrize(
    ("said", "message"),
    [
        ({"data": "o.csv", "tiem": "at"}, "Did you mean 'time'"),
        ({"data": "postgresql://me:secret@host/shop"}, "holds a password"),
        ({"data": "o.csv", "delay": "soon"}, "soon"),
    ],
)
def test_what_is_wrong_with_a_related_table_is_told(said: dict[str, str], message: str) -> None:
    with pytest.raises(BriefError, match=message):
        brief_of({"data": "a.csv", "target": "t", "related": {"orders": said}})


def test_a_related_table_that_cannot_be_opened_is_not_kept(tmp_path: Path) -> None:
    asked = {"data": "/a.csv", "target": "late"}
    for data in (str(tmp_path / "none.csv"), str(tmp_path / "none.db")):
        with pytest.raises(SourceError, match="none"):
            Project.ask(tmp_path / "model", {**asked, "related": {"orders": {"data": data}}})
    assert not (tmp_path / "model").exists()


def test_a_related_table_needs_a_name() -> None:
    with pytest.raises(BriefError, match="has no name"):
        parse_related("orders.csv")


def test_the_set_of_a_bundle_is_plain_data(bundle: Bundle) -> None:
    again = msgspec.json.decode(msgspec.json.encode(bundle.features), type=type(bundle.features))
    assert again == bundle.features
    assert set(bundle.features.sql) == set(DIALECTS)
