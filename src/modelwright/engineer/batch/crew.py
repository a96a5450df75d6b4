"""Pieces answered in this process, or in several side by side; what came of them is in order."""

import os
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import get_context

from modelwright.compute.crews.worker import follow
from modelwright.compute.parallel import cores
from modelwright.data.pieces.base import Piece
from modelwright.engineer.batch.recipe import Answers, Recipe
from modelwright.engineer.batch.worker import Worker

_AHEAD = 2
"""Pieces for each process: one at work and one that waits, so that memory stays bounded."""
_MANY_ROWS, _MOST = 400_000, 8
"""Rows from which on several processes have started before one would be done, and how many at most:
each takes memory of its own."""
_THREADS = "POLARS_MAX_THREADS"

_worker: Worker | None = None


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
            yield from _through(pool, pieces, most=_AHEAD * jobs)
        finally:
            pool.shutdown(wait=True, cancel_futures=True)


def _through(
    pool: ProcessPoolExecutor, pieces: Iterable[tuple[int, Piece]], *, most: int
) -> Iterator[Answers]:
    waiting: deque[Future[Answers]] = deque()
    for number, piece in pieces:
        waiting.append(pool.submit(_answer, number, piece))
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
