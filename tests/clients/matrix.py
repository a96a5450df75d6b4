"""Asks any server of the Open Inference Protocol what its clients ask, and prints what came of it.

``python matrix.py ADDRESS [METRICS_ADDRESS]``, with a model ``left`` behind the address, prints a
line for each check.
"""

import asyncio
import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from itertools import product
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import HTTPRedirectHandler, Request, build_opener, urlopen

import numpy as np
import tritonclient.http as triton
from kserve import InferenceRESTClient, InferInput, InferRequest, RESTConfig
from open_inference import describe

ROWS = {"age": [39.0, 20.5], "member": [True, False], "job": ["clerk", "cook"]}
ROWS["seen"] = ["2024-03-01", "2024-12-31"]
TYPES = {"age": "FP64", "member": "BOOL", "job": "BYTES", "seen": "BYTES"}
KINDS = {"FP64": np.float64, "BOOL": bool, "BYTES": object}
HERE = Path(__file__).parent
MODEL = "/v2/models/left"

Check = Callable[[], object]


def checks(address: str, metrics: str | None) -> Iterator[tuple[str, Check]]:
    """Return every check: it returns False or raises when it fails."""
    client = triton.InferenceServerClient(address.removeprefix("http://"))
    yield (
        "tritonclient: live, ready, model ready",
        lambda: all(
            [client.is_server_live(), client.is_server_ready(), client.is_model_ready("left")]
        ),
    )
    yield "tritonclient: metadata", lambda: client.get_model_metadata("left")["inputs"]
    for bytes_in, bytes_out in product([False, True], repeat=2):
        name = f"tritonclient: {_form(bytes_in)} in, {_form(bytes_out)} out"
        yield name, lambda i=bytes_in, o=bytes_out: _triton(client, bytes_in=i, bytes_out=o)
    yield "tritonclient: error as a sentence", lambda: _refused_by_triton(client)
    yield "kserve client: live, ready", lambda: _kserve_ready(address)
    for binary in (False, True):
        yield f"kserve client: {_form(binary)} in", lambda b=binary: _kserve(address, binary=b)
    yield "java.net.http (offers h2c)", lambda: _java(address)
    yield "GET /v2/ without redirection", lambda: _status(address, "/v2/") == 200
    yield "path with a version", lambda: _versioned(address)
    infer = f"{MODEL}/infer"
    sound = {"inputs": _json_tensors()}
    unknown = "/v2/models/x/infer"
    yield "unknown model: 404 and a sentence", lambda: _refusal(address, unknown, sound) == 404
    for what, body in _wrong().items():
        yield f"{what}: 4xx and a sentence", lambda b=body: _refusal(address, infer, b) < 500
    yield "schemathesis", lambda: _schemathesis(address)
    if metrics:
        yield "promtool check metrics", lambda: _promtool(metrics)


def _form(binary: bool) -> str:
    return "bytes" if binary else "JSON"


def _tensors(kind: type, *, binary: bool) -> list:
    tensors = []
    for name, datatype in TYPES.items():
        tensor = kind(name, [2], datatype)
        tensor.set_data_from_numpy(np.array(ROWS[name], KINDS[datatype]), binary_data=binary)
        tensors.append(tensor)
    return tensors


def _json_tensors() -> list[dict]:
    return [
        {"name": name, "shape": [2], "datatype": datatype, "data": ROWS[name]}
        for name, datatype in TYPES.items()
    ]


def _wrong() -> dict[str, dict]:
    age, *others = _json_tensors()
    return {
        "no inputs": {"inputs": []},
        "an input missing": {"inputs": others},
        "an unknown input": {"inputs": [{**age, "name": "agee"}, *others]},
        "another datatype than declared": {"inputs": [{**age, "datatype": "BOOL"}, *others]},
        "fewer values than the shape says": {"inputs": [{**age, "data": [1.0]}, *others]},
        "data that is no list": {"inputs": [{**age, "data": "39"}, *others]},
    }


def _triton(client: triton.InferenceServerClient, *, bytes_in: bool, bytes_out: bool) -> bool:
    wanted = [triton.InferRequestedOutput("answer", binary_data=bytes_out)]
    inputs = _tensors(triton.InferInput, binary=bytes_in)
    result = client.infer("left", inputs, outputs=wanted, request_id="q7")
    answers = result.as_numpy("answer").ravel().tolist()
    return len(answers) == 2 and result.get_response()["id"] == "q7"


