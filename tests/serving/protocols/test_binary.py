import json
import struct
from typing import Any

import numpy as np
import pytest
from starlette.testclient import TestClient

from example_bundle import BINARY, MULTICLASS, REGRESSION, ROWS
from modelwright.serving.app import create_app
from modelwright.serving.protocols.binary import pack, unpack_texts

INFER = "/v2/models/left/infer"
N = len(ROWS)
TYPES = {"age": "FP64", "member": "FP32", "job": "BYTES", "seen": "BYTES"}


def _bytes(name: str) -> bytes:
    values = [row[name] for row in ROWS]
    if TYPES[name] == "BYTES":
        return pack([value or "" for value in values], "BYTES")
    return pack([np.nan if value is None else value for value in values], TYPES[name])


def _tensor(name: str, *, binary: bool = True, **changes: Any) -> dict[str, Any]:
    tensor = {"name": name, "shape": [N], "datatype": TYPES[name]}
    if binary:
        tensor["parameters"] = {"binary_data_size": len(_bytes(name))}
    else:
        tensor["data"] = [row[name] for row in ROWS]
    return {**tensor, **changes}


def _infer(client: TestClient, head: dict[str, Any], tail: bytes, length: str | None = None):
    encoded = json.dumps(head).encode()
    headers = {"Inference-Header-Content-Length": length or str(len(encoded))}
    return client.post(INFER, content=encoded + tail, headers=headers)


def _read(response) -> dict[str, list[Any]]:
    """Read an answer as a client does: data of each output, wherever it is."""
    length = int(response.headers.get("Inference-Header-Content-Length", len(response.content)))
    at, found = length, {}
    for output in json.loads(response.content[:length])["outputs"]:
        size = output.get("parameters", {}).get("binary_data_size")
        if size is None:
            found[output["name"]] = output["data"]
            continue
        assert "data" not in output
        raw, at = response.content[at : at + size], at + size
        types = {"FP64": "<f8", "INT64": "<i8", "BOOL": "?"}
        found[output["name"]] = (
            [text.decode() for text in unpack_texts(raw)]
            if output["datatype"] == "BYTES"
            else np.frombuffer(raw, types[output["datatype"]]).tolist()
        )
    assert at == len(response.content)
    return found


@pytest.mark.parametrize("task", [BINARY, MULTICLASS, REGRESSION], ids=lambda task: task.kind)
def test_bytes_in_and_out_answer_as_json_does(read, task):
    client = TestClient(create_app(read(task, covered=True)))
    beside = "set" if task.is_classification else "range"
    names = ["answer", beside, *(["probabilities"] if task.is_classification else [])]
    plain = {
        "inputs": [
            {**_tensor(name, binary=False), "datatype": "BOOL" if name == "member" else TYPES[name]}
            for name in TYPES
        ],
        "outputs": [{"name": name} for name in names],
    }
    expected = _read(client.post(INFER, json=plain))
    asked = {
        "inputs": [_tensor(name) for name in TYPES],
        "outputs": [{"name": name, "parameters": {"binary_data": True}} for name in names],
    }
    response = _infer(client, asked, b"".join(_bytes(name) for name in TYPES))
    assert response.headers["content-type"] == "application/octet-stream"
    assert _read(response) == expected


def test_some_tensors_may_be_json_and_others_bytes(client):
    inputs = [_tensor("age"), _tensor("member", binary=False, datatype="BOOL")]
    inputs += [_tensor("job", binary=False), _tensor("seen")]
    tail = _bytes("age") + _bytes("seen")
    everything = _infer(client, {"inputs": inputs}, tail)
    assert everything.headers["content-type"] == "application/json"
    asked = {
        "inputs": inputs,
        "parameters": {"binary_data_output": True},
        "outputs": [{"name": "answer", "parameters": {"binary_data": False}}],
    }
    assert _infer(client, asked, tail).json()["outputs"][0]["data"] == _read(everything)["answer"]
    asked["outputs"].append({"name": "probabilities"})
    mixed = _infer(client, asked, tail)
    first, second = json.loads(
        mixed.content[: int(mixed.headers["Inference-Header-Content-Length"])]
    )["outputs"]
    assert "data" in first
    assert second["parameters"] == {"binary_data_size": 8 * 2 * N}
    assert _read(mixed) == _read(everything)


