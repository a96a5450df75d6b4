import asyncio
import io
import json
from dataclasses import replace

import numpy as np
import pytest
from prometheus_client.parser import text_string_to_metric_families
from starlette.testclient import TestClient

from example_bundle import REGRESSION, ROWS
from modelwright.predictor.operations.linear import Linear
from modelwright.predictor.program import Program
from modelwright.serving.app import Service, create_app
from modelwright.serving.limits import Limits
from modelwright.serving.log import Log
from modelwright.serving.settings import Settings
from modelwright.workspace.ledger.ledger import Ledger
from modelwright.workspace.ledger.writer import LedgerWriter


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [("GET", "/nothing", 404), ("GET", "/predict", 405), ("DELETE", "/v2", 405), ("PUT", "/", 405)],
)
def test_wrong_addresses_and_methods_are_errors_in_json(client, method, path, status):
    response = client.request(method, path)
    assert response.status_code == status
    assert list(response.json()) == ["error"]


def test_the_root_says_what_answers(bundle, client):
    assert client.get("/").json() == {"name": "left", "model": bundle.hash, "ready": True}


def test_every_answer_is_logged_as_it_was_given(bundle, tmp_path):
    with Ledger.open(tmp_path / "ledger.db") as ledger, LedgerWriter(ledger) as writer:
        app = create_app(bundle, ledger_writer=writer, clock=lambda: 77)
        with TestClient(app) as client:
            sent = {"rows": ROWS, "ids": ["a", "b", "c", "d"]}
            answered = client.post("/predict", json=sent).json()["predictions"]
            client.post("/predict", json={"age": "old"})
        # The end of the app has flushed; the writer is not closed yet.
        logged = list(ledger.read_window())
    assert [row.output for row in logged] == answered
    assert [row.inputs for row in logged] == ROWS
    assert {(row.at, row.version) for row in logged} == {(77, bundle.hash)}
    assert all(row.latency_s > 0 for row in logged)


def test_rows_of_the_protocol_are_logged_under_its_id(bundle, tmp_path):
    tensors = [
        {"name": name, "datatype": kind, "shape": [2], "data": [None, None]}
        for name, kind in zip(bundle.schema.names, ("FP64", "BOOL", "BYTES", "BYTES"), strict=True)
    ]
    with Ledger.open(tmp_path / "ledger.db") as ledger:
        with (
            LedgerWriter(ledger) as writer,
            TestClient(create_app(bundle, ledger_writer=writer)) as client,
        ):
            asked = {"id": "q", "inputs": tensors}
            assert client.post("/v2/models/left/infer", json=asked).status_code == 200
        assert [row.id for row in ledger.read_window()] == ["q-0", "q-1"]


def test_a_token_is_asked_of_everything_but_health(bundle):
    client = TestClient(create_app(bundle, token="se\u00e7ret"))
    for path in ("/", "/v2/health/live", "/v2/health/ready"):
        assert client.get(path).status_code == 200
    for path in ("/metrics", "/openapi.json", "/v2", "/nothing"):
        assert client.get(path).status_code == 401
    for given in ("Bearer secret", "se\u00e7ret", "", "Bearer"):
        response = client.post("/predict", json={}, headers={"Authorization": given.encode()})
        assert (response.status_code, list(response.json())) == (401, ["error"])
        assert response.headers["www-authenticate"] == "Bearer"
    right = {"Authorization": "Bearer se\u00e7ret".encode()}
    assert client.post("/predict", json={}, headers=right).status_code == 200


def test_any_of_several_tokens_is_enough(bundle):
    client = TestClient(Service(bundle, Settings(tokens=("one", "two"))))
    for token, status in (("one", 200), ("two", 200), ("three", 401), ("one two", 401)):
        sent = {"Authorization": f"Bearer {token}"}
        assert client.post("/predict", json={}, headers=sent).status_code == status


def test_pages_of_some_sites_may_ask_before_they_have_a_token(bundle):
    settings = Settings(tokens=("one",), origins=("https://shop.example",))
    client = TestClient(Service(bundle, settings))
    asked = {"Access-Control-Request-Method": "POST"}
    allowed = client.options("/predict", headers={"Origin": "https://shop.example", **asked})
    assert allowed.status_code == 200
    assert allowed.headers["access-control-allow-origin"] == "https://shop.example"
    other = client.options("/predict", headers={"Origin": "https://evil.example", **asked})
    assert "access-control-allow-origin" not in other.headers
    assert other.status_code == 400
    assert "'https://evil.example' may not ask here" in other.json()["error"]
    strange = {**asked, "Access-Control-Request-Headers": "x-evil"}
    refused = client.options("/predict", headers={"Origin": "https://shop.example", **strange})
    assert "'x-evil'" in refused.json()["error"]
    assert refused.json()["error"].count("content-type") == 1
    private = {**asked, "Access-Control-Request-Private-Network": "true"}
    refused = client.options("/predict", headers={"Origin": "https://shop.example", **private})
    assert refused.status_code == 400
    assert refused.json()["error"].startswith("The server is in a private network")
    sent = {"Origin": "https://shop.example", "Authorization": "Bearer one"}
    answered = client.post("/predict", json={}, headers=sent)
    assert answered.headers["access-control-allow-origin"] == "https://shop.example"


