"""Every route of a model's server."""

import time
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp

from modelwright.predictor.bundle import Bundle
from modelwright.serving.guard import Guard
from modelwright.serving.limits import USUAL_LIMITS, Limits
from modelwright.serving.messages import fail, json_response, refuse
from modelwright.serving.metrics import Metrics
from modelwright.serving.openapi import describe
from modelwright.serving.plain import Plain
from modelwright.serving.protocol import Protocol, model_version
from modelwright.serving.responder import Responder, now_us, random_id
from modelwright.workspace.ledger_writer import LedgerWriter


def create_app(
    bundle: Bundle,
    *,
    ledger_writer: LedgerWriter | None = None,
    limits: Limits = USUAL_LIMITS,
    token: str | None = None,
    clock: Callable[[], int] = now_us,
    new_id: Callable[[], str] = random_id,
) -> ASGIApp:
    """Return the ASGI app that answers with a bundle.

    Parameters
    ----------
    bundle
        What `read_bundle` returned.
    ledger_writer
        Where answers are logged; it is flushed when the app ends, and closed by the caller.
    limits
        How much one request may ask for.
    token
        What clients send as a Bearer; None lets everybody in who can reach the server.
    clock
        Tells the time in microseconds since 1970, for the ledger.
    new_id
        Names answers whose client gives no id.
    """
    metrics = Metrics(bundle.name, model_version(bundle), ledger_writer)
    responder = Responder(bundle, ledger_writer=ledger_writer, metrics=metrics, clock=clock)
    app = Starlette(
        routes=[
            *_about(bundle, limits, metrics),
            Route("/predict", Plain(responder, limits, new_id).predict, methods=["POST"]),
            *Protocol(responder, limits, new_id).routes,
        ],
        exception_handlers={HTTPException: refuse, Exception: fail},
        lifespan=_flushing(ledger_writer),
    )
    # Clients of the protocol do not follow redirections from /v2/ to /v2.
    app.router.redirect_slashes = False
    return Guard(app, limits=limits, metrics=metrics, token=token, timer=time.perf_counter)


def _about(bundle: Bundle, limits: Limits, metrics: Metrics) -> list[Route]:
    description = describe(bundle, limits)

    async def root(_: Request) -> Response:
        return json_response({"name": bundle.name, "model": bundle.hash, "ready": True})

    async def openapi(_: Request) -> Response:
        return json_response(description)

    async def counts(_: Request) -> Response:
        return metrics.response()

    return [Route("/", root), Route("/openapi.json", openapi), Route("/metrics", counts)]


def _flushing(
    ledger_writer: LedgerWriter | None,
) -> Callable[[Starlette], AbstractAsyncContextManager[None]]:
    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        yield
        if ledger_writer is not None:
            await run_in_threadpool(ledger_writer.flush)

    return lifespan