@pytest.mark.parametrize(
    "datatype",
    ["FP16", "FP32", "FP64", *(f"{u}INT{b}" for u in ("", "U") for b in (8, 16, 32, 64))],
)
@pytest.mark.parametrize("shape", [[1], [1, 1]])
def test_every_number_type_is_read(client, datatype, shape):
    values = {"age": 39, "member": 1, "job": "cook", "seen": "2024-03-01"}
    expected = client.post("/predict", json=values).json()["predictions"][0]["probabilities"]
    raw = {
        "age": pack([39], datatype),
        "member": pack([True], "BOOL"),
        "job": pack(["cook"], "BYTES"),
        "seen": pack(["2024-03-01"], "BYTES"),
    }
    types = {**TYPES, "age": datatype, "member": "BOOL"}
    inputs = [
        {
            "name": name,
            "shape": shape,
            "datatype": types[name],
            "parameters": {"binary_data_size": len(raw[name])},
        }
        for name in TYPES
    ]
    answered = _read(_infer(client, {"inputs": inputs}, b"".join(raw.values())))
    assert answered["probabilities"] == list(expected.values())


def _with_age(raw: bytes, **changes: Any) -> tuple[dict[str, Any], bytes]:
    """Return a request whose age alone is binary."""
    age = _tensor("age", parameters={"binary_data_size": len(raw)}, **changes)
    member = _tensor("member", binary=False, datatype="BOOL")
    others = [_tensor(name, binary=False) for name in ("job", "seen")]
    return {"inputs": [age, member, *others]}, raw


AGES = _bytes("age")


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        (_with_age(AGES, data=[1, 2, 3, 4]), "data in its JSON and a binary_data_size"),
        (_with_age(AGES[:-1]), "31 bytes; 4 rows of FP64 are 32"),
        (_with_age(AGES, shape=[2, 2]), "shape [2, 2]"),
        (_with_age(AGES, shape=[-4]), "-4 rows"),
        (_with_age(AGES, shape=[2**63] * 1000), "[n] or [n, 1]"),
        (_with_age(AGES, datatype="BF16"), "datatype 'BF16'"),
        (_with_age(pack([np.inf] * N, "FP64")), "infinite"),
        (_with_age(b"\2\0\1\0", datatype="BOOL"), "neither 0 nor 1"),
        (_with_age(b"\1\0\1\0", datatype="BOOL"), "declares 'FP64'"),
        (_with_age(pack(["1"] * N, "BYTES")[:-1], datatype="BYTES"), "1 bytes is cut off"),
        (_with_age(b"\0\0", datatype="BYTES"), "a length is cut off"),
        (_with_age(struct.pack("<I", 1) + b"\xff", datatype="BYTES"), "UTF-8"),
        (_with_age(pack(["1"], "BYTES"), datatype="BYTES"), "1 values and 4 rows"),
        ((_with_age(AGES)[0], AGES[:-8]), "announces 32 bytes; 24 are left"),
        ((_with_age(AGES)[0], AGES + b"1"), "1 of 33 bytes behind the JSON belong to no input"),
        (
            ({"inputs": [{**_tensor("age"), "parameters": {"binary_data_size": -1}}]}, b""),
            "no number of bytes",
        ),
    ],
)
def test_bytes_that_contradict_the_request_are_refused(client, asked, words):
    response = _infer(client, *asked)
    assert (response.status_code, list(response.json())) == (400, ["error"])
    assert words in response.json()["error"]


@pytest.mark.parametrize("length", ["-1", "1.5", "x", "999999", "9" * 30, "0" * 5000])
def test_a_length_that_cannot_be_is_refused(client, length):
    response = _infer(client, {}, b"", length)
    assert response.status_code == 400
    assert "length of the JSON" in response.json()["error"]
