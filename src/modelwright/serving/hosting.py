"""Any app behind a socket, with the server's own connections, until it is told to stop."""

import asyncio
import signal
import time
from collections.abc import Callable

from starlette.types import ASGIApp

from modelwright.serving.log import Log
from modelwright.serving.run import listening_on
from modelwright.serving.settings import Settings
from modelwright.serving.wire.listener import Listener
from modelwright.serving.workers.signals import heeding
from modelwright.serving.workers.worker import tls_of


def host(app: ASGIApp, settings: Settings, *, announce: Callable[[str], None]) -> None:
    """Answer with an app until SIGTERM or Ctrl-C; then finish what was accepted.

    Parameters
    ----------
    app
        What answers; its lifespan is not heeded.
    settings
        Of which the address, the certificate and the limits are heeded.
    announce
        Told the address when requests are answered.

    Raises
    ------
    ServiceError
        When the address cannot be listened on, or the certificate cannot be read.
    """
    log, tls = Log(), tls_of(settings)
    with listening_on(settings) as (listening, address):

        async def answer() -> None:
            end = asyncio.Event()
            listener = Listener(
                app,
                limits=settings.limits,
                refused=lambda _: None,
                abandoned=lambda: None,
                failed=log.tell_fault,
                tick=lambda: None,
                clock=time.time,
                probes=frozenset(),
            )
            loop = asyncio.get_running_loop()
            loop.call_soon(announce, address)
            with heeding(dict.fromkeys((signal.SIGTERM, signal.SIGINT), end.set)):
                await listener.run(listening, tls=tls, until=end)

        asyncio.run(answer())
