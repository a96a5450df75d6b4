"""What a server tells about itself: its model, its routes, its counts."""

from collections.abc import Callable, Sequence
from functools import cache

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from modelwright.data.schema import Column
from modelwright.predictor.bundle import Bundle
from modelwright.serving.container import VertexRoutes
from modelwright.serving.limits import Limits
from modelwright.serving.metrics import Metrics
from modelwright.serving.openapi.document import describe
from modelwright.serving.wire.messages import json_response


def about_routes(
    bundle: Bundle,
    limits: Limits,
    metrics: Metrics,
    vertex: VertexRoutes | None,
    *,
    state: Callable[[], dict[str, str]],
    beside: Sequence[Column],
) -> list[Route]:
    """Return the routes that tell about the server.

    Parameters
    ----------
    bundle, limits, metrics, vertex
        What is told of.
    state
        Says how what the server depends on does, in a word each.
    beside
        Columns of rows that only say which related rows are theirs.
    """

    @cache
    def description() -> bytes:
        return msgspec.json.encode(describe(bundle, limits, vertex=vertex, beside=beside))

    async def root(_: Request) -> Response:
        about = {"name": bundle.name, "model": bundle.hash, "ready": True}
        return json_response({**about, **state()})

    async def openapi(_: Request) -> Response:
        return Response(description(), media_type="application/json")

    async def counts(_: Request) -> Response:
        return metrics.response()

    return [Route("/", root), Route("/openapi.json", openapi), Route("/metrics", counts)]
