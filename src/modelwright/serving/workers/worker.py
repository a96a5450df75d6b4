"""One worker: a bundle behind a socket that listens, until it is told to stop."""

import asyncio
import socket
import ssl
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import TypeAlias

from starlette.types import ASGIApp

from modelwright.errors import InputError, ModelwrightError, ServiceError
from modelwright.serving.app import Service
from modelwright.serving.log import Log
from modelwright.serving.metrics import Memory, Metrics
from modelwright.serving.settings import Settings
from modelwright.serving.trials.breaker import Act, Breaker, leave_it
from modelwright.serving.trials.shadowing import Shadowing
from modelwright.serving.wire.listener import Listener
from modelwright.serving.workers.retention import forgetting
from modelwright.serving.workers.signals import SIGNALS, heeding
from modelwright.serving.workers.supply import Supply
from modelwright.workspace.ledger.ledger import Ledger
from modelwright.workspace.ledger.writer import LedgerWriter
from modelwright.workspace.spool.moving_process import MovingProcess

_LOOK_S = 1.0
"""How often a worker looks whether there is another bundle."""


Around: TypeAlias = Callable[[ASGIApp], ASGIApp]
"""From an app to one that answers other addresses too."""


def nothing_around(app: ASGIApp) -> ASGIApp:
    """Return the app as it is."""
    return app


@dataclass(frozen=True)
class Post:
    """Where a worker stands.

    Parameters
    ----------
    listening
        The socket that all workers share.
    settings
        How the server is run.
    log
        Where it is told what happens.
    memory, number
        Where all workers count, and which part of it is this one's.
    parent_alive
        A pipe that ends with the parent, however that ends; None where there is no parent.
    act
        Ends a trial in the workspace, so that nobody takes it up again.
    around
        Puts further addresses beside those of the model.
    """

    listening: socket.socket
    settings: Settings
    log: Log
    memory: Memory
    number: int = 0
    parent_alive: int | None = None
    act: Act = leave_it
    around: Around = nothing_around


def work(post: Post, supply: Supply, *, ready: Callable[[], None]) -> None:
    """Answer until SIGTERM or Ctrl-C; then finish what was accepted and write the ledger.

    Parameters
    ----------
    post
        Where the worker stands.
    supply
        Where the bundle comes from; asked again on SIGHUP and when another one is named there.
    ready
        Called when requests are answered.

    Raises
    ------
    WorkspaceError
        When the ledger cannot be opened.
    ServiceError
        When the certificate cannot be read.
    """
    with _logging(post) as writer:
        service = Service(
            supply.bundle,
            post.settings,
            ledger_writer=writer,
            log=post.log,
            metrics=Metrics(post.memory, post.number),
        )
        service.replace(supply.bundle, supply.rival)
        try:
            asyncio.run(_Worker(post, supply, service).run(ready))
        finally:
            service.close()


