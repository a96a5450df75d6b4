import io
import json
import sys
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from starlette.testclient import TestClient

from example_bundle import BINARY, MULTICLASS, REGRESSION, ROWS
from modelwright.serving.app import create_app
from modelwright.serving.limits import Limits

INVOKE = "/invocations"
NAMES = list(ROWS[0])
VALUES = [list(row.values()) for row in ROWS]
BY_COLUMN = {name: [row[name] for row in ROWS] for name in NAMES}
CSV = "age,member,job,seen\n" + "".join(
    ",".join("" if value is None else str(value) for value in row) + "\n" for row in VALUES
)
LINES = "\n\n".join(json.dumps(row) for row in ROWS)
SPLIT = {"columns": NAMES[::-1], "data": [row[::-1] for row in VALUES], "index": [3, 1, 2, 0]}

BODIES: dict[str, tuple[str | None, Any]] = {
    "split": (None, {"dataframe_split": SPLIT}),
    "split without names": (None, {"dataframe_split": {"data": VALUES}}),
    "split with numbers": (None, {"dataframe_split": {"columns": [0, 1, 2, 3], "data": VALUES}}),
    "records": ("application/json; charset=utf-8", {"dataframe_records": ROWS}),
    "instances": ("application/x-www-form-urlencoded", {"instances": ROWS}),
    "instances without names": (None, {"instances": VALUES}),
    "features": (None, {"instances": [{"features": row} for row in VALUES]}),
    "inputs": (None, {"inputs": BY_COLUMN}),
    "inputs of a width of one": (
        None,
        {"inputs": {name: [[value] for value in values] for name, values in BY_COLUMN.items()}},
    ),
    "inputs as rows": (None, {"inputs": VALUES}),
    "a list": (None, VALUES),
    "no JSON, but Python's": (None, json.dumps({"inputs": VALUES}).replace("null", "NaN")),
    "CSV": ("text/csv", CSV),
    "CSV with a mark": ("text/csv; charset=UTF-8", "\ufeff" + CSV.replace("\n", "\r\n")),
    "CSV in UTF-16": ("text/csv; charset=utf-16", CSV.encode("utf-16")),
    "CSV without names": ("text/csv", CSV.partition("\n")[2]),
    "CSV, told": ("text/csv; header=present", CSV),
    "JSON Lines": ("application/jsonlines", LINES),
    "JSON Lines without names": (
        "application/x-ndjson",
        "\n".join(json.dumps(row) for row in VALUES) + "\n",
    ),
}


def _invoke(client: TestClient, body: Any, content_type: str | None = None, **headers: str):
    content = body if isinstance(body, str | bytes) else json.dumps(body)
    sent = {"content-type": content_type} if content_type else {}
    sent |= {name.replace("_", "-"): value for name, value in headers.items()}
    return client.post(INVOKE, content=content, headers=sent)


@pytest.fixture(params=[BINARY, MULTICLASS, REGRESSION], ids=lambda task: task.kind)
def any_client(read, request) -> TestClient:
    return TestClient(create_app(read(request.param)))


def _expected(client: TestClient) -> list[dict[str, Any]]:
    return client.post("/predict", json={"rows": ROWS}).json()["predictions"]


@pytest.mark.parametrize("name", BODIES)
def test_every_form_of_rows_is_answered_as_predict_does(any_client, name):
    content_type, body = BODIES[name]
    response = _invoke(any_client, body, content_type)
    assert response.status_code == 200, response.text
    assert response.headers["content-type"] == "application/json"
    expected = [one["answer"] for one in _expected(any_client)]
    assert response.json() == {"predictions": expected}


def test_a_parquet_file_is_answered(client):
    table = pa.table({**BY_COLUMN, "__index_level_0__": [1, 2, 3, 4]})
    table = table.set_column(3, "seen", pc_timestamps(table["seen"]))
    file = io.BytesIO()
    pq.write_table(table, file)
    response = _invoke(client, file.getvalue(), "application/vnd.apache.parquet")
    assert response.json()["predictions"] == [one["answer"] for one in _expected(client)]


def pc_timestamps(column: pa.ChunkedArray) -> pa.Array:
    moments = [None if each is None else f"{each[:10]}T00:00:00" for each in column.to_pylist()]
    return pa.array(moments).cast(pa.timestamp("us"))


def test_without_pyarrow_parquet_is_no_media_type(client, monkeypatch):
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    response = _invoke(client, b"PAR1", "application/parquet")
    assert response.status_code == 415
    assert "pyarrow" in response.json()["error"]


