"""A server that asks a database for the features of the rows that it is sent."""

import sqlite3
import sys
import time
import warnings
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pytest

from example_bundle import BINARY, make_bundle
from modelwright.data.records import columns_from_records
from modelwright.data.relations.feature import Feature, FeatureSet
from modelwright.data.relations.keys import key_column
from modelwright.data.relations.relation import Relation
from modelwright.data.schema import Column, Kind, Schema
from modelwright.errors import InputError, MissingDependencyError, ServiceError
from modelwright.predictor.bundle import Bundle
from modelwright.predictor.cases import recorded_cases
from modelwright.predictor.operations.answers import Link
from modelwright.predictor.operations.linear import Columns, Linear
from modelwright.predictor.operations.numbers import Impute
from modelwright.predictor.program import Input, Program
from modelwright.predictor.reference.reference import reference_of
from modelwright.serving.app import Service
from modelwright.serving.features.database import open_database
from modelwright.serving.features.desk import check_features
from modelwright.serving.features.source import FeaturePolicy, FeatureSource
from modelwright.serving.flags import FLAGS, settings_of
from modelwright.serving.settings import Settings

with warnings.catch_warnings():
    warnings.filterwarnings("ignore", message=".*httpx", category=UserWarning)
    from starlette.testclient import TestClient

WHO = key_column(Column(name="customer", kind=Kind.ID, source_type="Int64"))
RELATION = Relation(
    name="orders",
    table="orders",
    columns=("customer",),
    keys=("customer",),
    moment="asked_at",
    time="at",
    schema=Schema(
        columns=(
            WHO,
            Column(name="at", kind=Kind.DATETIME),
            Column(name="amount", kind=Kind.NUMERIC),
        )
    ),
    asked=Schema(columns=(WHO, Column(name="asked_at", kind=Kind.DATETIME))),
)
FEATURES = FeatureSet(
    relations=(RELATION,),
    features=(
        Feature(relation="orders", aggregate="count"),
        Feature(relation="orders", aggregate="sum", column="amount"),
    ),
)
ORDERS = [
    {"customer": number % 4, "at": f"2024-01-{1 + number:02} 10:00:00", "amount": number + 0.5}
    for number in range(20)
]
ROW = {"customer": "3", "asked_at": "2024-01-12 10:00:00", "age": 39}


def _bundle() -> Bundle:
    schema = Schema(
        columns=(
            Column(name="age", kind=Kind.NUMERIC),
            *(each.schema_column for each in FEATURES.features),
        )
    )
    program = Program(
        task=BINARY,
        inputs=tuple(Input(name=column.name, type="number") for column in schema),
        steps=(
            Columns(inputs=tuple(f"column:{name}" for name in schema.names), output="numbers"),
            Impute(inputs=("numbers",), output="filled", fill=np.array([40.0, 9.0, 9.0])),
            Linear(
                inputs=("filled",),
                output="raw",
                weights=np.array([[0.01], [0.2], [-0.03]]),
                bias=np.zeros(1),
            ),
            Link(inputs=("raw",), output="answer", kind="sigmoid"),
        ),
        answer="answer",
    )
    rows = [{"age": 30}, {"age": 40, "orders.count": 2.0, "orders.amount.sum": 9.5}]
    columns = columns_from_records(rows, schema)
    return replace(
        make_bundle(),
        program=program,
        schema=schema,
        features=FEATURES,
        reference=reference_of(columns, schema, program.run(columns), BINARY),
        cases=recorded_cases(program, rows, schema),
    )


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    with sqlite3.connect(tmp_path / "shop.db") as connection:
        connection.execute("CREATE TABLE orders (customer INTEGER, at TEXT, amount REAL)")
        connection.executemany("INSERT INTO orders VALUES (:customer, :at, :amount)", ORDERS)
    connection.close()
    return tmp_path / "shop.db"


Ask = Callable[..., TestClient]


