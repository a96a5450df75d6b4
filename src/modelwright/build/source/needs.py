"""The versions of the libraries that a project rests on."""

from collections.abc import Collection
from importlib.metadata import PackageNotFoundError, version

_PACKAGES = {
    "lightgbm": ("lightgbm",),
    "xgboost": ("xgboost-cpu", "xgboost"),
    "catboost": ("catboost",),
    "scikit-learn": ("scikit-learn",),
    "scipy": ("scipy",),
    "fastexcel": ("fastexcel",),
    "threadpoolctl": ("threadpoolctl",),
}
"""The packages that hold a library, the one that modelwright asks for first."""


def requirements(libraries: Collection[str]) -> tuple[str, ...]:
    """Return what pip has to install, each at the version that is here.

    Parameters
    ----------
    libraries
        As recipes name them, or ``"threadpoolctl"``.

    Examples
    --------
    >>> [line.partition("==")[0] for line in requirements({"lightgbm"})]
    ['numpy', 'polars', 'lightgbm']
    """
    further = [_PACKAGES[name] for name in sorted(libraries) if name in _PACKAGES]
    packages = [("numpy",), ("polars",), *further]
    return tuple(_pinned(names) for names in packages)


def _pinned(names: tuple[str, ...]) -> str:
    for name in names:
        try:
            return f"{name}=={version(name)}"
        except PackageNotFoundError:
            continue
    return names[0]