def test_a_small_file_with_a_large_table_is_refused(bundle):
    client = TestClient(create_app(bundle, limits=Limits(body_bytes=4000, rows=2000)))
    for n_rows, table in (
        (2001, pa.table({"age": pa.nulls(2001, pa.float64())})),
        (2000, pa.table({"job": pa.array(["clerk" * 20] * 2000).dictionary_encode()})),
    ):
        file = io.BytesIO()
        pq.write_table(table, file, compression="zstd")
        assert len(file.getvalue()) < 4000, n_rows
        response = _invoke(client, file.getvalue(), "application/vnd.apache.parquet")
        assert response.status_code == 413


def test_a_column_of_lists_is_refused(client):
    file = io.BytesIO()
    pq.write_table(pa.table({"age": [[1, 2]]}), file)
    response = _invoke(client, file.getvalue(), "application/parquet")
    assert (response.status_code, "'age' is of type list" in response.text) == (400, True)


@pytest.mark.parametrize(
    ("accept", "content_type"),
    [
        ("*/*", "application/json"),
        ("application/*", "application/json"),
        ("application/xml, text/csv;q=0.9", "text/csv; charset=utf-8"),
        ("text/*", "text/csv; charset=utf-8"),
        ("application/jsonl", "application/jsonlines"),
        ("text/csv;q=0, */*;q=0.1", "application/json"),
    ],
)
def test_the_answer_has_the_form_that_is_accepted(client, accept, content_type):
    response = _invoke(client, CSV, "text/csv", accept=accept)
    assert response.headers["content-type"] == content_type
    labels = [one["answer"] for one in _expected(client)]
    expected = {
        "application/json": json.dumps({"predictions": labels}, separators=(",", ":")),
        "text/csv; charset=utf-8": "".join(f"{label}\n" for label in labels),
        "application/jsonlines": "".join(f'"{label}"\n' for label in labels),
    }
    assert response.text == expected[content_type]


def test_probabilities_and_full_answers_can_be_asked_for(read):
    client = TestClient(create_app(read(BINARY, covered=True)))
    expected = client.post("/predict", json={"rows": ROWS, "coverage": 0.8}).json()["predictions"]
    chances = [list(one["probabilities"].values()) for one in expected]
    asked = {"instances": ROWS, "params": {"answers": "probabilities"}}
    assert _invoke(client, asked).json() == {"predictions": chances}
    header = "X-Amzn-SageMaker-Custom-Attributes"
    lines = _invoke(client, CSV, "text/csv", accept="text/csv", **{header: "answers=probabilities"})
    assert [[float(each) for each in line.split(",")] for line in lines.text.split()] == chances
    full = _invoke(client, CSV, "text/csv", **{header: "answers=full, coverage=0.8"}).json()
    assert [{**one, "id": ""} for one in full["predictions"]] == [
        {**one, "id": ""} for one in expected
    ]


def test_the_id_of_an_inference_names_its_answers(client):
    headers = {"X-Amzn-SageMaker-Inference-Id": "q"}
    asked = {"instances": ROWS[:2], "params": {"answers": "full"}}
    answered = _invoke(client, asked, **headers).json()["predictions"]
    assert [one["id"] for one in answered] == ["q-0", "q-1"]