def test_an_answer_has_the_id_of_its_request(bundle, client):
    given = client.get("/", headers={"X-Request-Id": "from-my-shop:7"})
    assert given.headers["x-request-id"] == "from-my-shop:7"
    made = {
        client.get("/", headers={"X-Request-Id": bad}).headers["x-request-id"]
        for bad in ("", "two words", "x" * 65)
    }
    assert len(made) == 3
    assert client.post("/predict", content=b"{").headers["x-request-id"]


def test_requests_are_logged_without_what_they_say(bundle):
    out = io.StringIO()
    service = Service(bundle, log=Log(out, requests=True))
    client = TestClient(service)
    client.post("/predict?name=Smith", json={"job": "Smith"}, headers={"X-Request-Id": "r1"})
    client.get("/Smith")
    first, second = (json.loads(line) for line in out.getvalue().splitlines())
    assert (first["id"], first["endpoint"], first["status"]) == ("r1", "predict", 200)
    assert (second["endpoint"], second["status"]) == ("none", 404)
    assert "Smith" not in out.getvalue()


def test_a_service_that_ends_is_not_ready_but_answers(bundle):
    service = Service(bundle)
    client = TestClient(service)
    service.draining = True
    for path in ("/", "/v2/health/ready", "/v2/models/left/ready"):
        answered = client.get(path)
        assert (answered.status_code, answered.json()["ready"]) == (503, False)
    assert client.get("/v2/health/live").status_code == 200
    assert client.post("/predict", json={}).status_code == 200


def test_another_bundle_answers_from_the_next_request_on(bundle):
    service = Service(bundle)
    client = TestClient(service)
    assert client.post("/predict", json={}).json()["model"] == bundle.hash
    service.replace(replace(bundle, hash="another"))
    assert client.post("/predict", json={}).json()["model"] == "another"
    assert 'version="another"' in client.get("/metrics").text
    assert "modelwright_predictions_total 2" in client.get("/metrics").text


def test_a_field_that_stands_twice_is_refused(client):
    answered = client.post("/predict", content=b'{"rows": [{"age": 1, "age": 2}]}')
    assert answered.status_code == 400
    assert "'age' stands twice" in answered.json()["error"]
    doubled = b'{"inputs": [], "inputs": []}'
    assert client.post("/v2/models/left/infer", content=doubled).status_code == 400


def test_metrics_are_counted(client):
    client.post("/predict", json={"rows": ROWS})
    client.post("/predict", json={"age": "old"})
    client.get("/a-path-that-must-not-become-a-label")
    families = text_string_to_metric_families(client.get("/metrics").text)
    samples = {
        (sample.name, *sample.labels.values()): sample.value
        for family in families
        for sample in family.samples
    }
    assert samples["modelwright_predictions_total",] == 4
    assert samples["modelwright_requests_total", "predict", "200"] == 1
    assert samples["modelwright_requests_total", "predict", "422"] == 1
    assert samples["modelwright_requests_total", "none", "404"] == 1
    assert samples["modelwright_request_seconds_count", "predict"] == 2


def test_a_slow_body_is_cut_off_and_a_full_queue_told(bundle):
    """Speaks ASGI itself: a client that sends nothing, and one that comes meanwhile."""
    app = create_app(bundle, limits=Limits(seconds=0.2, requests=1))

    async def ask(path: str, *, silent: bool) -> tuple[int, bytes]:
        sent = []

        async def receive():
            if silent:
                await asyncio.sleep(60)
            return {"type": "http.request", "body": b"{}", "more_body": False}

        async def send(message):
            sent.append(message)

        scope = {"type": "http", "method": "POST", "path": path, "headers": [], "query_string": b""}
        await app(scope, receive, send)
        return sent[0]["status"], sent[1]["body"]

    async def both():
        slow = asyncio.create_task(ask("/predict", silent=True))
        await asyncio.sleep(0.05)
        quick = await ask("/predict", silent=False)
        return await slow, quick, await ask("/predict", silent=False)

    slow, quick, later = asyncio.run(both())
    assert (slow[0], "0.2 seconds" in slow[1].decode()) == (503, True)
    assert (quick[0], "busy" in quick[1].decode()) == (503, True)
    assert later[0] == 200


def test_a_fault_of_the_server_shows_no_traceback(bundle, monkeypatch):
    def broken(self, rows):
        raise ZeroDivisionError("secret of the house")

    monkeypatch.setattr(type(bundle), "run_rows", broken)
    client = TestClient(create_app(bundle), raise_server_exceptions=False)
    response = client.post("/predict", json={})
    assert (response.status_code, response.json()) == (500, {"error": "The server failed."})


def test_an_answer_that_is_not_finite_is_refused(bundle):
    steep = Linear(
        inputs=("column:age",), output="y", weights=np.array([[10.0]]), bias=np.array([0.0])
    )
    program = Program(task=REGRESSION, inputs=bundle.program.inputs, steps=(steep,), answer="y")
    client = TestClient(create_app(replace(bundle, program=program)))
    assert client.post("/predict", json={"age": 1e300}).status_code == 200
    response = client.post("/predict", json={"rows": [{"age": 1}, {"age": 1e308}]})
    assert response.status_code == 422
    assert "no finite answer for row 2" in response.json()["error"]