@pytest.fixture
def serve(shop: Path) -> Iterator[Ask]:
    services = []

    def start(policy: FeaturePolicy = "refuse", *, seconds: float = 20.0) -> TestClient:
        source = FeatureSource(str(shop), seconds=seconds, when_it_fails=policy)
        services.append(Service(_bundle(), Settings(features=source)))
        return TestClient(services[-1], raise_server_exceptions=False)

    yield start
    for service in services:
        service.close()


def _change(shop: Path, *statements: str) -> None:
    with sqlite3.connect(shop) as connection:
        for statement in statements:
            connection.execute(statement)
    connection.close()


def _yes(answer: Any) -> float:
    assert answer.status_code == 200, answer.text
    return float(answer.json()["predictions"][0]["probabilities"]["yes"])


def test_a_row_needs_only_its_key_and_its_moment_on_every_route(serve: Ask) -> None:
    client = serve()
    wanted = _yes(client.post("/predict", json={"row": ROW, "related": {"orders": ORDERS}}))
    assert _yes(client.post("/predict", json=ROW)) == pytest.approx(wanted)
    explained = client.post("/explain", json=ROW)
    assert explained.status_code == 200, explained.text
    assert explained.json()["value"] == pytest.approx(wanted)
    assert client.post("/invocations", json={"instances": [ROW]}).status_code == 200
    tensors = [
        {"name": name, "shape": [1], "datatype": datatype, "data": [ROW[name]]}
        for name, datatype in (("customer", "BYTES"), ("asked_at", "BYTES"), ("age", "FP64"))
    ]
    inferred = client.post("/v2/models/left/infer", json={"inputs": tensors})
    assert inferred.status_code == 200, inferred.text
    lines = msgspec.json.encode(ROW) + b"\n" + msgspec.json.encode(ROW | {"customer": 1}) + b"\n"
    file = client.post(
        "/predict/batch", content=lines, headers={"content-type": "application/x-ndjson"}
    )
    first = msgspec.json.decode(file.content.splitlines()[0])
    assert first["probabilities"]["yes"] == pytest.approx(wanted)
    described = client.get("/openapi.json").json()["components"]["schemas"]
    assert {*ROW, *FEATURES.names} == set(described["Row"]["properties"])
    assert client.get("/").json().keys() <= described["About"]["properties"].keys()
    told = client.get("/metrics").text.splitlines()
    assert next(line for line in told if line.startswith("modelwright_feature_queries")) == (
        "modelwright_feature_queries_total 5.0"
    )


def test_many_rows_are_asked_for_in_pieces(serve: Ask) -> None:
    rows = [ROW | {"customer": number % 5} for number in range(450)]
    client = serve()
    asked = client.post("/predict", json={"rows": rows}).json()["predictions"]
    sent = {"rows": rows, "related": {"orders": ORDERS}}
    wanted = client.post("/predict", json=sent).json()["predictions"]
    assert [each["probabilities"] for each in asked] == [each["probabilities"] for each in wanted]


def test_rows_that_have_all_need_no_database(serve: Ask, shop: Path) -> None:
    client = serve()
    _change(shop, "DROP TABLE orders")
    computed = {"age": 39, "orders.count": 2, "orders.amount.sum": 9}
    assert client.post("/predict", json=computed).status_code == 200
    assert client.post("/predict", json=computed | ROW).status_code == 200
    related = {"row": ROW, "related": {"orders": ORDERS}}
    assert client.post("/predict", json=related).status_code == 200


def test_a_row_without_a_key_is_refused_and_one_with_none_has_no_features(serve: Ask) -> None:
    client = serve()
    answer = client.post("/predict", json={"age": 39, "asked_at": "2024-01-12"})
    assert answer.status_code == 422
    assert "no field 'customer'" in answer.json()["error"]
    nobody = _yes(client.post("/predict", json=ROW | {"customer": None}))
    sent = {"row": ROW | {"customer": None}, "related": {"orders": ORDERS}}
    assert nobody == _yes(client.post("/predict", json=sent))


