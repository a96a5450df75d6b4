"""What Prometheus reads: counts that all workers of a server share.

Each worker counts in a part of its own of one piece of memory, which all of them can read; so
whichever worker is asked answers for all, and what a worker counted outlives it.
"""

from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from mmap import mmap
from threading import Lock

import numpy as np
from starlette.responses import Response

_TYPE = "text/plain; version=0.0.4; charset=utf-8"
_SECONDS = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1.0, 5.0)
_STATUSES = (
    *("200", "204", "400", "401", "403", "404", "405", "408", "413", "415", "422", "431"),
    *("499", "500", "503", "other"),
)
_STATUS_PLACES = {status: place for place, status in enumerate(_STATUSES)}
_OTHER = len(_STATUSES) - 1
_TOTALS = {
    "predictions": "Rows answered.",
    "contract_broken_rows": "Rows with a value that the data contract does not expect.",
    "abandoned_requests": "Requests whose client went away before they were begun.",
    "bundle_swaps": "Bundles taken in place of the one before, in all workers.",
    "bundle_faults": "Bundles that were damaged and not taken, in all workers.",
    "worker_restarts": "Workers started in place of one that died.",
    "model_faults": "Requests that the champion failed to answer by its own fault.",
    "champion_calls": "Requests that the champion answered beside a canary.",
    "champion_seconds": "Seconds that it worked for them.",
    "canary_calls": "Requests that the challenger was given in the champion's stead.",
    "canary_seconds": "Seconds that it worked for those that it answered.",
    "feature_queries": "Requests for which the database of features was asked.",
    "feature_seconds": "Seconds that it took for them.",
    "feature_faults": "Requests that it did not answer.",
    "canary_faults": "Requests that the challenger could not answer; the champion did.",
    "canary_late": "Rows that it answered, each of them late.",
    "canary_parts": "Parts of files that it answered.",
}
_GAUGES = {
    "ledger_dropped_predictions": "Answers that could not be logged.",
    "ledger_waiting_bytes": "Answers that are on disk and wait for the ledger.",
    "ledger_failing": "Workers whose ledger could not be written when they last tried.",
    "features_failing": "Workers whose database of features did not answer when last asked.",
    "waiting_requests": "Requests that wait for their turn.",
    "connections": "Connections that are open.",
}
_ANSWERING = ("predict", "infer", "invoke", "predict_instances")
"""Endpoints whose requests are answered at once; a file takes its time."""
_MOST_ENDPOINTS = 64
_BUCKETS_AT = len(_STATUSES)
_SUM_AT = _BUCKETS_AT + len(_SECONDS) + 1
_WIDTH = _SUM_AT + 1
_NAMED = (*_TOTALS, *_GAUGES)
_NAMED_AT = {name: _MOST_ENDPOINTS * _WIDTH + place for place, name in enumerate(_NAMED)}
_PART = _MOST_ENDPOINTS * _WIDTH + len(_NAMED)


class Memory:
    """The counts of all workers; made before they are started.

    Parameters
    ----------
    workers
        How many parts it has.

    Examples
    --------
    >>> memory = Memory(2)
    >>> memory.part(0)[0] += 1
    >>> memory.part(1)[0] += 1
    >>> memory.sums()[0]
    np.float64(2.0)
    """

    def __init__(self, workers: int = 1) -> None:
        self._bytes = mmap(-1, workers * _PART * 8)
        self.workers = workers

    def part(self, worker: int) -> "memoryview[float]":
        """Return what one worker counts in."""
        return memoryview(self._bytes).cast("d")[worker * _PART : (worker + 1) * _PART]

    def sums(self) -> "np.ndarray[tuple[int], np.dtype[np.float64]]":
        """Return what all workers have counted together."""
        # A copy, because the memory changes while it is read.
        parts = np.frombuffer(self._bytes, np.float64).reshape(self.workers, _PART)
        return np.asarray(parts.sum(axis=0))


