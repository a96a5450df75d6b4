"""The machine: its name for the tables, and the cores and threads that all share alike."""

import os
import platform
from collections.abc import Mapping
from pathlib import Path

_THREADS = (
    "OMP_NUM_THREADS",
    "OPENBLAS_NUM_THREADS",
    "MKL_NUM_THREADS",
    "NUMEXPR_NUM_THREADS",
    "NUMBA_NUM_THREADS",
    "POLARS_MAX_THREADS",
    "LOKY_MAX_CPU_COUNT",
)
_LEFT_OUT = ("PYTHON", "VIRTUAL_ENV")


def pin(cores: int | None) -> int:
    """Keep this process, and all that it starts, on the first cores; return how many there are.

    Parameters
    ----------
    cores
        None for all that this process may use.
    """
    allowed = sorted(os.sched_getaffinity(0))
    chosen = allowed[: cores or len(allowed)]
    os.sched_setaffinity(0, chosen)
    return len(chosen)


def environment_of(cores: int, root: Path, given: Mapping[str, str]) -> dict[str, str]:
    """Return the environment variables in which every contestant runs.

    Parameters
    ----------
    cores
        The threads that each library may start.
    root
        The folder that holds the package of the contestants' programs.
    given
        This process's variables; those that point to its own Python are left out.
    """
    kept = {name: value for name, value in given.items() if not name.startswith(_LEFT_OUT)}
    threads = dict.fromkeys(_THREADS, str(cores))
    return {**kept, **threads, "PYTHONPATH": str(root), "PYTHONHASHSEED": "0"}


def describe(cores: int) -> str:
    """Return the processor's name and the cores used.

    Examples
    --------
    >>> describe(2).endswith(", 2 cores")
    True
    """
    return f"{_processor()}, {cores} {'core' if cores == 1 else 'cores'}"


def describe_rest() -> str:
    """Return memory and operating system."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return f"{memory:.0f} GiB of memory, {platform.system()} {platform.release()}"


def _processor() -> str:
    lines = Path("/proc/cpuinfo").read_text(encoding="utf-8", errors="replace").splitlines()
    names = (line.split(":", 1)[1].strip() for line in lines if line.startswith("model name"))
    return next(names, platform.machine())
