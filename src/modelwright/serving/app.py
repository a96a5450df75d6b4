"""Every route of a model's server, and the model behind them, which may be replaced."""

import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from modelwright.data.schema import Column, Schema
from modelwright.errors import ServiceError, WorkspaceError
from modelwright.predictor.bundle import Bundle
from modelwright.serving.about import about_routes
from modelwright.serving.answers.answering import Answering
from modelwright.serving.answers.intake import CONTRACT_HEADER
from modelwright.serving.answers.naming import now_us
from modelwright.serving.answers.responder import VERSION_HEADER, Responder
from modelwright.serving.container import VertexRoutes
from modelwright.serving.duty import Duty
from modelwright.serving.features.desk import FeatureDesk, FeatureDesks
from modelwright.serving.limits import USUAL_LIMITS, Limits
from modelwright.serving.log import Log
from modelwright.serving.metrics import Memory, Metrics
from modelwright.serving.protocols.batch import PATH, Batch
from modelwright.serving.protocols.binary import LENGTH_HEADER
from modelwright.serving.protocols.explaining import PATH as EXPLAIN
from modelwright.serving.protocols.explaining import Explaining
from modelwright.serving.protocols.invocations import Invocations
from modelwright.serving.protocols.mlflow import mlflow_routes
from modelwright.serving.protocols.plain import PATH as PREDICT
from modelwright.serving.protocols.plain import Plain
from modelwright.serving.protocols.protocol import Protocol, model_version
from modelwright.serving.protocols.quick import QuickRoutes, quick_routes
from modelwright.serving.protocols.sagemaker import SageMaker
from modelwright.serving.protocols.vertex import platform_routes
from modelwright.serving.settings import Settings
from modelwright.serving.trials.canary import Canary
from modelwright.serving.trials.lineup import Rival
from modelwright.serving.wire.direct import Direct
from modelwright.serving.wire.guard import OPEN, Guard
from modelwright.serving.wire.head import Head
from modelwright.serving.wire.messages import fail, refuse, refuse_unfed, refuse_unlogged
from modelwright.serving.wire.sharing import Sharing
from modelwright.workspace.ledger.writer import LedgerWriter

_USUAL = Settings()


