import pytest
from starlette.testclient import TestClient

from example_bundle import ROWS
from modelwright.serving.app import create_app
from modelwright.serving.container import VertexRoutes

BASE = "/v1/endpoints/7/deployedModels/8"
ROUTES = VertexRoutes(health=BASE, predict=f"{BASE}:predict")


@pytest.fixture
def platform(bundle) -> TestClient:
    return TestClient(create_app(bundle, token="secret", vertex=ROUTES))


def test_health_needs_no_token(platform):
    assert platform.get(BASE).status_code == 200
    assert platform.post(f"{BASE}:predict", json={}).status_code == 401


def test_instances_are_predicted(platform):
    headers = {"Authorization": "Bearer secret", "Content-Type": "text/plain"}
    asked = {"instances": [ROWS[0], list(ROWS[1].values())], "parameters": {"answers": "full"}}
    answered = platform.post(f"{BASE}:predict", json=asked, headers=headers).json()
    full = platform.post("/predict", json={"rows": ROWS[:2]}, headers=headers).json()
    assert [{**one, "id": ""} for one in answered["predictions"]] == [
        {**one, "id": ""} for one in full["predictions"]
    ]
    for wrong in ([], {}, {"instances": []}, {"instances": ROWS, "parameters": 3}):
        response = platform.post(f"{BASE}:predict", json=wrong, headers=headers)
        assert (response.status_code, list(response.json())) == (400, ["error"])


def test_its_routes_go_before_those_of_the_server(bundle):
    routes = VertexRoutes(health="/ready", predict="/predict")
    client = TestClient(create_app(bundle, vertex=routes))
    assert client.post("/predict", json={"instances": ROWS}).json()["predictions"][0] == "yes"
