import csv
import io
import json
from datetime import datetime

import pytest
from starlette.testclient import TestClient

from example_bundle import MULTICLASS, REGRESSION, ROWS
from modelwright.serving.app import Service, create_app
from modelwright.serving.limits import Limits
from modelwright.serving.rows.sheets.pieces import open_pieces
from modelwright.serving.rows.sheets.sheet import Sheet
from modelwright.serving.rows.upload import CSV, LINES, PARQUET, in_pieces, open_rows
from modelwright.workspace.ledger.ledger import Ledger
from modelwright.workspace.ledger.writer import LedgerWriter
from wire import with_server

CSV_TYPE, LINES_TYPE = {"content-type": CSV}, {"content-type": LINES}


def _csv(rows: list[dict]) -> bytes:
    text = io.StringIO()
    writer = csv.DictWriter(text, [*rows[0]])
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()


def _lines(rows: list[dict]) -> bytes:
    return b"".join(json.dumps(row).encode() + b"\n" for row in rows)


def _read_csv(body: bytes) -> list[dict[str, str]]:
    return [*csv.DictReader(io.StringIO(body.decode()))]


def _read_lines(body: bytes) -> list[dict]:
    return [json.loads(line) for line in body.splitlines()]


def test_every_kind_of_file_gets_the_answers_of_single_rows(client):
    arrow = pytest.importorskip("pyarrow")
    parquet = pytest.importorskip("pyarrow.parquet")
    expected = [client.post("/predict", json=row).json()["predictions"][0] for row in ROWS]
    file = io.BytesIO()
    seen = [row["seen"] and datetime.fromisoformat(row["seen"]) for row in ROWS]
    typed = [{**row, "seen": moment} for row, moment in zip(ROWS, seen, strict=True)]
    parquet.write_table(arrow.Table.from_pylist(typed), file)
    files = {CSV: _csv(ROWS), LINES: _lines(ROWS), PARQUET: file.getvalue()}
    for kind, body in files.items():
        sent = {"content-type": kind, "accept": LINES}
        answered = client.post("/predict/batch", content=body, headers=sent)
        assert (answered.status_code, answered.headers["content-type"]) == (200, LINES), kind
        lines = _read_lines(answered.content)
        assert [line.pop("row") for line in lines] == [1, 2, 3, 4]
        for line, single in zip(lines, expected, strict=True):
            assert {**line, "id": ""} == {**single, "id": ""}


@pytest.mark.parametrize("task", [None, MULTICLASS, REGRESSION])
@pytest.mark.parametrize("covered", [True, False])
def test_csv_has_the_columns_of_predict(read, task, covered):
    client = TestClient(create_app(read(*[task] if task else [], covered=covered)))
    answered = client.post("/predict/batch", content=_csv(ROWS), headers=CSV_TYPE)
    assert answered.headers["content-type"].startswith(CSV)
    lines = _read_csv(answered.content)
    single = client.post("/predict", json=ROWS[0]).json()["predictions"][0]
    assert lines[0]["prediction"] == str(single["answer"])
    names = [name.removeprefix("probability_") for name in lines[0] if "probability_" in name]
    every = [*single.get("probabilities", {})]
    assert names == every[1 if task is None else 0 :]
    beside = {"prediction_set"} if task != REGRESSION else {"prediction_low", "prediction_high"}
    assert beside & {*lines[0]} == (beside if covered else set())
    assert [line["error"] for line in lines] == [""] * 4


def test_rows_that_are_refused_are_told_among_the_others(client):
    body = b'age,job\n39,clerk\n"old",cook\n20\n50,\n'
    lines = _read_csv(client.post("/predict/batch", content=body, headers=CSV_TYPE).content)
    assert [bool(line["prediction"]) for line in lines] == [True, False, False, True]
    assert "'age' is 'old'" in lines[1]["error"]
    assert "1 cell stands under 2 columns" in lines[2]["error"]
    body = b'{"age": 1}\n{broken\n[1]\n\n{"age": 2, "aeg": 3}\n{"job": "cook"}\n'
    told = _read_lines(client.post("/predict/batch", content=body, headers=LINES_TYPE).content)
    assert ["error" in line for line in told] == [False, True, True, True, False]
    assert "'aeg'" in told[3]["error"]
    assert [line["row"] for line in told] == [1, 2, 3, 4, 5]


def test_ids_are_taken_from_a_column_and_logged(bundle, tmp_path):
    with Ledger.open(tmp_path / "ledger.db") as ledger:
        with (
            LedgerWriter(ledger) as writer,
            TestClient(create_app(bundle, ledger_writer=writer)) as client,
        ):
            body = b"order;age;name\nA1;39;Smith\nA2;40;Jones\n"
            asked = "/predict/batch?id=order&ignore=name&separator=%3B"
            answered = client.post(asked, content=body, headers=CSV_TYPE)
        assert [line["id"] for line in _read_csv(answered.content)] == ["A1", "A2"]
        logged = list(ledger.read_window())
    assert [(row.id, row.inputs) for row in logged] == [
        ("A1", {"age": "39"}),
        ("A2", {"age": "40"}),
    ]


