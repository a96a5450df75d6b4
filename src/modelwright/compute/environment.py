"""On what work is done: Python, the machine, and the versions of what answers depend on."""

import os
import platform
from collections.abc import Iterator, Sequence
from importlib.metadata import PackageNotFoundError, version

LIBRARIES = (
    "modelwright",
    "numpy",
    "scipy",
    "polars",
    "scikit-learn",
    "lightgbm",
    "xgboost",
    "xgboost-cpu",
    "catboost",
    "torch",
    "optuna",
)
"""Those that what is learned depends on; some are optional."""


def tell_environment(libraries: Sequence[str] = LIBRARIES) -> dict[str, str]:
    """Return what the work is done with, by its name; what is not installed is left out.

    Examples
    --------
    >>> sorted(tell_environment(["numpy", "no such library"]))
    ['Python', 'cores', 'numpy', 'platform']
    """
    machine = {
        "Python": platform.python_version(),
        "platform": platform.platform(terse=True),
        "cores": str(os.cpu_count()),
    }
    return machine | dict(_installed(libraries))


def _installed(libraries: Sequence[str]) -> Iterator[tuple[str, str]]:
    for name in libraries:
        try:
            yield name, version(name)
        except PackageNotFoundError:
            continue
