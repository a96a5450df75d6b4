"""The two programs of a contestant: learn and save; load and answer.

They run in the peer's environment. Answers come from a fresh process that knows only the saved
artifact, as on a server.
"""

import json
import sys
import time
import traceback
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from bench.contestants.base import Calls, Contestant
from bench.job import ANSWERED_FILE, ANSWERS_FILE, LEARNED_FILE, Job, read_job

_ROWS_ALONE = 100
"""Answered one by one for the latency of a row."""

_WARM_UP = 5
"""Single rows answered before, which do not count."""

_ROWS_TOGETHER = 10_000
_REPEATS = 3

_LONG_S = 20.0
"""What takes longer is not repeated."""


def main(kind: type[Contestant]) -> None:
    """Run ``python -m bench.contestants.NAME learn|answer JOB``."""
    stage, path = sys.argv[1:]
    job = read_job(Path(path))
    {"learn": learn, "answer": answer}[stage](kind(job), job)


def learn(contestant: Contestant, job: Job) -> None:
    """Learn from the training table, save, and write down how long it took."""
    table = contestant.read(job.train)
    y = table[job.target]
    X = table[[name for name in table.columns if name != job.target]]
    if contestant.learns_logarithm:
        y = np.log1p(y)
    started = time.monotonic()
    contestant.fit(X, y)
    fitted = time.monotonic()
    contestant.save(job.artifact)
    report = {"fit_s": fitted - started, "saved_at": time.monotonic(), "peak_bytes": _peak_bytes()}
    _write(Path(job.folder) / LEARNED_FILE, report)


def answer(contestant: Contestant, job: Job) -> None:
    """Answer the test with what was saved, and write down how fast that was."""
    began = time.monotonic()
    table = contestant.read(job.test)
    rows = [contestant.take(table, [i % len(table)]) for i in range(_WARM_UP + _ROWS_ALONE)]
    read_s = time.monotonic() - began
    started = time.monotonic()
    contestant.load(job.artifact)
    load_s = time.monotonic() - started
    if all(_alone_s(partial(contestant.answer, row)) is None for row in rows):
        raise RuntimeError("It answered no row alone.")
    report: dict[str, Any] = {"load_s": load_s, "answered_at": time.monotonic() - read_s}
    taken_s = {way: _each_alone_s(calls) for way, calls in contestant.ways(rows).items()}
    report["latency_ms"] = {way: _latency_ms(taken) for way, taken in taken_s.items()}
    report["rows_refused"] = max(_ROWS_ALONE - len(taken) for taken in taken_s.values())
    report["peak_bytes"] = _peak_bytes()
    _write_answers(contestant, table)
    many = contestant.take(table, [i % len(table) for i in range(_ROWS_TOGETHER)])
    report["rows_per_s"] = _ROWS_TOGETHER / _quickest_s(partial(contestant.answer, many))
    _write(Path(job.folder) / ANSWERED_FILE, report)


def _write_answers(contestant: Contestant, table: Any) -> None:
    job = contestant.job
    arrays = {"answers": np.asarray(contestant.answer(table), dtype=np.float64)}
    if job.task != "regression":
        arrays["classes"] = np.asarray(contestant.classes, dtype=np.int64)
    if job.takes == "classes":
        arrays["decisions"] = np.asarray(contestant.decide(table), dtype=np.int64)
    np.savez(Path(job.folder) / ANSWERS_FILE, **arrays)  # type: ignore[arg-type]


def _each_alone_s(calls: Calls) -> list[float]:
    """Return the seconds of each row that was answered, without the warm-up."""
    taken = [_alone_s(call) for call in calls][_WARM_UP:]
    return [seconds for seconds in taken if seconds is not None]


def _alone_s(call: Callable[[], object]) -> float | None:
    """Return the seconds for a row, or None where the peer fails at it: that is counted."""
    try:
        return _taken_s(call)
    except Exception:  # noqa: BLE001
        traceback.print_exc()
        return None


def _latency_ms(taken_s: Sequence[float]) -> dict[str, float]:
    p50, p95 = np.percentile([1000 * seconds for seconds in taken_s], [50, 95]).tolist()
    return {"p50": p50, "p95": p95}


def _quickest_s(call: Callable[[], object]) -> float:
    taken = [_taken_s(call)]
    while len(taken) < _REPEATS and sum(taken) < _LONG_S:
        taken.append(_taken_s(call))
    return min(taken)


def _taken_s(call: Callable[[], object]) -> float:
    started = time.perf_counter()
    call()
    return time.perf_counter() - started


def _peak_bytes() -> int:
    """Return the most memory that this process had; sampling from outside may miss a peak."""
    status = Path("/proc/self/status").read_text(encoding="ascii", errors="replace")
    line = next(line for line in status.splitlines() if line.startswith("VmHWM:"))
    return int(line.split()[1]) * 1024


def _write(path: Path, report: dict[str, Any]) -> None:
    path.write_text(json.dumps(report, indent=1), encoding="utf-8")
