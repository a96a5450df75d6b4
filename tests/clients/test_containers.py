"""What SageMaker and Vertex AI start and ask: the argument, the port, the routes."""

import json
import socket
from urllib.request import Request, urlopen

from conftest import ROWS, serving


def _free_port() -> str:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        return str(listening.getsockname()[1])


def _ask(address: str, body: dict) -> dict:
    headers = {"Content-Type": "application/json"}
    with urlopen(Request(address, json.dumps(body).encode(), headers)) as response:
        return json.load(response)


def test_sagemaker_starts_serve(bundles, labels):
    port = _free_port()
    with serving("serve", str(bundles / "left"), SAGEMAKER_BIND_TO_PORT=port):
        address = f"http://127.0.0.1:{port}"
        with urlopen(f"{address}/ping") as response:
            assert response.status == 200
        assert _ask(f"{address}/invocations", {"instances": ROWS}) == {"predictions": labels}


def test_vertex_ai_names_port_and_routes(bundles, labels):
    base, port = "/v1/endpoints/7/deployedModels/8", _free_port()
    named = {
        "AIP_HTTP_PORT": port,
        "AIP_HEALTH_ROUTE": base,
        "AIP_PREDICT_ROUTE": f"{base}:predict",
    }
    with serving("serve", str(bundles / "left"), **named):
        address = f"http://127.0.0.1:{port}{base}"
        with urlopen(address) as response:
            assert response.status == 200
        assert _ask(f"{address}:predict", {"instances": ROWS}) == {"predictions": labels}