class _Worker:
    def __init__(self, post: Post, supply: Supply, service: Service) -> None:
        self._post = post
        self._supply = supply
        self._service = service
        self._metrics = service.metrics
        self._tls = tls_of(post.settings)
        self._breaker = Breaker(service.metrics, supply.rival, supply.bundle)
        # With several workers, their parent does it for all.
        self._shadowing = (
            Shadowing(post.settings.ledger_path, post.log) if post.parent_alive is None else None
        )
        self._asked = asyncio.Event()
        self._end = asyncio.Event()

    async def run(self, ready: Callable[[], None]) -> None:
        listener = Listener(
            self._post.around(self._service),
            at_once=self._service.at_once,
            limits=self._post.settings.limits,
            refused=lambda status: self._metrics.count_request("none", status, 0.0),
            abandoned=lambda: self._metrics.count("abandoned_requests"),
            failed=self._failed,
            tick=self._metrics.write_gauges,
            clock=time.time,
            probes=self._service.probes,
            ends=lambda: self._service.draining,
        )
        self._service.at_work = lambda: listener.room.at_work
        self._metrics.show("waiting_requests", lambda: listener.room.waiting)
        self._metrics.show("connections", lambda: listener.connections)
        with self._told():
            watching = asyncio.create_task(self._watch())
            asyncio.get_running_loop().call_soon(ready)
            try:
                await listener.run(self._post.listening, tls=self._tls, until=self._end)
            finally:
                watching.cancel()
                if self._shadowing is not None:
                    self._shadowing.stop()

    @contextmanager
    def _told(self) -> Iterator[None]:
        """Heed signals, and end with the parent."""
        calls = zip(SIGNALS, (self._stop, self._stop, self._asked.set), strict=False)
        with heeding(dict(calls)):
            if self._post.parent_alive is not None:
                loop = asyncio.get_running_loop()
                loop.add_reader(self._post.parent_alive, self._end.set)
            yield

    def _stop(self) -> None:
        if self._service.draining:
            self._end.set()  # told twice: at once
        self._service.draining = True
        asyncio.get_running_loop().call_later(self._post.settings.drain_seconds, self._end.set)

    async def _watch(self) -> None:
        """Take other bundles when there are some, and send away a model that fails."""
        self._tell_rival()
        while True:
            if self._shadowing is not None:
                self._shadowing.tend(self._supply.rival)
            with suppress(TimeoutError):
                await asyncio.wait_for(self._asked.wait(), _LOOK_S)
            asked = self._asked.is_set()
            self._asked.clear()
            if asked or self._supply.names_another():
                await self._swap()
            elif why := await asyncio.to_thread(self._breaker.verdict):
                await self._break(why)

    async def _break(self, why: str) -> None:
        """Let the champion answer alone at once; then see to it that everybody does so."""
        rival = self._supply.rival
        assert rival is not None
        gone = rival.bundle.hash if rival.is_canary else self._service.bundle.hash
        if rival.is_canary:
            self._service.replace(self._service.bundle)
        try:
            went = await asyncio.to_thread(self._post.act, gone, why)
        except ModelwrightError as error:
            # Tried again at the next look; nobody is answered by it meanwhile.
            self._post.log.tell("could not end a trial", model=gone, why=str(error))
            return
        self._breaker = Breaker(self._metrics, None, self._service.bundle)
        event = "sent away" if went else "should go"
        self._post.log.tell(event, worker=self._post.number, model=gone, why=why)

    def _tell_rival(self) -> None:
        log, number, rival = self._post.log, self._post.number, self._supply.rival
        if fault := self._supply.rival_fault:
            self._metrics.count("bundle_faults")
            log.tell("challenger refused", worker=number, why=fault)
        elif rival is not None:
            how = rival.trial.role
            log.tell("challenger taken", worker=number, model=rival.bundle.hash, trial=how)

    async def _swap(self) -> None:
        log, number = self._post.log, self._post.number
        try:
            if self._tls is not None:
                load_certificate(self._tls, self._post.settings)
            bundle = await asyncio.to_thread(self._supply.renew)
        except ModelwrightError as error:
            self._metrics.count("bundle_faults")
            kept = self._service.bundle.hash
            log.tell("bundle refused", worker=number, why=str(error), kept=kept)
            return
        self._service.replace(bundle, self._supply.rival)
        self._metrics.count("bundle_swaps")
        log.tell("bundle taken", worker=number, model=bundle.hash)
        self._breaker = Breaker(self._metrics, self._supply.rival, bundle)
        self._tell_rival()

    def _failed(self, error: Exception) -> None:
        # What is wrong with an upload has been told to who sent it.
        if not isinstance(error, InputError):
            self._post.log.tell_fault(error, worker=self._post.number)


def tls_of(settings: Settings) -> ssl.SSLContext | None:
    """Return how connections are encrypted; None for not at all.

    Raises
    ------
    ServiceError
        When the certificate or the key cannot be read.
    """
    if settings.certificate is None:
        return None
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    load_certificate(context, settings)
    return context


def load_certificate(context: ssl.SSLContext, settings: Settings) -> None:
    """Read the certificate, again when it was renewed.

    Raises
    ------
    ServiceError
        When the certificate or the key cannot be read.
    """
    assert settings.certificate is not None
    try:
        context.load_cert_chain(settings.certificate, settings.key)
    except (OSError, ssl.SSLError) as error:
        raise ServiceError(
            f"The certificate {settings.certificate} cannot be used: {error}.",
            "Name files in PEM: --certificate chain.pem --key key.pem",
        ) from error


@contextmanager
def _logging(post: Post) -> Iterator[LedgerWriter | None]:
    path = post.settings.ledger_path
    if path is None:
        yield None
        return
    refuses, rate = post.settings.when_ledger_fails == "refuse", post.settings.sample_inputs
    with (
        Ledger.open(path) as ledger,
        # Of several workers one is enough to forget.
        forgetting(ledger, None if post.number else post.settings.keep, log=post.log),
        MovingProcess(path) as helper,
        LedgerWriter(ledger, refuses=refuses, inputs_rate=rate, helper=helper) as writer,
    ):
        yield writer
        writer.close()
        if writer.dropped:
            post.log.tell("not logged", answers=writer.dropped, why=writer.last_loss)
        if writer.waiting_bytes:
            post.log.tell(
                "not in the ledger yet", bytes=writer.waiting_bytes, why=writer.last_error
            )
