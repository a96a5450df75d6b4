"""A bundle behind a socket, until it is told to stop."""

import signal
import socket
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import uvicorn

from modelwright.errors import ServiceError
from modelwright.predictor.bundle import read_bundle
from modelwright.serving.app import create_app
from modelwright.serving.limits import USUAL_LIMITS, Limits
from modelwright.workspace.ledger import Ledger
from modelwright.workspace.ledger_writer import LedgerWriter

LOOPBACK = "127.0.0.1"

_GRACE_S = 10
_BACKLOG = 512


def serve(
    bundle_folder: Path,
    *,
    host: str = LOOPBACK,
    port: int = 8000,
    ledger_path: Path | None = None,
    token: str | None = None,
    limits: Limits = USUAL_LIMITS,
) -> None:
    """Answer requests until SIGTERM or Ctrl-C; then finish those at work and write the ledger.

    Parameters
    ----------
    bundle_folder
        What to serve.
    host
        The address to listen on; other machines reach it only when it is not the loopback.
    port
        0 for any free one.
    ledger_path
        The SQLite file where answers are logged; None to log nothing.
    token
        What clients send as a Bearer; None lets everybody in who can reach the server.
    limits
        How much one request may ask for.

    Raises
    ------
    BundleError
        When the bundle is damaged.
    ServiceError
        When the address cannot be listened on.
    WorkspaceError
        When the ledger cannot be opened.
    """
    bundle = read_bundle(bundle_folder)
    with _listening(host, port) as listener, _logging(ledger_path) as writer:
        app = create_app(bundle, ledger_writer=writer, limits=limits, token=token)
        server = uvicorn.Server(
            uvicorn.Config(
                app,
                # httptools drops the body that Java's client sends with an upgrade to HTTP/2.
                http="h11",
                log_level="warning",
                access_log=False,
                server_header=False,
                timeout_graceful_shutdown=_GRACE_S,
            )
        )
        # uvicorn raises the signal again when it is done; here that must not end the process
        # before the ledger is closed.
        with _handling_signals(server):
            address = listener.getsockname()
            print(f"Serving {bundle.facts.target!r} on http://{host}:{address[1]}", flush=True)
            server.run(sockets=[listener])
    if not server.started:
        raise ServiceError("The server ended before it was ready.")


@contextmanager
def _listening(host: str, port: int) -> Iterator[socket.socket]:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        listener = socket.create_server((host, port), family=family, backlog=_BACKLOG)
    except (OSError, OverflowError) as error:
        raise ServiceError(
            f"Nothing can listen on {host}:{port}: {error}.", "Choose another host or port."
        ) from error
    with listener:
        # Handed down to every connection; asyncio does it itself only for sockets of its own, and
        # without it an answer waits 40 ms for the client to confirm its headers.
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        yield listener


@contextmanager
def _logging(ledger_path: Path | None) -> Iterator[LedgerWriter | None]:
    if ledger_path is None:
        yield None
        return
    with Ledger.open(ledger_path) as ledger, LedgerWriter(ledger) as writer:
        yield writer
        writer.close()
        if writer.dropped:
            print(
                f"{writer.dropped:,} answers could not be logged: {writer.last_error}",
                file=sys.stderr,
            )


@contextmanager
def _handling_signals(server: uvicorn.Server) -> Iterator[None]:
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = {
        number: signal.signal(number, server.handle_exit)
        for number in (signal.SIGINT, signal.SIGTERM)
    }
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
