"""Threads with ordered results, and the number of cores."""

import os
import warnings
from collections.abc import Callable, Iterable
from concurrent.futures import FIRST_EXCEPTION, Future, ThreadPoolExecutor, wait
from pathlib import Path, PurePosixPath
from typing import TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")


def map_threads(
    function: Callable[[Item], Result], items: Iterable[Item], *, workers: int
) -> list[Result]:
    """Apply a function to every item in threads, for work that releases the interpreter's lock.

    Threads share the list of warning filters, and libraries that change it for a moment can put
    back what another thread had made of it. So it is put back once more at the end.

    Parameters
    ----------
    function
        Called once per item.
    items
        Read as a whole before the work begins.
    workers
        Threads; with one, the work is done in the caller's thread.

    Returns
    -------
    list
        The results in the order of the items.

    Raises
    ------
    Exception
        What the first failing call raised; what had not begun is not done any more. So does
        Ctrl-C, which does not wait for what runs.

    Examples
    --------
    >>> map_threads(abs, [-1, -2, 3], workers=2)
    [1, 2, 3]
    """
    work = list(items)
    if workers <= 1 or len(work) <= 1:
        return [function(item) for item in work]
    with warnings.catch_warnings():
        return _in_threads(function, work, workers=min(workers, len(work)))


def cores(root: Path = Path("/")) -> int:
    """Return the number of cores that this process may use, at least one.

    Respects the processor affinity and, in a container, the quota of its control groups
    (versions 1 and 2), rounded down.

    Parameters
    ----------
    root
        Where ``proc`` and ``sys`` are.

    Examples
    --------
    >>> cores() >= 1
    True
    """
    return max(1, min([_allowed(), *_quotas(root)]))


def _in_threads(
    function: Callable[[Item], Result], work: list[Item], *, workers: int
) -> list[Result]:
    executor = ThreadPoolExecutor(max_workers=workers)
    try:
        results = _in_order([executor.submit(function, item) for item in work])
    except Exception:
        executor.shutdown(cancel_futures=True)
        raise
    except BaseException:  # Ctrl-C
        executor.shutdown(wait=False, cancel_futures=True)
        raise
    executor.shutdown()
    return results


def _in_order(futures: list[Future[Result]]) -> list[Result]:
    done, _ = wait(futures, return_when=FIRST_EXCEPTION)
    for future in futures:
        if future in done:
            future.result()
    return [future.result() for future in futures]


def _allowed() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _quotas(root: Path) -> list[int]:
    groups = root / "sys/fs/cgroup"
    found = []
    for folder in _control_groups(root):
        for base in (groups, groups / "cpu", groups / "cpu,cpuacct"):
            found += _quota(base / folder)
    return found


def _control_groups(root: Path) -> list[PurePosixPath]:
    """Return this process's control groups and all that contain them, relative to their root."""
    lines = _read(root / "proc/self/cgroup").splitlines()
    paths = {PurePosixPath(line.split(":", 2)[2].lstrip("/")) for line in lines if ":" in line}
    parents = {parent for path in paths for parent in path.parents}
    return sorted(paths | parents | {PurePosixPath(".")})


def _quota(group: Path) -> list[int]:
    """Return the cores that one control group grants, or nothing when it sets no limit."""
    second = _read(group / "cpu.max").split()
    first = [_read(group / f"cpu.cfs_{name}_us").strip() for name in ("quota", "period")]
    for pair in (second, first):
        if len(pair) == 2 and all(text.isdecimal() for text in pair):
            return [int(pair[0]) // int(pair[1])]
    return []


def _read(file: Path) -> str:
    try:
        return file.read_text()
    except OSError:  # no such file, or not shown to us: then it sets no limit that we can know
        return ""