def create_app(
    bundle: Bundle,
    *,
    ledger_writer: LedgerWriter | None = None,
    limits: Limits = USUAL_LIMITS,
    token: str | None = None,
    vertex: VertexRoutes | None = None,
    clock: Callable[[], int] = now_us,
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
    vertex
        Where Vertex AI asks; None elsewhere. Its routes go before all others.
    clock
        Tells the time in microseconds since 1970, for the ledger.
    """
    tokens = () if token is None else (token,)
    return Service(
        bundle,
        Settings(limits=limits, tokens=tokens, vertex=vertex),
        ledger_writer=ledger_writer,
        clock=clock,
    )


class Service:
    """The ASGI app of a bundle; another bundle can take its place while it answers.

    Parameters
    ----------
    bundle, ledger_writer, clock
        As in `create_app`.
    settings
        Its limits, tokens, origins, contract, vertex and features are heeded.
    log
        Where requests and faults are told.
    metrics
        Where requests are counted.
    """

    def __init__(
        self,
        bundle: Bundle,
        settings: Settings = _USUAL,
        *,
        ledger_writer: LedgerWriter | None = None,
        clock: Callable[[], int] = now_us,
        log: Log | None = None,
        metrics: Metrics | None = None,
    ) -> None:
        self.bundle = bundle
        self.draining = False
        self.at_work: Callable[[], int] = lambda: 1
        vertex = settings.vertex
        self.probes = OPEN if vertex is None else OPEN | {vertex.health}
        self.metrics = metrics or Metrics(Memory())
        self._log = log or Log()
        self._settings = settings
        self._ledger_writer = ledger_writer
        self._clock = clock
        if ledger_writer is not None:
            self.metrics.show("ledger_dropped_predictions", lambda: ledger_writer.dropped)
            self.metrics.show("ledger_waiting_bytes", lambda: ledger_writer.waiting_bytes)
            self.metrics.show("ledger_failing", lambda: ledger_writer.last_error is not None)
        self._desks: FeatureDesks | None = None
        if settings.features is not None:
            desks = FeatureDesks(settings.features, self.metrics, told=self._tell_features)
            self.metrics.show("features_failing", lambda: desks.failing)
            self._desks = desks
        self._app: ASGIApp
        self._quick: QuickRoutes
        self.replace(bundle)
        guard = self._guard = Guard(
            self._answer,
            limits=settings.limits,
            metrics=self.metrics,
            tokens=settings.tokens,
            log=self._log,
            timer=time.perf_counter,
            draining=lambda: self.draining or not self._has_features(),
            probes=self.probes,
        )
        self._outermost = _sharing(guard, settings.origins) if settings.origins else guard

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self._outermost(scope, receive, send)

    def at_once(self, head: Head, body: bytes) -> bytes | None:
        """Answer few rows while they are read; None where a request goes the usual way.

        They get the same answer either way: what cannot be answered is refused there.

        Parameters
        ----------
        head, body
            Of the request, which is whole.

        Returns
        -------
        bytes
            What follows the date in an answer with the status 200.
        """
        quick = self._quick.find(head, body)
        if quick is None:
            return None
        return self._guard.at_once(head, quick.endpoint, lambda: quick.answer(body))

    def replace(self, bundle: Bundle, rival: Rival | None = None) -> None:
        """Answer with other bundles from the next request on; those at work keep theirs.

        Parameters
        ----------
        bundle
            The champion.
        rival
            The challenger.
        """
        responder = self._responder(bundle, rival)
        limits = self._settings.limits
        plain, protocol = Plain(responder, limits), Protocol(responder, limits)
        invocations = Invocations(responder, limits)
        routes = self._routes(bundle, responder, (plain, protocol, invocations))
        app = Starlette(
            routes=routes,
            exception_handlers={
                HTTPException: refuse,
                WorkspaceError: refuse_unlogged,
                ServiceError: refuse_unfed,
                Exception: fail,
            },
            lifespan=_flushing(self._ledger_writer),
        )
        # Clients of the protocol do not follow redirections from /v2/ to /v2.
        app.router.redirect_slashes = False
        predict = next(route for route in routes if route.path == PREDICT).endpoint
        self._app, self.bundle = Direct(app, {("POST", PREDICT): predict}), bundle
        self._quick = quick_routes((plain, protocol, invocations), limits, self._settings.vertex)
        self.metrics.name_endpoints([route.endpoint.__name__ for route in routes])
        self.metrics.show_model(bundle.name, model_version(bundle))

    def close(self) -> None:
        """Give back the connections to the database of features."""
        if self._desks is not None:
            self._desks.close()

    def _state(self) -> dict[str, str]:
        """Say how what the server depends on does."""
        writer, desks = self._ledger_writer, self._desks
        logging = {} if writer is None else {"ledger": writer.state}
        asking = {} if desks is None else {"features": "failing" if desks.failing else "ok"}
        return {**logging, **asking}

    def _has_features(self) -> bool:
        return self._desks is None or self._desks.is_ready()

    def _tell_features(self, failing: str) -> None:
        if failing:
            self._log.tell("features fail", why=failing)
        else:
            self._log.tell("features are made again")

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self._app(scope, receive, send)

    def _responder(self, bundle: Bundle, rival: Rival | None) -> Answering:
        if rival is None:
            return self._responder_of(bundle, Duty())
        champion = self._responder_of(
            bundle, Duty(beside=_only_in(rival.bundle.schema, bundle.schema))
        )
        if not rival.is_canary:
            return champion
        duty = Duty("canary", beside=_only_in(bundle.schema, rival.bundle.schema))
        return Canary(
            champion,
            self._responder_of(rival.bundle, duty),
            rival.trial,
            metrics=self.metrics,
            failed=lambda error: self._log.tell_fault(error, model=rival.bundle.hash),
            # The champion needs the other half.
            patience_s=self._settings.limits.seconds / 2.0,
        )

    def _responder_of(self, bundle: Bundle, duty: Duty) -> Responder:
        return Responder(
            bundle,
            ledger_writer=self._ledger_writer,
            metrics=self.metrics,
            clock=self._clock,
            contract=self._settings.contract,
            at_work=lambda: self.at_work(),
            duty=duty,
            desk=self._desk(bundle),
        )

    def _desk(self, bundle: Bundle) -> FeatureDesk | None:
        return None if self._desks is None else self._desks.desk(bundle)

    def _routes(
        self,
        bundle: Bundle,
        responder: Answering,
        protocols: tuple[Plain, Protocol, Invocations],
    ) -> list[Route]:
        limits, vertex = self._settings.limits, self._settings.vertex
        plain, protocol, invocations = protocols
        batch = Batch(responder, limits)
        desk = self._desk(bundle)
        explaining = Explaining(bundle, limits, desk)
        beside = () if desk is None else desk.beside
        return [
            *([] if vertex is None else platform_routes(invocations, vertex)),
            # The one that is asked most often is found first.
            Route(PREDICT, plain.predict, methods=["POST"]),
            Route(PATH, batch.predict_batch, methods=["POST"]),
            Route(EXPLAIN, explaining.explain, methods=["POST"]),
            *about_routes(bundle, limits, self.metrics, vertex, state=self._state, beside=beside),
            *protocol.routes,
            *mlflow_routes(invocations),
            *SageMaker(invocations, bundle.name).routes,
        ]


def _only_in(schema: Schema, other: Schema) -> tuple[Column, ...]:
    return tuple(column for column in schema if column.name not in other)


def _sharing(guard: Guard, origins: Sequence[str]) -> ASGIApp:
    return Sharing(
        guard,
        origins,
        sent=("authorization", "content-type", LENGTH_HEADER, "x-request-id"),
        read=("x-request-id", VERSION_HEADER, CONTRACT_HEADER, LENGTH_HEADER),
    )


def _flushing(
    ledger_writer: LedgerWriter | None,
) -> Callable[[Starlette], AbstractAsyncContextManager[None]]:
    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        yield
        if ledger_writer is not None:
            await run_in_threadpool(ledger_writer.flush)

    return lifespan
