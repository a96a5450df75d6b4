from typing import Any

import pytest
from starlette.testclient import TestClient

from example_bundle import BINARY, MULTICLASS, REGRESSION, SCHEMA, make_bundle
from modelwright.data.schema import Column, Kind
from modelwright.serving.app import create_app
from modelwright.serving.container import VertexRoutes
from modelwright.serving.openapi.rows import _column

VERTEX = VertexRoutes(health="/well", predict="/score")
TASKS = pytest.mark.parametrize(
    "task", [BINARY, MULTICLASS, REGRESSION], ids=lambda task: task.kind
)


@pytest.fixture
def client(read) -> TestClient:
    return TestClient(create_app(read(covered=True), vertex=VERTEX))


def _described(client: TestClient) -> dict[str, Any]:
    return client.get("/openapi.json").json()


def test_the_columns_are_described_as_the_model_knows_them(client):
    described = _described(client)
    assert described["openapi"] == "3.1.0"
    row = described["components"]["schemas"]["Row"]
    assert list(row["properties"]) == list(SCHEMA.names)
    assert row["properties"]["age"] == {"type": ["number", "null"]}
    assert _column(Column(name="w", kind=Kind.NUMERIC, unit="kg"), make_bundle()) == {
        "type": ["number", "string", "null"],
        "description": "A number of kg",
    }
    assert row["properties"]["job"]["examples"] == ["cook", "clerk"]


def test_every_route_is_described_and_nothing_else(client):
    paths = _described(client)["paths"]
    served = {path for path in _routes(client) if "{" not in path}
    assert served < set(paths)
    for path, methods in paths.items():
        for method in methods:
            assert client.request(method, path).status_code not in (404, 405), path


@TASKS
def test_generators_of_clients_are_told_every_type(read, task):
    def schemas(part: Any) -> Any:
        if isinstance(part, dict):
            yield part
        for each in part.values() if isinstance(part, dict) else part:
            if isinstance(each, dict | list):
                yield from schemas(each)

    described = _described(TestClient(create_app(read(task, covered=True), vertex=VERTEX)))
    for schema in schemas(described["components"]["schemas"]):
        if isinstance(schema.get("enum"), list):
            assert schema["type"] in ("string", "integer", "boolean")
        if schema.get("type") == "array":
            assert "items" in schema


def _routes(client: TestClient) -> list[str]:
    return [route.path for route in client.app._app._app.routes]


@TASKS
def test_examples_are_true(read, task):
    client = TestClient(create_app(read(task), vertex=VERTEX))
    checked = 0
    for path, methods in _described(client)["paths"].items():
        for media, content in (
            methods.get("post", {}).get("requestBody", {"content": {}})["content"].items()
        ):
            if "example" not in content:
                continue
            sent = content["example"]
            body = {"content": sent} if isinstance(sent, str) else {"json": sent}
            response = client.post(path, headers={"content-type": media}, **body)
            assert response.status_code == 200, response.text
            told = methods["post"]["responses"]["200"]["content"].get("application/json", {})
            if "example" in told:
                assert response.json() == told["example"]
                checked += 1
    assert checked == 7


def test_what_is_referred_to_is_there(client):
    described = _described(client)

    def check(part: Any) -> None:
        if isinstance(part, dict):
            for place in [part["$ref"]] if "$ref" in part else []:
                found = described
                for name in place.removeprefix("#/").split("/"):
                    found = found[name]
            for inner in part.values():
                check(inner)
        elif isinstance(part, list):
            for inner in part:
                check(inner)

    check(described)


def test_operations_have_names_of_their_own(client):
    names = [
        told["operationId"]
        for methods in _described(client)["paths"].values()
        for told in methods.values()
    ]
    assert len(names) == len(set(names))