def test_a_database_that_fails_is_told_without_saying_where_it_is(serve: Ask, shop: Path) -> None:
    client = serve()
    _change(shop, "ALTER TABLE orders RENAME TO bookings")
    answer = client.post("/predict", json=ROW)
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "1")
    assert "refused the query" in answer.json()["error"]
    assert str(shop) not in answer.text
    told = client.get("/metrics").text
    assert "modelwright_feature_faults_total 1" in told
    assert "modelwright_features_failing 1" in told
    assert client.get("/").json()["features"] == "failing"
    assert client.get("/v2/health/ready").status_code == 200
    lines = client.post(
        "/predict/batch",
        content=msgspec.json.encode(ROW),
        headers={"content-type": "application/x-ndjson"},
    )
    assert "refused the query" in lines.text


def test_a_server_may_be_unready_until_the_database_answers_again(serve: Ask, shop: Path) -> None:
    client = serve("unready")
    _change(shop, "ALTER TABLE orders RENAME TO bookings")
    assert client.get("/v2/health/ready").status_code == 200
    assert client.post("/predict", json=ROW).status_code == 503
    assert client.get("/v2/health/ready").status_code == 503
    assert client.get("/v2/health/live").status_code == 200
    _change(shop, "ALTER TABLE bookings RENAME TO orders")
    until = time.monotonic() + 60
    while client.get("/v2/health/ready").status_code != 200:
        assert time.monotonic() < until
        time.sleep(0.05)
    assert client.post("/predict", json=ROW).status_code == 200


def test_a_query_that_takes_too_long_is_ended(serve: Ask, shop: Path) -> None:
    endless = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n)"
    view = f"CREATE VIEW orders AS {endless} SELECT i AS customer, '2024' AS at, i AS amount FROM n"
    _change(shop, "DROP TABLE orders", view)
    answer = serve(seconds=0.1).post("/predict", json=ROW)
    assert answer.status_code == 503
    assert "has not answered within 0.1 seconds" in answer.json()["error"]


def test_the_database_is_only_read(shop: Path) -> None:
    session = open_database(f"sqlite:///{shop}", seconds=5).connect()
    with pytest.raises(ServiceError, match="refused"):
        session.ask("DELETE FROM orders", [])
    session.close()


def test_what_cannot_be_asked_is_told_before_it_is_served(
    shop: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    check_features(FeatureSource(str(shop)), _bundle())
    with pytest.raises(ServiceError, match="say what one is"):
        check_features(FeatureSource(str(shop), {"orders": "crm orders"}), _bundle())
    (tmp_path / "shop.csv").write_text("customer,at\n")
    for address, message in (
        (str(tmp_path / "shop.csv"), "neither a DuckDB nor a SQLite"),
        (str(tmp_path / "no.db"), "cannot be opened"),
        ("oracle://me@host/shop", "Nothing asks oracle"),
        ("postgresql://me@127.0.0.1:1/shop", "does not answer"),
    ):
        with pytest.raises(ServiceError, match=message):
            check_features(FeatureSource(address), _bundle())
    for module, address, extra in (
        ("psycopg", "postgresql://me@host/shop", "'modelwright\\[postgresql\\]'"),
        ("pymysql", "mysql://me@host/shop", "'modelwright\\[mysql\\]'"),
    ):
        monkeypatch.setitem(sys.modules, module, None)
        with pytest.raises(MissingDependencyError, match=extra):
            open_database(address, seconds=1)


def test_the_command_line_names_the_database_and_its_tables() -> None:
    usual = {flag.field: flag.default for flag in FLAGS}
    given = usual | {"features_from": "shop.db", "feature_table": ["orders=crm.orders"]}
    features = settings_of(given, {}).features
    assert features is not None
    assert features.tables == {"orders": "crm.orders"}
    assert "shop.db" not in repr(features)
    for wrong in ({"feature_table": ["orders=o"]}, {"features_from": "a", "feature_table": ["o"]}):
        with pytest.raises(InputError):
            settings_of(usual | wrong, {})
