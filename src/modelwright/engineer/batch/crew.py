"""Pieces answered here, by several processes or on a cluster; what came of them is in order."""

import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import contextmanager
from functools import lru_cache
from multiprocessing import get_context
from typing import Any

from modelwright.compute.budget import Budget
from modelwright.compute.crews.base import Crew
from modelwright.compute.crews.worker import follow
from modelwright.compute.parallel import cores
from modelwright.compute.process import safe_path
from modelwright.data.pieces.base import Piece
from modelwright.engineer.batch.recipe import Answers, Recipe
from modelwright.engineer.batch.worker import Worker

_AHEAD = 2
"""Pieces for each process: one at work and one that waits, so that memory stays bounded."""
_MANY_ROWS, _MOST = 400_000, 8
"""Rows from which on several processes have started before one would be done, and how many at most:
each takes memory of its own."""
_ENDLESS_S = 1e6
"""A piece has no end of its time: nobody waits for a part of the answers."""
_THREADS = "POLARS_MAX_THREADS"

_worker: Worker | None = None


_PROCESS_BYTES = 500_000_000
"""Of a process: its libraries, the program and two pieces."""


def processes_within(memory_bytes: int) -> int:
    """Return how many processes such a memory holds; this one at least.

    Examples
    --------
    >>> processes_within(2_000_000_000), processes_within(100_000_000)
    (4, 1)
    """
    return max(1, memory_bytes // _PROCESS_BYTES)


def paying_processes(rows: int | None) -> int:
    """Return how many processes pay for so many rows; one where their number is not known.

    Examples
    --------
    >>> paying_processes(1_000), paying_processes(None)
    (1, 1)
    """
    return min(cores(), _MOST) if (rows or 0) >= _MANY_ROWS else 1


def answer_in_order(
    recipe: Recipe, pieces: Iterable[tuple[int, Piece]], *, jobs: int
) -> Iterator[Answers]:
    """Yield what came of each piece, in their order.

    Parameters
    ----------
    recipe
        What is done.
    pieces
        With their numbers; read no further than a few pieces ahead.
    jobs
        Processes; with one, this one does the work.
    """
    if jobs == 1:
        worker = Worker(recipe)
        yield from (worker.answer(number, piece) for number, piece in pieces)
        return
    with _few_threads(jobs):
        pool = ProcessPoolExecutor(
            jobs,
            # A fork would take the threads of polars along, which hang in it.
            mp_context=get_context("spawn"),
            initializer=_begin,
            initargs=(recipe, os.getpid(), max(1, cores() // jobs)),
        )
        try:
            yield from _through(_submitting(pool), pieces, most=_AHEAD * jobs)
        finally:
            pool.shutdown(wait=True, cancel_futures=True)


def answer_by(crew: Crew, recipe: Recipe, pieces: Iterable[tuple[int, Piece]]) -> Iterator[Answers]:
    """Yield what came of each piece, in their order, answered by a crew.

    A worker that is lost costs the piece it was at, which begins again.

    Parameters
    ----------
    crew
        Who does the work; it must reach the bundle, the source and the destination.
    recipe, pieces
        As above.
    """
    shared = crew.share(recipe)

    def ask(*order: Any) -> Answers:
        return crew.ask(_answer_by, shared, order, budget=Budget.start(_ENDLESS_S)).made

    threads = ThreadPoolExecutor(crew.workers)
    try:
        yield from _through(
            lambda *order: threads.submit(ask, *order), pieces, most=_AHEAD * crew.workers
        )
    finally:
        threads.shutdown(wait=True, cancel_futures=True)


def _submitting(pool: ProcessPoolExecutor) -> Callable[[int, Piece], Future[Answers]]:
    def submit(number: int, piece: Piece) -> Future[Answers]:
        with safe_path():  # a process starts when there is work for it
            return pool.submit(_answer, number, piece)

    return submit


def _answer_by(recipe: Recipe, order: tuple[int, Piece], _: Budget) -> Answers:
    return _worker_of(recipe).answer(*order)


@lru_cache(maxsize=1)
def _worker_of(recipe: Recipe) -> Worker:
    return Worker(recipe, threads=1)


def _through(
    submit: Callable[[int, Piece], Future[Answers]],
    pieces: Iterable[tuple[int, Piece]],
    *,
    most: int,
) -> Iterator[Answers]:
    waiting: deque[Future[Answers]] = deque()
    for number, piece in pieces:
        waiting.append(submit(number, piece))
        if len(waiting) >= most:
            yield waiting.popleft().result()
    while waiting:
        yield waiting.popleft().result()


@contextmanager
def _few_threads(jobs: int) -> Iterator[None]:
    """Let each process that is started meanwhile use its share of the cores."""
    before = os.environ.get(_THREADS)
    os.environ[_THREADS] = str(max(1, cores() // jobs))
    try:
        yield
    finally:
        os.environ.pop(_THREADS)
        if before is not None:
            os.environ[_THREADS] = before


def _begin(recipe: Recipe, parent: int, threads: int) -> None:
    global _worker
    follow(parent)
    _worker = Worker(recipe, threads=threads)


def _answer(number: int, piece: Piece) -> Answers:
    assert _worker is not None
    return _worker.answer(number, piece)
