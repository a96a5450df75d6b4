"""A bundle behind a socket, until the server is told to stop."""

import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from modelwright.errors import ServiceError
from modelwright.serving.features.desk import check_features
from modelwright.serving.limits import USUAL_LIMITS, Limits
from modelwright.serving.log import Log
from modelwright.serving.metrics import Memory
from modelwright.serving.settings import LOOPBACK, Settings
from modelwright.serving.trials.breaker import Act, leave_it
from modelwright.serving.trials.lineup import Lineup
from modelwright.serving.workers.crew import work_together
from modelwright.serving.workers.supply import Supply
from modelwright.serving.workers.worker import Around, Post, nothing_around, tls_of, work
from modelwright.workspace.ledger.address import LedgerAddress
from modelwright.workspace.ledger.ledger import Ledger

_BACKLOG = 512


def serve(
    bundle_folder: Path,
    *,
    host: str = LOOPBACK,
    port: int = 8000,
    ledger_path: LedgerAddress | None = None,
    token: str | None = None,
    limits: Limits = USUAL_LIMITS,
) -> None:
    """Answer requests until SIGTERM or Ctrl-C; then finish those accepted and write the ledger.

    Parameters
    ----------
    bundle_folder
        What to serve.
    host
        The address to listen on; other machines reach it only when it is not the loopback.
    port
        0 for any free one.
    ledger_path
        Where answers are logged: a SQLite file or the address of a database; None to log nothing.
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
    settings = Settings(
        host=host,
        port=port,
        ledger_path=ledger_path,
        tokens=() if token is None else (token,),
        limits=limits,
    )
    serve_with(lambda: Lineup(bundle_folder), settings)


def serve_with(
    find: Callable[[], Lineup],
    settings: Settings,
    *,
    announce: Callable[[str, Supply], None] | None = None,
    act: Act = leave_it,
    around: Around = nothing_around,
) -> None:
    """Answer requests until SIGTERM or Ctrl-C, as `serve` does, with all that can be set.

    Parameters
    ----------
    find
        Returns where champion and challenger are. It is asked every second; when it names others,
        and on SIGHUP, these are taken while requests go on. A damaged one is not taken.
    settings
        How the server is reached, by whom, and how it is run.
    announce
        Told the address and the bundle when requests are answered; by default prints them.
    act
        Sends away a canary, or a promoted champion, that fails or takes too long.
    around
        Puts further addresses beside those of the model.

    Raises
    ------
    BundleError, ServiceError, WorkspaceError
        As `serve`.
    """
    supply = Supply(find, compiled=settings.compiled)
    tls_of(settings)
    if settings.features is not None:
        check_features(settings.features, supply.bundle)
    if settings.ledger_path is not None:
        with Ledger.open(settings.ledger_path) as ledger:
            ledger.check()
    with listening_on(settings) as (listening, address):
        post = Post(
            listening=listening,
            settings=settings,
            log=Log(requests=settings.log_requests),
            memory=Memory(settings.workers),
            act=act,
            around=around,
        )
        serving = work if settings.workers == 1 else work_together
        serving(post, supply, ready=lambda: (announce or announce_address)(address, supply))


def announce_address(address: str, supply: Supply) -> None:
    """Print where requests are answered."""
    print(f"Serving {supply.bundle.facts.target!r} on {address}", flush=True)


@contextmanager
def listening_on(settings: Settings) -> Iterator[tuple[socket.socket, str]]:
    """Listen, and return the socket with the address that people type.

    Raises
    ------
    ServiceError
        When the address cannot be listened on.
    """
    host, port = settings.host, settings.port
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        listening = socket.create_server((host, port), family=family, backlog=_BACKLOG)
    except (OSError, OverflowError) as error:
        reason = str(getattr(error, "strerror", None) or error).partition(" (while ")[0]
        raise ServiceError(
            f"Nothing can listen on {host}:{port}: {reason}.", "Choose another host or port."
        ) from error
    with listening:
        # Handed down to every connection; asyncio does it itself only for sockets of its own, and
        # without it an answer waits 40 ms for the client to confirm its headers.
        listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        scheme = "http" if settings.certificate is None else "https"
        yield listening, f"{scheme}://{host}:{listening.getsockname()[1]}"