@pytest.mark.parametrize("kind", [CSV, LINES, PARQUET])
def test_what_is_read_in_columns_is_logged_as_if_it_were_read_row_by_row(
    bundle, tmp_path, monkeypatch, kind
):
    rows = [{"order": f"A{number}", **row, "name": "x"} for number, row in enumerate(ROWS)]
    body = _csv(rows) if kind == CSV else _lines(rows)
    if kind == PARQUET:
        parquet, file = pytest.importorskip("pyarrow.parquet"), io.BytesIO()
        parquet.write_table(pytest.importorskip("pyarrow").Table.from_pylist(rows), file)
        body = file.getvalue()

    def logged(name: str) -> list[tuple]:
        with Ledger.open(tmp_path / name) as ledger:
            with (
                LedgerWriter(ledger) as writer,
                TestClient(create_app(bundle, ledger_writer=writer)) as client,
            ):
                asked = "/predict/batch?id=order&ignore=name"
                assert client.post(asked, content=body, headers={"content-type": kind}).is_success
            return [(row.id, row.inputs, row.output) for row in ledger.read_window()]

    in_columns = logged("columns.db")
    monkeypatch.setattr("modelwright.serving.protocols.batch.open_pieces", _row_by_row)
    assert len(in_columns) == len(rows)
    assert logged("rows.db") == in_columns


@pytest.mark.parametrize("route", ["/predict/batch", "/invocations"])
@pytest.mark.parametrize("damage", ["a text", "the name of a column", "a day"])
def test_a_damaged_file_of_parquet_is_the_fault_of_its_sender(client, route, damage):
    arrow, file = pytest.importorskip("pyarrow"), io.BytesIO()
    rows = [{**row, "seen": None} for row in ROWS]
    table = arrow.Table.from_pylist(rows)
    if damage == "a day":
        far = arrow.array([10_000_000] * len(rows), arrow.date32())
        table = table.set_column(table.schema.get_field_index("seen"), "seen", far)
    parquet = pytest.importorskip("pyarrow.parquet")
    parquet.write_table(table, file, compression="none", store_schema=False)
    body = file.getvalue()
    body = body.replace(b"clerk", b"cl\xffrk") if damage == "a text" else body
    body = body.replace(b"member", b"m\xffmber") if damage == "the name of a column" else body
    response = client.post(route, content=body, headers={"content-type": PARQUET})
    assert response.status_code == (400 if route == "/invocations" else 422), response.text
    assert list(response.json()) == ["error"]


def _row_by_row(*asked):
    for piece in open_pieces(*asked):
        yield piece.one_by_one() if isinstance(piece, Sheet) else piece


@pytest.mark.parametrize(
    ("body", "headers", "query", "status", "said"),
    [
        (b"age\n1\n", {"content-type": "text/html"}, "", 415, "text/html"),
        (b"age\n1\n", {**CSV_TYPE, "content-encoding": "gzip"}, "", 415, "packed"),
        (b"age\n1\n", {**CSV_TYPE, "accept": "image/png"}, "", 406, "Accept"),
        (b"", CSV_TYPE, "", 400, "empty"),
        (b"age\n", CSV_TYPE, "", 422, "no rows"),
        (b"aeg\n1\n", CSV_TYPE, "", 422, "'age'"),
        (b"age,age\n1,2\n", CSV_TYPE, "", 422, "same name"),
        (b"\xff\xfe\n1\n", CSV_TYPE, "", 422, "damaged"),
        (b"age\n1\n", CSV_TYPE, "?id=order", 422, "no column 'order'"),
        (b"age\n1\n", CSV_TYPE, "?separator=ab", 422, "separator"),
        (b"age\n1\n", CSV_TYPE, "?coverage=0.9", 422, "coverage"),
        (b"age\n1\n", CSV_TYPE, "?coverage=x", 422, "coverage"),
        (b"age\n1\n", CSV_TYPE, "?colour=red", 422, "colour"),
        (b"PAR1 no", {"content-type": PARQUET}, "", 422, "damaged"),
    ],
)
def test_what_is_wrong_with_a_whole_file_has_a_status(client, body, headers, query, status, said):
    if headers.get("content-type") == PARQUET:
        pytest.importorskip("pyarrow")
    answered = client.post(f"/predict/batch{query}", content=body, headers=headers)
    assert answered.status_code == status
    assert said in answered.json()["error"]


def test_without_pyarrow_parquet_is_refused_and_the_others_named(client, monkeypatch):
    def missing(name: str):
        raise ModuleNotFoundError(name=name.split(".")[0])

    monkeypatch.setattr("modelwright._plugins.import_module", missing)
    sent = {"content-type": PARQUET}
    answered = client.post("/predict/batch", content=b"PAR1", headers=sent)
    assert answered.status_code == 415
    assert CSV in answered.json()["error"]


def test_a_file_that_is_too_large_is_refused(bundle):
    client = TestClient(create_app(bundle, limits=Limits(upload_bytes=10)))
    answered = client.post("/predict/batch", content=b"age\n1\n2\n3\n4\n5\n", headers=CSV_TYPE)
    assert answered.status_code == 413


def test_a_file_that_breaks_off_is_told_in_the_stream_and_then_cut(bundle):
    rows = b"age\n" + b"39\n" * 20_000 + b'"open'

    async def test(served):
        head = f"POST /predict/batch HTTP/1.1\r\nHost: a\r\nContent-Type: {CSV}\r\n"
        sent = f"{head}Content-Length: {len(rows)}\r\n\r\n".encode() + rows
        answered = await served.ask(sent)
        assert answered.startswith(b"HTTP/1.1 200 ")
        assert answered.count(b",no,") + answered.count(b",yes,") > 5000
        assert b"\nend,,,,The CSV is damaged" in answered
        assert not answered.endswith(b"\r\n0\r\n\r\n")

    with_server(Service(bundle), test)


@pytest.mark.parametrize("kind", [CSV, LINES])
def test_a_file_is_read_no_further_than_its_answers_are_made(kind):
    body = b"age\n" + b"39\n" * 500_000 if kind == CSV else b'{"age": 39}\n' * 200_000
    file = io.BytesIO(body)
    pieces = in_pieces(open_rows(file, kind), 1000)
    for number in range(1, 4):
        assert len(next(pieces)) == 1000
        assert file.tell() < number * 15_000 + 300_000
