"""Ten times more than a server can take: who is accepted must not notice."""

import time
from dataclasses import dataclass

from bench.serve.client import Times, ask_at_once, ask_at_rate
from bench.serve.running import Running

TIMES = 10
_CONNECTIONS = 900
_SETTLED_S = 1.0


@dataclass(frozen=True, kw_only=True)
class Overload:
    """What was seen under too much.

    Parameters
    ----------
    sustained
        With 16 connections that each wait for their answer.
    offered
        Requests a second that were to be sent, and `sent` of them in all.
    under
        Of those that were accepted; the others have the status 503.
    before_bytes, during_bytes, after_bytes
        Memory.
    """

    sustained: Times
    offered: float
    sent: int
    under: Times
    before_bytes: int
    during_bytes: int
    after_bytes: int


def overload(server: Running, request: bytes, *, seconds: float) -> Overload:
    """Ask ten times as often as a server can answer.

    Parameters
    ----------
    server
        Which runs.
    request
        Sent again and again.
    seconds
        For how long.
    """
    sustained = ask_at_once(server.port, request, connections=16, seconds=seconds / 2)
    before = server.memory_bytes()
    offered = TIMES * sustained.rate
    under = ask_at_rate(
        server.port, request, connections=_CONNECTIONS, seconds=seconds, rate=offered
    )
    during = server.memory_bytes()
    time.sleep(_SETTLED_S)
    return Overload(
        sustained=sustained,
        offered=offered,
        sent=sum(under.statuses.values()),
        under=under,
        before_bytes=before,
        during_bytes=during,
        after_bytes=server.memory_bytes(),
    )
