"""Whatever is sent, the server answers with JSON, never with a fault of its own."""

import json
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.testclient import TestClient

from example_bundle import SCHEMA, make_bundle
from modelwright.serving.app import create_app

_JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.integers(-(10**400), 10**400)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=8)
    | st.sampled_from(["inf", "-Infinity", "1e999", "2024-02-30", "\u2205", "9" * 400]),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3)
    ),
    max_leaves=6,
)
_ROW = st.dictionaries(st.sampled_from(SCHEMA.names), _JSON, max_size=4)
_TENSOR = st.fixed_dictionaries(
    {
        "name": st.sampled_from(SCHEMA.names),
        "shape": st.lists(st.integers(-1, 3), max_size=3) | st.just([1]),
        "datatype": st.sampled_from(["FP64", "BYTES", "BOOL", "INT64", "UINT8", "X"]),
        "data": st.lists(_JSON, max_size=3),
    }
)
_INFER = st.fixed_dictionaries(
    {"inputs": st.lists(_TENSOR, max_size=5)},
    optional={"id": _JSON, "outputs": _JSON, "parameters": _JSON},
)
# Not raising: a fault of the server comes as its status 500, which is asserted on.
_CLIENT = TestClient(create_app(make_bundle()), raise_server_exceptions=False)


@given(_ROW | st.fixed_dictionaries({"rows": _JSON | st.lists(_ROW, max_size=3), "ids": _JSON}))
def test_any_rows(body):
    _check("/predict", _encoded(body))


@given(_INFER)
def test_any_tensors(body):
    _check("/v2/models/left/infer", _encoded(body))


@pytest.mark.parametrize("path", ["/predict", "/v2/models/left/infer"])
@given(body=st.binary(max_size=40) | st.sampled_from([b'{"a": "\\ud800"}', b'"\\udc00\\ud800"']))
def test_any_bytes(path, body):
    _check(path, body)


@given(
    _INFER,
    st.binary(max_size=40),
    st.none() | st.integers(-1, 60) | st.text("0123456789", max_size=30),
    st.dictionaries(st.just("binary_data_size"), st.integers(-1, 40) | _JSON),
)
def test_any_bytes_behind_the_json(body, tail, length, parameters):
    for tensor in body["inputs"][:2]:
        del tensor["data"]
        tensor["parameters"] = parameters
    head = _encoded(body)
    headers = {"Inference-Header-Content-Length": str(len(head) if length is None else length)}
    _check("/v2/models/left/infer", head + tail, headers)


_TABLE = st.lists(st.lists(_JSON, max_size=5) | _ROW | _JSON, max_size=3)


@given(
    st.dictionaries(
        st.sampled_from(["dataframe_split", "dataframe_records", "instances", "inputs", "params"]),
        _TABLE
        | _JSON
        | st.dictionaries(st.sampled_from(["columns", "data", *SCHEMA.names]), _TABLE | _JSON),
        max_size=2,
    )
)
def test_any_invocation(body):
    _check("/invocations", _encoded(body))


@given(
    st.binary(max_size=40) | st.text(',;"\n ae39NaN[]{}:', max_size=30).map(str.encode),
    st.sampled_from(["text/csv", "application/jsonl", "application/parquet", "application/json"]),
    st.sampled_from(["", "; charset=utf-16", '; charset="', "; header=present", ";;=", "\xff"]),
)
def test_any_invocation_of_any_type(body, media_type, parameters):
    headers = {"content-type": (media_type + parameters).encode("latin-1")}
    _check("/invocations", body, headers)


def _encoded(body: object) -> bytes:
    return json.dumps(body).encode()


def _check(path: str, body: bytes, headers: dict[str, Any] | None = None) -> None:
    response = _CLIENT.post(path, content=body, headers=headers)
    assert response.status_code in (200, 400, 413, 415, 422), response.text
    answer = msgspec.json.decode(response.content)
    assert response.status_code == 200 or list(answer) == ["error"]
