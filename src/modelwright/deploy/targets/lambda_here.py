"""The folder's runtime answers events of AWS Lambda, which a stand-in of its API hands out."""

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import msgspec

from modelwright.compute.process import BackgroundProcess, python
from modelwright.deploy.targets.base import Validation
from modelwright.deploy.targets.engine import Engine
from modelwright.deploy.targets.image_here import HARDENED, by_image
from modelwright.deploy.targets.parts import BUNDLE, RUNTIME
from modelwright.deploy.targets.validators import verdict
from modelwright.errors import ServiceError
from modelwright.predictor.bundle import Bundle
from modelwright.predictor.bundle_folder import read_bundle

_NAME = "its runtime answers events of AWS Lambda"
_WAIT_S = 60.0
_WRONG = {"no such column \u2205": 1}


class StandIn(ThreadingHTTPServer):
    """The runtime API, with some events to hand out.

    Parameters
    ----------
    events
        Handed out one after the other; then the client waits.
    """

    daemon_threads = True

    def __init__(self, events: list[Any]) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.events = [*enumerate(events)]
        self.answers: dict[str, Any] = {}
        self.expected = len(events)
        self.done = threading.Event()

    @property
    def address(self) -> str:
        """Its host and port."""
        return f"127.0.0.1:{self.server_address[1]}"

    def handle_error(self, *_: Any) -> None:
        """Say nothing of a client that ends while it waits for an event that never comes."""


class _Handler(BaseHTTPRequestHandler):
    server: StandIn
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        if not self.server.events:
            self.server.done.wait(_WAIT_S)
            return self._give(b"", 410)
        number, event = self.server.events.pop(0)
        return self._give(msgspec.json.encode(event), 200, number)

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        number, kind = self.path.split("/")[-2:]
        self.server.answers[f"{kind} {number}"] = msgspec.json.decode(body)
        self._give(b"{}", 202)
        if len(self.server.answers) == self.server.expected:
            self.server.done.set()

    def _give(self, body: bytes, status: int, number: int = 0) -> None:
        self.send_response(status)
        # What Lambda sends with every event; clients of its own end without them.
        for name, value in {
            "Lambda-Runtime-Aws-Request-Id": str(number),
            "Lambda-Runtime-Deadline-Ms": "9999999999999",
            "Lambda-Runtime-Invoked-Function-Arn": "arn:aws:lambda:x:1:function:model",
            "Lambda-Runtime-Trace-Id": "Root=1-0-0",
            "Lambda-Runtime-Client-Context": "{}",
            "Lambda-Runtime-Cognito-Identity": "{}",
            "Content-Length": str(len(body)),
        }.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


def answers_events(folder: Path) -> Validation:
    """Hand out the recorded rows, an HTTP request and a wrong event."""
    bundle = read_bundle(folder / BUNDLE)
    with _handing_out(bundle) as api:
        command = python("-m", "modelwright.serving.aws_lambda", str(folder / BUNDLE))
        environment = {
            **os.environ,
            "PYTHONPATH": str((folder / RUNTIME).absolute()),
            "PYTHONDONTWRITEBYTECODE": "1",
            "AWS_LAMBDA_RUNTIME_API": api.address,
            "MODELWRIGHT_TOKEN": "",
        }
        try:
            with BackgroundProcess(
                command, ready=api.done.is_set, timeout_s=_WAIT_S, env=environment
            ):
                pass
        except ServiceError as error:
            return Validation(_NAME, False, str(error))
    return verdict(_NAME, _faults(api.answers, bundle), _evidence(bundle))


def _image_answers(engine: Engine, image: str, folder: Path) -> tuple[list[str], str]:
    bundle = read_bundle(folder / BUNDLE)
    with _handing_out(bundle) as api:
        address = f"--env=AWS_LAMBDA_RUNTIME_API={api.address}"
        with engine.running(image, (*HARDENED, "--network=host", address)) as container:
            container.wait_until(api.done.is_set)
            user = container.user
    root = ["it runs as root"] if user == "0" else []
    return _faults(api.answers, bundle) + root, f"{_evidence(bundle)}; user {user}"


image_answers_events = by_image(
    "its image, built here, answers events without root and cannot write its files", _image_answers
)


@contextmanager
def _handing_out(bundle: Bundle) -> Iterator[StandIn]:
    rows = [case.record for case in bundle.cases]
    address = {"requestContext": {"http": {"method": "GET"}}, "rawPath": "/"}
    with StandIn([{"rows": rows} if rows else {}, address, _WRONG]) as api:
        threading.Thread(target=api.serve_forever, daemon=True).start()
        try:
            yield api
        finally:
            api.shutdown()


def _evidence(bundle: Bundle) -> str:
    rows = len(bundle.cases)
    return f"{rows} rows in an event, bit for bit; an HTTP request; a wrong event refused"


def _faults(answers: dict[str, Any], bundle: Bundle) -> list[str]:
    faults = []
    given = answers.get("response 0", {}).get("predictions", [])
    for case, prediction in zip(bundle.cases, given, strict=False):
        values = (prediction.get("probabilities") or {"": prediction["answer"]}).values()
        if tuple(values) != case.expected:
            faults.append(f"{case.name}: {list(case.expected)} recorded, {prediction} answered")
    if len(given) < len(bundle.cases):
        faults.append(f"rows: {str(answers)[:200]}")
    if bundle.hash not in answers.get("response 1", {}).get("body", ""):
        faults.append(f"GET /: {answers.get('response 1')}")
    if "error 2" not in answers:
        faults.append(f"a wrong event: {answers.get('response 2')}")
    return faults