class Metrics:
    """The counts of one worker.

    Parameters
    ----------
    memory
        Where all workers count.
    worker
        Its number.
    """

    def __init__(self, memory: Memory, worker: int = 0) -> None:
        self._memory = memory
        self._part = memory.part(worker)
        self._counting = Lock()
        self._places = {"none": 0}
        self._gauges: dict[str, Callable[[], float]] = {}
        self._model = ("", "")

    def name_endpoints(self, names: Sequence[str]) -> None:
        """Tell the names of all routes, in the same order in every worker; others are none."""
        every = [*dict.fromkeys(("none", *names))][:_MOST_ENDPOINTS]
        self._places = {name: place * _WIDTH for place, name in enumerate(every)}

    def show_model(self, name: str, version: str) -> None:
        """Tell which model answers."""
        self._model = (name, version)

    def show(self, gauge: str, value: Callable[[], float]) -> None:
        """Tell a gauge by a function."""
        self._gauges[gauge] = value

    def count_request(self, endpoint: str, status: int, seconds: float) -> None:
        """Count a request that was answered."""
        at, part = self._places.get(endpoint, self._places["none"]), self._part
        part[at + _STATUS_PLACES.get(str(status), _OTHER)] += 1
        part[at + _BUCKETS_AT + bisect_left(_SECONDS, seconds)] += 1
        part[at + _SUM_AT] += seconds

    def count(self, total: str, number: float = 1) -> None:
        """Add to a total, from any thread."""
        with self._counting:
            self._part[_NAMED_AT[total]] += number

    def total(self, name: str) -> float:
        """Return a total that all workers have counted together."""
        return float(self._memory.sums()[_NAMED_AT[name]])

    def answered(self) -> tuple[float, float]:
        """Return how many requests for answers all workers had, and the seconds they took."""
        sums = self._memory.sums()
        places = [self._places[name] for name in _ANSWERING if name in self._places]
        calls = sum(float(sums[at : at + _BUCKETS_AT].sum()) for at in places)
        return calls, sum(float(sums[at + _SUM_AT]) for at in places)

    def write_gauges(self) -> None:
        """Put this worker's gauges where the others can read them."""
        for name, value in self._gauges.items():
            self._part[_NAMED_AT[name]] = value()

    def response(self) -> Response:
        """Answer Prometheus in its text format."""
        self.write_gauges()
        text = "".join(f"{line}\n" for line in self._lines())
        return Response(text.encode(), headers={"content-type": _TYPE})

    def _lines(self) -> Iterator[str]:
        sums = self._memory.sums().tolist()
        yield from _described("requests_total", "counter", "Requests by endpoint and status.")
        for name, at in self._places.items():
            for status, count in zip(_STATUSES, sums[at : at + _BUCKETS_AT], strict=True):
                if count:
                    labels = f'endpoint="{name}",status="{status}"'
                    yield f"modelwright_requests_total{{{labels}}} {count}"
        meaning = "Time from the whole request to the last byte of its answer."
        yield from _described("request_seconds", "histogram", meaning)
        for name, at in self._places.items():
            yield from _histogram(name, sums[at + _BUCKETS_AT : at + _WIDTH])
        for total, meaning in _TOTALS.items():
            yield from _described(f"{total}_total", "counter", meaning)
            yield f"modelwright_{total}_total {sums[_NAMED_AT[total]]}"
        for gauge, meaning in _GAUGES.items():
            yield from _described(gauge, "gauge", meaning)
            yield f"modelwright_{gauge} {sums[_NAMED_AT[gauge]]}"
        yield from _described("workers", "gauge", "Processes that answer.")
        yield f"modelwright_workers {self._memory.workers}"
        yield from _described("model_info", "gauge", "The model of the worker that was asked.")
        name, version = self._model
        yield f'modelwright_model_info{{name="{name}",version="{version}"}} 1'


def _described(name: str, kind: str, meaning: str) -> Iterator[str]:
    yield f"# HELP modelwright_{name} {meaning}"
    yield f"# TYPE modelwright_{name} {kind}"


def _histogram(endpoint: str, numbers: Sequence[float]) -> Iterator[str]:
    *counts, seconds = numbers
    if not sum(counts):
        return
    reached = 0.0
    for end, count in zip((*map(str, _SECONDS), "+Inf"), counts, strict=True):
        reached += count
        labels = f'endpoint="{endpoint}",le="{end}"'
        yield f"modelwright_request_seconds_bucket{{{labels}}} {reached}"
    yield f'modelwright_request_seconds_count{{endpoint="{endpoint}"}} {reached}'
    yield f'modelwright_request_seconds_sum{{endpoint="{endpoint}"}} {seconds}'
