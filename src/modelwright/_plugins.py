"""Optional libraries and registered extensions: import it, or say how to install it."""

from collections.abc import Mapping
from importlib import import_module
from importlib.metadata import entry_points
from types import ModuleType
from typing import Any, TypeVar

from modelwright.errors import InputError, MissingDependencyError, nearest

T = TypeVar("T")


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


def named(name: str, known: Mapping[str, T], noun: str) -> T:
    """Return what a person names out of what there is.

    Parameters
    ----------
    name
        As the person wrote it.
    known
        What there is, by name.
    noun
        What it is, for the sentence.

    Raises
    ------
    InputError
        With the nearest name, when there is none of that name.

    Examples
    --------
    >>> named("one", {"one": 1}, "number")
    1
    >>> named("oen", {"one": 1}, "number")
    Traceback (most recent call last):
    ...
    modelwright.errors.InputError: There is no number 'oen'. Did you mean 'one'?
    """
    if name not in known:
        raise InputError(f"There is no {noun} {name!r}.", nearest(name, known))
    return known[name]
