import json
from dataclasses import replace

import msgspec
import numpy as np
import polars as pl
import pytest
from starlette.testclient import TestClient

from example_bundle import ROWS, SCHEMA
from modelwright.data.contracts.rules import contract_from
from modelwright.data.odcs.writer import write_contract
from modelwright.data.records import columns_from_records
from modelwright.data.schema import Column, Kind, Schema
from modelwright.errors import SchemaError
from modelwright.serving.answers.expectations import Expectations
from modelwright.serving.answers.intake import Intake
from modelwright.serving.app import Service
from modelwright.serving.duty import ALONE
from modelwright.serving.metrics import Memory, Metrics
from modelwright.serving.settings import Settings
from modelwright.workspace.ledger.ledger import Ledger
from modelwright.workspace.ledger.writer import LedgerWriter

EVERY = Schema(
    columns=(
        *SCHEMA,
        Column(name="note", kind=Kind.TEXT),
    )
)
TABLE = pl.DataFrame(
    {
        "age": [float(20 + n % 60) for n in range(600)],
        "member": [n % 2 == 0 for n in range(600)],
        "job": [("clerk", "cook", "smith")[n % 3] for n in range(600)],
        "seen": [f"2024-0{1 + n % 9}-01T10:00:00" for n in range(600)],
        "note": ["some words " * (1 + n % 3) for n in range(600)],
    }
)


@pytest.fixture(scope="module")
def contract() -> str:
    return write_contract(contract_from(TABLE, EVERY, title="people"))


def _found(contract: str, rows: list[dict]) -> list[tuple]:
    columns = columns_from_records(rows, EVERY)
    return [tuple(each) for each in Expectations(contract, EVERY).find_unexpected(columns)]


def test_a_contract_that_modelwright_wrote_is_understood(contract):
    rows = [*ROWS, dict.fromkeys(EVERY.names), {"age": 200}, {"job": "king"}, {"note": "x" * 99}]
    assert _found(contract, [{**row} for row in rows[:2]]) == []
    (age, job, seen, note) = _found(contract, rows)
    assert age[:2] == ("age", [5])
    assert age[2].startswith("at least 0 and at most 1")
    assert job == ("job", [6], "one of 'clerk', 'cook', 'smith'")
    assert (seen[0], seen[1]) == ("seen", [3])
    assert note[:2] == ("note", [7])


@pytest.mark.parametrize("text", ["", "{", "schema: []", "schema: [{properties: [1]}]", "\x00"])
def test_a_contract_that_cannot_be_read_expects_nothing(text):
    assert _found(text, [{"age": 1e300}]) == []


def test_the_unexpected_is_noted_in_a_header(bundle, contract):
    client = TestClient(Service(replace(bundle, contract_text=contract)))
    assert "contract-broken" not in client.post("/predict", json=ROWS[0]).headers
    sent = {"rows": [*ROWS[:2], {"age": 200, "job": "king"}, {"age": 300}]}
    answered = client.post("/predict", json=sent)
    assert answered.status_code == 200
    assert answered.headers["contract-broken"] == "age;rows=2, job;rows=1"
    assert "modelwright_contract_broken_rows_total 2" in client.get("/metrics").text
    alone = client.post("/predict", json=ROWS[0] | {"age": 200})
    assert alone.headers["contract-broken"] == "age;rows=1"
    assert "modelwright_contract_broken_rows_total 3" in client.get("/metrics").text


def test_the_unexpected_is_noted_once_its_row_is_logged(bundle, contract, tmp_path):
    with (
        Ledger.open(tmp_path / "ledger.db") as ledger,
        LedgerWriter(ledger, refuses=True, capacity_bytes=1) as writer,
    ):
        service = Service(replace(bundle, contract_text=contract), ledger_writer=writer)
        client = TestClient(service, raise_server_exceptions=False)
        refused = client.post("/predict", json=ROWS[0] | {"age": 200})
        assert (refused.status_code, "contract-broken" in refused.headers) == (503, False)
        assert "modelwright_contract_broken_rows_total 1" not in client.get("/metrics").text
        # Nothing is tried again until the usual way has found room.
        responder = service._responder(service.bundle, None)
        assert responder.respond_at_once(json.dumps(ROWS[0]).encode()) is None
        assert responder.respond_to_few_at_once(ROWS[:2], ["a", "b"], level=None) is None


def test_the_unexpected_is_refused_with_the_row_the_value_and_what_is_expected(bundle, contract):
    settings = Settings(contract="refuse")
    client = TestClient(Service(replace(bundle, contract_text=contract), settings))
    answered = client.post("/predict", json={"rows": [ROWS[0], {"age": 200}]})
    assert answered.status_code == 422
    assert answered.json()["error"].startswith(
        "In row 2: The field 'age' is 200. The contract expects at least 0 and at most 1"
    )
    assert "contract-broken" not in answered.headers


def test_what_is_refused_of_a_cell_of_several_numbers_is_the_cell():
    schema = Schema(columns=(Column(name="bp (2)", kind=Kind.NUMERIC, unit="2nd number"),))
    expects = {"properties": [{"name": "bp (2)", "logicalTypeOptions": {"maximum": 90}}]}
    text = msgspec.json.encode({"schema": [expects]}).decode()
    intake = Intake(schema, ALONE, Metrics(Memory()), contract=("refuse", text))
    with pytest.raises(SchemaError, match="The field 'bp \\(2\\)' is '120/95'"):
        intake([{"bp": "120/95"}])


def test_the_unexpected_may_be_ignored(bundle, contract):
    settings = Settings(contract="ignore")
    client = TestClient(Service(replace(bundle, contract_text=contract), settings))
    assert "contract-broken" not in client.post("/predict", json={"age": 200}).headers


def test_names_of_columns_in_a_header_are_plain_letters(bundle):
    name = "\u00e4lter, \u2205\r\nX: y"
    schema = Schema(columns=(Column(name=name, kind=Kind.NUMERIC),))
    text = msgspec.json.encode(
        {"schema": [{"properties": [{"name": name, "logicalTypeOptions": {"maximum": 1}}]}]}
    ).decode()
    found = Expectations(text, schema).find_unexpected({name: np.array([2.0])})
    assert [each.column for each in found] == [name]
    renamed = replace(
        bundle, contract_text=text.replace(msgspec.json.encode(name).decode(), '"age"')
    )
    client = TestClient(Service(renamed))
    assert client.post("/predict", json={"age": 2}).headers["contract-broken"] == "age;rows=1"
