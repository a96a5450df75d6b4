"""Starlette and msgspec under uvicorn, doing nothing but decode and encode."""

import sys
from typing import Any

import msgspec
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

ANSWER = {
    "predictions": [
        {"id": "0" * 24, "answer": "no", "probabilities": {"no": 0.8123456, "yes": 0.1876544}}
    ],
    "model": "0" * 64,
}


async def predict(request: Request) -> Response:
    """Decode, encode."""
    msgspec.json.decode(await request.body(), type=dict[str, Any])
    return Response(msgspec.json.encode(ANSWER), media_type="application/json")


async def ready(_: Request) -> Response:
    """Say that it is ready."""
    return Response(b"{}")


if __name__ == "__main__":
    routes = [Route("/predict", predict, methods=["POST"]), Route("/v2/health/ready", ready)]
    uvicorn.run(
        Starlette(routes=routes),
        port=int(sys.argv[1]),
        http="h11",
        log_level="warning",
        access_log=False,
    )
