"""Optional libraries and registered extensions: import it, or say how to install it."""

from importlib import import_module
from importlib.metadata import entry_points
from types import ModuleType
from typing import Any

from modelwright.errors import MissingDependencyError


def require(module: str, *, extra: str) -> ModuleType:
    """Import an optional library.

    Parameters
    ----------
    module
        The module's import name.
    extra
        The extra of modelwright that installs it.

    Raises
    ------
    MissingDependencyError
        With the exact command that installs the extra.

    Examples
    --------
    >>> require("json", extra="demo").__name__
    'json'
    """
    try:
        return import_module(module)
    except ModuleNotFoundError as error:
        if error.name is None or not module.startswith(error.name):
            raise
        raise MissingDependencyError(
            f"{module} is not installed.", f"Run: pip install 'modelwright[{extra}]'"
        ) from error


def registered(group: str) -> dict[str, Any]:
    """Return what other packages have registered for one extension point.

    Parameters
    ----------
    group
        The entry-point group without its prefix, for example ``"learners"``.

    Returns
    -------
    dict
        Loaded objects by name; empty when nothing is registered.

    Examples
    --------
    >>> registered("no-such-point")
    {}
    """
    return {entry.name: entry.load() for entry in entry_points(group=f"modelwright.{group}")}
