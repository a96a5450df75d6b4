"""Ten times more than a server can take: who is accepted must not notice."""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from bench.serve.client import Times, ask_at_once, ask_at_rate, ask_in_turn
from bench.serve.running import Running

TIMES = 10
_CONNECTIONS = 900
_ALONE = 1000
_SETTLED_S = 1.0


@dataclass(frozen=True, kw_only=True)
class Overload:
    """What was seen under too much.

    Parameters
    ----------
    alone
        One request after another.
    sustained
        With 16 connections that each wait for their answer.
    offered
        Requests a second that were to be sent, and `sent` of them in all.
    under
        Of those that were accepted; the others have the status 503.
    before_bytes, during_bytes, after_bytes
        Memory.
    """

    alone: Times
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
    with _apart(server.pid):
        alone = ask_in_turn(server.port, [request], count=_ALONE)
        sustained = ask_at_once(server.port, request, connections=16, seconds=seconds / 2)
        before = server.memory_bytes()
        offered = TIMES * sustained.rate
        under = ask_at_rate(
            server.port, request, connections=_CONNECTIONS, seconds=seconds, rate=offered
        )
        during = server.memory_bytes()
    time.sleep(_SETTLED_S)
    return Overload(
        alone=alone,
        sustained=sustained,
        offered=offered,
        sent=sum(under.statuses.values()),
        under=under,
        before_bytes=before,
        during_bytes=during,
        after_bytes=server.memory_bytes(),
    )


@contextmanager
def _apart(server: int) -> Iterator[None]:
    """Give the server a core and the client all others, so that neither takes time from the other.

    Only the server's first thread answers; on a machine of one core they share it.
    """
    usual = os.sched_getaffinity(0)
    first, *others = sorted(usual)
    if others:
        os.sched_setaffinity(server, {first})
        os.sched_setaffinity(0, others)
    try:
        yield
    finally:
        os.sched_setaffinity(0, usual)
        os.sched_setaffinity(server, usual)