def _refused_by_triton(client: triton.InferenceServerClient) -> bool:
    try:
        client.infer("x", _tensors(triton.InferInput, binary=False))
    except triton.InferenceServerException as error:
        return bool(error.message()) and "{" not in error.message()
    return False


def _kserve_ready(address: str) -> bool:
    async def ask() -> bool:
        async with InferenceRESTClient(RESTConfig(protocol="v2")) as client:
            return await client.is_server_live(address) and await client.is_server_ready(address)

    return asyncio.run(ask())


def _kserve(address: str, *, binary: bool) -> bool:
    async def ask() -> bool:
        async with InferenceRESTClient(RESTConfig(protocol="v2")) as client:
            asked = InferRequest("left", _tensors(InferInput, binary=binary), request_id="q7")
            response = await client.infer(address, asked, model_name="left")
            return len(response.outputs[0].as_numpy()) == 2

    return asyncio.run(ask())


def _java(address: str) -> bool:
    body = json.dumps({"inputs": _json_tensors()})
    command = ["java", str(HERE / "AsksLikeJava.java"), f"{address}{MODEL}/infer", body]
    told = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    return [line[:3] for line in told.splitlines()] == ["200", "200"]


def _status(address: str, path: str, body: dict | None = None) -> int:
    class Straight(HTTPRedirectHandler):
        def redirect_request(self, *_):
            return None

    headers = {"Content-Type": "application/json"}
    data = None if body is None else json.dumps(body).encode()
    try:
        with build_opener(Straight).open(Request(address + path, data, headers)) as response:
            return response.status
    except HTTPError as error:
        return error.code


def _versioned(address: str) -> bool:
    with urlopen(address + MODEL) as response:
        versions = json.load(response).get("versions") or ["1"]
    path = f"{MODEL}/versions/{versions[0]}/infer"
    return _status(address, path, {"inputs": _json_tensors()}) == 200


def _refusal(address: str, path: str, body: dict) -> int:
    """Return the status of a refusal; 999 when it was none, or has another body than it should."""
    request = Request(
        address + path, json.dumps(body).encode(), {"Content-Type": "application/json"}
    )
    try:
        urlopen(request).close()
    except HTTPError as error:
        with suppress(ValueError):
            told = json.load(error)
            if isinstance(told, dict) and isinstance(told.get("error"), str):
                return error.code
    return 999


def _schemathesis(address: str) -> bool:
    with urlopen(address + MODEL) as response:
        metadata = json.load(response)
    metadata["versions"] = metadata.get("versions") or []
    with tempfile.TemporaryDirectory() as folder:
        described = Path(folder, "open-inference.json")
        described.write_text(json.dumps(describe(metadata)))
        program = Path(sys.executable).with_name("schemathesis")
        command = [str(program), "run", str(described), f"--url={address}", "--seed=7"]
        command += ["--max-examples=60", "--checks=not_a_server_error,status_code_conformance"]
        command[-1] += ",content_type_conformance,response_schema_conformance"
        told = subprocess.run(command, capture_output=True, text=True, cwd=folder)
    failures = [line for line in told.stdout.splitlines() if "generated" in line or "❌ " in line]
    print("   ", *(line.strip() for line in failures if line.strip()), sep="\n    ")
    return told.returncode == 0


def _promtool(metrics: str) -> bool:
    program = shutil.which("promtool")
    if program is None:
        raise FileNotFoundError("promtool")
    with urlopen(metrics) as response:
        counts = response.read()
    told = subprocess.run([program, "check", "metrics"], input=counts, capture_output=True)
    return bool(counts) and told.returncode == 0


def main() -> None:
    """Check one server."""
    address, *metrics = sys.argv[1:]
    for name, check in checks(address, metrics[0] if metrics else None):
        try:
            told = "yes" if check() else "no"
        except Exception as error:  # noqa: BLE001 - whatever a client raises is its verdict
            told = f"no: {type(error).__name__}: {str(error)[:150]!r}"
        print(f"{name:55} {told}", flush=True)


if __name__ == "__main__":
    main()
