"""NVIDIA's client of the Open Inference Protocol: JSON and bytes, both ways."""

from itertools import product

import numpy as np
import pytest
import tritonclient.http as triton

from conftest import ROWS

TYPES = {"age": "FP64", "member": "BOOL", "job": "BYTES", "seen": "BYTES"}
KINDS = {"FP64": np.float64, "FP32": np.float32, "FP16": np.float16, "BOOL": bool, "BYTES": object}


@pytest.fixture(scope="module")
def client(netloc):
    with triton.InferenceServerClient(netloc) as client:
        yield client


def _inputs(*, binary: bool, shape: tuple[int, ...] = (), **types: str) -> list[triton.InferInput]:
    inputs = []
    for name, datatype in (TYPES | types).items():
        values = np.array([row[name] for row in ROWS], dtype=KINDS[datatype])
        tensor = triton.InferInput(name, [len(ROWS), *shape], datatype)
        tensor.set_data_from_numpy(values.reshape(len(ROWS), *shape), binary_data=binary)
        inputs.append(tensor)
    return inputs


def _texts(answers: np.ndarray) -> list[str]:
    return [each.decode() if isinstance(each, bytes) else each for each in answers.tolist()]


def test_the_server_and_the_model_are_ready_and_described(client):
    assert client.is_server_live()
    assert client.is_server_ready()
    assert client.is_model_ready("left")
    assert "binary_tensor_data" in client.get_server_metadata()["extensions"]
    (version,) = client.get_model_metadata("left")["versions"]
    assert client.is_model_ready("left", version)
    assert client.get_model_metadata("left", version)["inputs"] == [
        {"name": name, "datatype": datatype, "shape": [-1]} for name, datatype in TYPES.items()
    ]


@pytest.mark.parametrize(("bytes_in", "bytes_out"), [*product([False, True], repeat=2)])
@pytest.mark.parametrize("shape", [(), (1,)])
def test_json_and_bytes_both_ways(client, labels, chances, bytes_in, bytes_out, shape):
    names = ("answer", "probabilities", "set")
    wanted = [triton.InferRequestedOutput(name, binary_data=bytes_out) for name in names]
    inputs = _inputs(binary=bytes_in, shape=shape)
    result = client.infer("left", inputs, outputs=wanted, request_id="q7")
    assert _texts(result.as_numpy("answer")) == labels
    assert result.as_numpy("probabilities").tolist() == chances
    assert result.as_numpy("set").dtype == bool
    assert result.get_response()["id"] == "q7"


def test_outputs_are_those_that_are_asked_for(client, chances):
    wanted = [triton.InferRequestedOutput("probabilities")]
    result = client.infer("left", _inputs(binary=True), outputs=wanted)
    assert result.as_numpy("answer") is None
    assert result.as_numpy("probabilities").tolist() == chances


def test_without_outputs_all_come_as_bytes(client, labels):
    result = client.infer("left", _inputs(binary=True))
    assert _texts(result.as_numpy("answer")) == labels
    assert "binary_data_size" in result.get_output("answer")["parameters"]


@pytest.mark.parametrize("datatype", ["FP16", "FP32"])
def test_shorter_numbers_are_read(client, labels, datatype):
    # 39 and 20.5 are exact in sixteen bits.
    result = client.infer("left", _inputs(binary=True, age=datatype))
    assert _texts(result.as_numpy("answer")) == labels


@pytest.mark.parametrize("packing", ["gzip", "deflate"])
def test_packed_bodies_are_read(client, labels, packing):
    result = client.infer(
        "left",
        _inputs(binary=True),
        request_compression_algorithm=packing,
        response_compression_algorithm=packing,
    )
    assert _texts(result.as_numpy("answer")) == labels


def test_a_version_can_be_named(client, labels):
    (version,) = client.get_model_metadata("left")["versions"]
    result = client.infer("left", _inputs(binary=False), model_version=version)
    assert _texts(result.as_numpy("answer")) == labels


def test_many_at_once(netloc, labels):
    with triton.InferenceServerClient(netloc, concurrency=4) as client:
        asked = [client.async_infer("left", _inputs(binary=True)) for _ in range(20)]
        assert all(_texts(each.get_result().as_numpy("answer")) == labels for each in asked)


@pytest.mark.parametrize(
    ("model", "inputs", "status", "words"),
    [
        ("right", _inputs(binary=True), "404", "There is no model 'right'"),
        ("left", _inputs(binary=True)[:3], "400", "'seen' is missing"),
        ("left", _inputs(binary=True, shape=(1, 1)), "400", "[n] or [n, 1]"),
    ],
)
def test_refusals_reach_the_client_as_sentences(client, model, inputs, status, words):
    with pytest.raises(triton.InferenceServerException) as raised:
        client.infer(model, inputs)
    assert raised.value.status() == status
    assert words in raised.value.message()
