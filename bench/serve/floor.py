"""The same stack without a model: ``python -m bench.serve.floor --port 8000``.

It reads the same bodies as JSON and answers with JSON of the same size, on the same connections and
behind the same guard, while a request is read or, with ``--app``, by the routes of an app; all that
it leaves out is the model.
"""

import argparse
import asyncio
import socket
import time
from pathlib import Path
from typing import Any

import msgspec
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from modelwright.serving.limits import USUAL_LIMITS
from modelwright.serving.log import Log
from modelwright.serving.metrics import Memory, Metrics
from modelwright.serving.wire.direct import Direct
from modelwright.serving.wire.guard import Guard
from modelwright.serving.wire.head import Head
from modelwright.serving.wire.listener import Listener
from modelwright.serving.wire.messages import JSON, decode_json, json_response, read_body

_ANSWER = {
    "predictions": [
        {
            "id": "000000000000000000000000",
            "answer": "no",
            "probabilities": {"no": 0.8123456789012345, "yes": 0.1876543210987655},
            "set": ["no"],
            "coverage": 0.9,
        }
    ],
    "model": "0" * 64,
}


def _told(body: bytes) -> bytes:
    decode_json(body, dict[str, Any])
    return msgspec.json.encode(_ANSWER)


async def _predict(request: Request) -> Response:
    told = _told(await read_body(request, USUAL_LIMITS.body_bytes))
    return Response(told, media_type=JSON)


async def _health(_: Request) -> Response:
    return json_response({"live": True, "ready": True})


async def _serve(listening: socket.socket, *, by_app: bool) -> None:
    metrics = Metrics(Memory())
    routes = [
        Route("/predict", _predict, methods=["POST"]),
        Route("/v2/health/ready", _health),
    ]
    guard = Guard(
        Direct(Starlette(routes=routes), {("POST", "/predict"): _predict}),
        limits=USUAL_LIMITS,
        metrics=metrics,
        tokens=(),
        log=Log(),
        timer=time.perf_counter,
        draining=lambda: False,
    )

    def at_once(head: Head, body: bytes) -> bytes | None:
        if by_app or head.method != "POST" or head.path != "/predict":
            return None
        return guard.at_once(head, "predict", lambda: _told(body))

    listener = Listener(
        guard,
        limits=USUAL_LIMITS,
        refused=_say_nothing,
        abandoned=_say_nothing,
        failed=_say_nothing,
        tick=_say_nothing,
        clock=time.time,
        at_once=at_once,
    )
    await listener.run(listening, tls=None, until=asyncio.Event())


def _say_nothing(*_: object) -> None:
    """Nobody listens."""


def main() -> None:
    """Serve until killed."""
    parser = argparse.ArgumentParser()
    parser.add_argument("bundle", type=Path, help="Not read; there because others need it.")
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--app", action="store_true", help="Let an app answer.")
    given = parser.parse_args()
    with socket.create_server(("127.0.0.1", given.port), backlog=512) as listening:
        listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        asyncio.run(_serve(listening, by_app=given.app))


if __name__ == "__main__":
    main()
