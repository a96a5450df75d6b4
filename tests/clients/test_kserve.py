"""KServe's client of the Open Inference Protocol."""

import asyncio

import httpx
import numpy as np
import pytest
from kserve import InferenceRESTClient, InferInput, InferOutput, InferRequest, RESTConfig

from conftest import ROWS

TYPES = {"age": "FP64", "member": "BOOL", "job": "BYTES", "seen": "BYTES"}
KINDS = {"FP64": np.float64, "BOOL": bool, "BYTES": object}


def _ask(method: str, *arguments, **named):
    async def ask():
        async with InferenceRESTClient(RESTConfig(protocol="v2")) as client:
            return await getattr(client, method)(*arguments, **named)

    return asyncio.run(ask())


def _request(*, binary: bool) -> InferRequest:
    inputs = []
    for name, datatype in TYPES.items():
        tensor = InferInput(name, [len(ROWS)], datatype)
        values = np.array([row[name] for row in ROWS], dtype=KINDS[datatype])
        tensor.set_data_from_numpy(values, binary_data=binary)
        inputs.append(tensor)
    return InferRequest("left", inputs, request_id="q7")


def _output(response, name: str) -> InferOutput:
    return next(output for output in response.outputs if output.name == name)


def test_the_server_and_the_model_are_ready(address):
    assert _ask("is_server_live", address)
    assert _ask("is_server_ready", address)
    assert _ask("is_model_ready", address, "left")
    assert not _ask("is_model_ready", address, "right")


@pytest.mark.parametrize("binary", [False, True])
def test_rows_are_answered(address, labels, chances, binary):
    response = _ask("infer", address, _request(binary=binary), model_name="left")
    assert response.id == "q7"
    assert _output(response, "answer").as_numpy().tolist() == labels
    assert _output(response, "probabilities").as_numpy().tolist() == chances


def test_a_dictionary_is_answered(address, labels):
    inputs = [
        {"name": name, "shape": [2], "datatype": datatype, "data": [row[name] for row in ROWS]}
        for name, datatype in TYPES.items()
    ]
    response = _ask("infer", address, {"inputs": inputs}, model_name="left")
    assert _output(response, "answer").as_numpy().tolist() == labels


def test_a_refusal_says_why(address):
    with pytest.raises(httpx.HTTPStatusError, match="There is no model 'right'"):
        _ask("infer", address, _request(binary=True), model_name="right")
