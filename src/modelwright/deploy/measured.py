"""Whether a bundle keeps the limits of its host, measured in a process that only serves it."""

from pathlib import Path

import msgspec

from modelwright.compute.limits import Limits, format_bytes, format_latency
from modelwright.compute.process import run_isolated
from modelwright.documents import Gate
from modelwright.serving.measure import Taken

_NAME = "the limits of the host are kept where it is served"
_TIMEOUT_S = 60.0


def judge_served(folder: Path, limits: Limits) -> Gate:
    """Measure a bundle in a fresh process, and compare with what the host allows.

    Parameters
    ----------
    folder
        Of the bundle.
    limits
        What the host allows; without any, the gate only tells.
    """
    done = run_isolated(["-m", "modelwright.serving.measure", str(folder)], timeout_s=_TIMEOUT_S)
    try:
        taken = msgspec.json.decode(done.stdout, type=Taken)
    except msgspec.DecodeError:
        said = done.stderr.strip()[-300:] or f"nothing, in {_TIMEOUT_S:g} s"
        return Gate(name=_NAME, passed=False, evidence=f"it was not measured: {said}")
    over = exceeded(taken, limits)
    told = (
        f"{format_latency(taken.row_s)} a row, {format_bytes(taken.size_bytes)} on disk, "
        f"{format_bytes(taken.memory_bytes)} in memory, loaded in {format_latency(taken.load_s)}"
    )
    if over:
        return Gate(name=_NAME, passed=False, evidence=f"{told}; too much: {', '.join(over)}")
    return Gate(
        name=_NAME, passed=True, evidence=told if limits.any else f"{told}; no limit is set"
    )


def exceeded(taken: Taken, limits: Limits) -> list[str]:
    """Return the limits that are exceeded, as words.

    Parameters
    ----------
    taken
        What was measured.
    limits
        What the host allows.

    Examples
    --------
    >>> taken = Taken(load_s=0.1, row_s=0.02, size_bytes=1000, memory_bytes=0)
    >>> exceeded(taken, Limits(latency_s=0.005, size_bytes=5000))
    ['a row may take 5 ms']
    """
    over = []
    if limits.latency_s is not None and taken.row_s > limits.latency_s:
        over.append(f"a row may take {format_latency(limits.latency_s)}")
    if limits.size_bytes is not None and taken.size_bytes > limits.size_bytes:
        over.append(f"the program may have {format_bytes(limits.size_bytes)} on disk")
    if limits.memory_bytes is not None and taken.memory_bytes > limits.memory_bytes:
        over.append(f"it may take {format_bytes(limits.memory_bytes)} of memory")
    return over
