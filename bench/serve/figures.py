"""What was measured, as tables of a page."""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from bench.serve.client import Times
from bench.serve.overload import Overload
from bench.serve.soak import faults

MARKS = ("<!-- serving: written by python -m bench.serve -->", "<!-- end of serving -->")
FLOOR = "the same stack, doing nothing"
SLOWEST_TO_FLOOR = 1.5
LEAST_BELOW_MLSERVER = 3.0
MOST_MEMORY = 100e6
MOST_START_S = 1.0


@dataclass(frozen=True, kw_only=True)
class Seen:
    """What was seen of one server with one model.

    Parameters
    ----------
    name
        Of the contestant.
    rounds
        One row after another, in each round; the rounds of all servers alternate.
    crowd
        With 16 connections.
    start_s
        To the first answer that it is ready.
    memory_bytes
        Of all its processes, after all that.
    environment_bytes
        All files that are installed for it.
    """

    name: str
    rounds: Sequence[Times]
    crowd: Times
    start_s: float
    memory_bytes: int
    environment_bytes: int

    @property
    def p50_s(self) -> float:
        """The median of the rounds' medians."""
        return median(times.p50_s for times in self.rounds)

    @property
    def p99_s(self) -> float:
        """The median of the rounds' 99th percentiles."""
        return median(times.p99_s for times in self.rounds)


def as_table(seen: Sequence[Seen]) -> str:
    """Return the servers of one model."""
    head = "| server | one row p50, ms | p99, ms | rows/s, 16 connections | p99, ms | start, s |"
    lines = [f"{head} memory, MB | environment, MB |", "| --- " * 8 + "|"]
    for each in seen:
        cells = [
            each.name,
            f"{each.p50_s * 1e3:.2f}",
            f"{each.p99_s * 1e3:.1f}",
            f"{each.crowd.rate:,.0f}",
            f"{each.crowd.p99_s * 1e3:.0f}",
            f"{each.start_s:.1f}",
            f"{each.memory_bytes / 1e6:.0f}",
            f"{each.environment_bytes / 1e6:.0f}",
        ]
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


def bars(seen: Sequence[Seen], name: str) -> str:
    """Return how a server stands to what it shall reach.

    Parameters
    ----------
    seen
        All servers of one model.
    name
        Of the one that is judged.
    """
    known = {each.name: each for each in seen}
    own = known[name]
    lines = []
    if FLOOR in known:
        ratio = own.p50_s / known[FLOOR].p50_s
        lines.append(_bar("p50 to the stack doing nothing", ratio, SLOWEST_TO_FLOOR, "at most"))
    for other in ("an app on the same connections", "Starlette under uvicorn"):
        if (same := known.get(f"{other}, doing nothing")) is not None:
            lines.append(f"p50 to {other} doing nothing: {own.p50_s / same.p50_s:.1f} times")
    for other in ("MLServer", "BentoML", "MLflow"):
        if other in known:
            ratio = known[other].p50_s / own.p50_s
            least = LEAST_BELOW_MLSERVER if other == "MLServer" else None
            lines.append(_bar(f"p50 below {other}'s", ratio, least, "at least"))
    memory, start = own.memory_bytes, own.start_s
    lines.append(_verdict(f"{memory / 1e6:.0f} MB of memory (100)", memory <= MOST_MEMORY))
    lines.append(_verdict(f"ready after {start:.2f} s (1)", start <= MOST_START_S))
    return "\n".join(f"- {line}" for line in lines)


def overload_in_words(found: Overload) -> str:
    """Return what too much did, as a sentence or two."""
    under, sustained = found.under, found.sustained
    refused = under.statuses.get(503, 0)
    others = {status: n for status, n in under.statuses.items() if status not in (200, 503)}
    return (
        f"{found.offered:,.0f} requests a second were offered, ten times the "
        f"{sustained.rate:,.0f} that 16 connections get (p99 {sustained.p99_s * 1e3:.0f} ms). "
        f"Of {found.sent:,} that the client could send, {under.statuses.get(200, 0):,} were "
        f"answered ({under.rate:,.0f} a second, p50 {under.p50_s * 1e3:.0f} ms, "
        f"p99 {under.p99_s * 1e3:.0f} ms: {under.p99_s / sustained.p99_s:.1f} times that of 16 "
        f"connections, {under.p99_s / found.alone.p99_s:.1f} times that of one request after "
        f"another) and {refused:,} refused with 503"
        f"{f'; others: {others}' if others else ''}. Memory: {found.before_bytes / 1e6:.0f} MB "
        f"before, {found.during_bytes / 1e6:.0f} MB at its end, "
        f"{found.after_bytes / 1e6:.0f} MB a second later."
    )


def soak_in_words(statuses: dict[int, int], *, before_bytes: int, after_bytes: int) -> str:
    """Return what requests that nobody should send got."""
    known = sorted(item for item in statuses.items() if item[0])
    told = ", ".join(f"{count:,} answered with {status}" for status, count in known)
    return (
        f"{sum(statuses.values()):,} fuzzed requests: {told}; {statuses.get(0, 0):,} were cut "
        f"short by the client and had none. Faults of the server: {faults(statuses)}. Memory: "
        f"{before_bytes / 1e6:.0f} MB before, {after_bytes / 1e6:.0f} MB after."
    )


def _bar(what: str, ratio: float, bar: float | None, side: str) -> str:
    if bar is None:
        return f"{what}: {ratio:.1f} times"
    met = ratio <= bar if side == "at most" else ratio >= bar
    return _verdict(f"{what}: {ratio:.1f} times ({side} {bar:g})", met)


def _verdict(what: str, met: bool) -> str:
    return f"{what}: {'met' if met else '**missed**'}"
