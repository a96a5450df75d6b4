"""What folders are made of."""

from collections.abc import Callable, Iterator, Mapping
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

from modelwright._version import __version__
from modelwright.deploy.targets.base import Delivery
from modelwright.deploy.targets.facts import facts_of
from modelwright.deploy.targets.folder import Part
from modelwright.deploy.targets.libraries import LOCK, more_for
from modelwright.deploy.targets.rendering import render_all
from modelwright.predictor.bundle import Bundle

BUNDLE = "bundle"
RUNTIME = "runtime"
SERVING = (
    "__init__.py",
    "_notebook.py",
    "_plugins.py",
    "_version.py",
    "compute/__init__.py",
    "compute/parallel.py",
    "data",
    "errors.py",
    "predictor",
    "serving",
    "tasks",
    "workspace",
)
"""The floor that serves, and what it stands on: import-linter keeps it from needing more."""
_CODE = (".py", ".c", ".so", ".json", ".typed", ".jinja", ".txt", ".proto")


def bundle(delivery: Delivery) -> dict[str, bytes]:
    """Return the bundle's files, byte by byte."""
    folder = delivery.bundle_folder
    return {
        f"{BUNDLE}/{path.relative_to(folder).as_posix()}": path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def code(*tops: str) -> Part:
    """Return a part that copies modelwright's own code, as it is here.

    Parameters
    ----------
    tops
        Files and folders of the package.
    """

    def copied(_: Delivery) -> dict[str, bytes]:
        found = {
            f"{RUNTIME}/modelwright/{name}": entry.read_bytes()
            for top in tops
            for name, entry in _walk(files("modelwright") / top, top)
        }
        # Python, and whoever looks for known faults of a host's libraries, ask it for the version.
        about = f"Metadata-Version: 2.1\nName: modelwright\nVersion: {__version__}\n"
        return {**found, f"{RUNTIME}/modelwright-{__version__}.dist-info/METADATA": about.encode()}

    return copied


runtime = code(*SERVING)
"""The code that answers: modelwright's serving floor and those below."""


def templates(*folders: str) -> Part:
    """Return a part that fills in the templates of some folders, a later one's first.

    Parameters
    ----------
    folders
        Below `templates`.
    """

    def filled_in(delivery: Delivery) -> Mapping[str, bytes]:
        written = render_all(folders, facts_of(delivery))
        if LOCK not in written:
            return written
        # A target may have a lock of its own, as `batch` has, which reads tables.
        return {**written, LOCK: written[LOCK] + more_for(delivery.bundle)}

    return filled_in


def emitted(emit: Callable[[Bundle], Mapping[str, str | bytes]]) -> Part:
    """Return a part that an emitter writes: the model in another language.

    Parameters
    ----------
    emit
        From a bundle to files by their paths.

    Examples
    --------
    >>> part = emitted(lambda bundle: {"model.sql": f"-- {bundle.name}"})
    >>> from modelwright.testing import example_bundle
    >>> part(Delivery(example_bundle(), Path("unused")))
    {'model.sql': b'-- answer'}
    """

    def written(delivery: Delivery) -> Mapping[str, bytes]:
        files = emit(delivery.bundle)
        return {
            name: text.encode() if isinstance(text, str) else text for name, text in files.items()
        }

    return written


def _walk(entry: Traversable, name: str) -> Iterator[tuple[str, Traversable]]:
    if entry.is_file():
        if Path(name).suffix in _CODE:
            yield name, entry
        return
    for each in entry.iterdir():
        if each.name != "__pycache__":
            yield from _walk(each, f"{name}/{each.name}")