WRONG = [
    ("{}", None, 400, "dataframe_split, dataframe_records, instances, inputs"),
    ("3", None, 400, "none of the fields"),
    ("{", None, 400, "not what is expected"),
    ('{"instances": [NaN', None, 400, "not what is expected"),
    ('{"instances": [[NaN, Infinity, 1, 1]]}', None, 400, "holds Infinity, which is no JSON"),
    ('{"instances": [[NaN, 1e999, 1, 1]]}', None, 400, "holds 1e999, which is out of range"),
    ("[" * 100_000 + '"NaN"', None, 400, "deeply"),
    (b'{"instances": "\xff NaN"}', None, 400, "not what is expected"),
    ('{"instances": [{"age": NaN, "age": 1}]}', None, 400, "'age' stands twice"),
    ({"instances": ROWS, "inputs": ROWS}, None, 400, "instances"),
    ({"instances": {"age": 1}}, None, 400, "'instances' is no list"),
    ({"dataframe_records": 1}, None, 400, "'dataframe_records' is no list"),
    ({"instances": []}, None, 400, "no rows"),
    ({"inputs": {}}, None, 400, "no rows"),
    ({"inputs": {"": 3, "age": [1]}}, None, 400, "column '' of 'inputs' is no list"),
    ({"instances": ROWS, "params": {"": 1}}, None, 400, "no parameter ''"),
    ({"instances": [3]}, None, 400, "Row 1 is 3"),
    ({"instances": [[1, 2]]}, None, 400, "Row 1 has 2 values; 4 columns"),
    ({"instances": [{"agee": 1}]}, None, 400, "Did you mean 'age'"),
    ({"instances": [{"age": "old"}]}, None, 400, "'age' is 'old'"),
    ({"dataframe_split": []}, None, 400, "'columns' and 'data'"),
    ({"dataframe_split": {"data": [1]}}, None, 400, "'columns' and 'data'"),
    ({"dataframe_split": {"columns": [1], "data": [[1]]}}, None, 400, "list of names"),
    ({"dataframe_split": {"columns": ["age"] * 2, "data": [[1, 2]]}}, None, 400, "given twice"),
    ({"dataframe_split": {"columns": ["age"], "data": [[1, 2]]}}, None, 400, "2 values; 1 col"),
    ({"inputs": {"age": [1], "job": "clerk"}}, None, 400, "'job' of 'inputs' is no list"),
    ({"inputs": {"age": [1], "job": []}}, None, 400, "[0, 1]"),
    ({"instances": ROWS, "params": 3}, None, 400, "no object"),
    ({"instances": ROWS, "params": {"answer": 1}}, None, 400, "Did you mean 'answers'"),
    ({"instances": ROWS, "params": {"answers": []}}, None, 400, "plain, probabilities, full"),
    ({"instances": ROWS, "params": {"coverage": 0.9}}, None, 400, "states no coverage"),
    ("", "text/csv", 400, "empty"),
    ("age\n", "text/csv", 400, "no rows"),
    ('age\n"39', "text/csv", 400, "Line 2 is no CSV"),
    ("age,job\n39\n", "text/csv", 400, "Line 2 has 1 values; 2 columns"),
    ("age,age\n39,39\n", "text/csv", 400, "given twice"),
    ("39\n", "text/csv; header=absent", 400, "Line 1 has 1 values; 4 columns"),
    (b"age\n\xff\n", "text/csv", 400, "not in utf-8"),
    ("age\n1\n", "text/csv; charset=punycode", 415, "charset 'punycode'"),
    ("age\n1\n", "text/csv; charset=zip", 415, "charset 'zip'"),
    ("{}\n3\n", "application/jsonlines", 400, "Row 2 is 3"),
    ("{}\n{\n", "application/jsonlines", 400, "Line 2: The body is not what is expected"),
    ("PAR1", "application/parquet", 400, "no Parquet file"),
    ("age=1", "application/x-www-form-urlencoded", 400, "not what is expected"),
    ("age: 1", "application/yaml", 415, "Send application/json"),
    ("<a/>", "xml", 415, "'xml'"),
]


@pytest.mark.parametrize(("body", "content_type", "status", "words"), WRONG)
def test_what_is_wrong_is_refused_with_a_sentence(client, body, content_type, status, words):
    response = _invoke(client, body, content_type)
    assert (response.status_code, list(response.json())) == (status, ["error"])
    assert words in response.json()["error"]


def test_what_an_answer_cannot_be_is_told(client, read):
    assert _invoke(client, CSV, "text/csv", accept="image/png").status_code == 406
    full = {"instances": ROWS, "params": {"answers": "full"}}
    assert _invoke(client, full, accept="text/csv").status_code == 406
    asked = {"instances": ROWS, "params": {"answers": "probabilities"}}
    response = _invoke(TestClient(create_app(read(REGRESSION))), asked)
    assert (response.status_code, "no probabilities" in response.text) == (400, True)
    few = TestClient(create_app(read(), limits=Limits(rows=3)))
    assert _invoke(few, {"instances": ROWS}).status_code == 413
    header = {"X-Amzn-SageMaker-Custom-Attributes": "coverage=high"}
    assert _invoke(client, {"instances": ROWS}, **header).status_code == 400
    header = {"X-Amzn-SageMaker-Custom-Attributes": "="}
    assert _invoke(client, {"instances": ROWS}, **header).status_code == 400
    header = {"X-Amzn-SageMaker-Inference-Id": "q" * 201}
    assert _invoke(client, {"instances": ROWS}, **header).status_code == 400
