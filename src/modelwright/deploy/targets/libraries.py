"""The libraries that the runtime imports, each pinned with its hashes."""

import re
from importlib.resources import files

from modelwright.predictor.bundle import Bundle
from modelwright.predictor.emitters.whole_graph import runs_graph

LOCK = "requirements.txt"


def lock_of(bundle: Bundle) -> bytes:
    """Return what the server of a bundle needs, as pip reads it: more where it is a graph of ONNX.

    Examples
    --------
    >>> from modelwright.testing import example_bundle
    >>> names_in(lock_of(example_bundle()).decode())[:3]
    ('anyio', 'h11', 'idna')
    """
    return _read("shared") + more_for(bundle)


def more_for(bundle: Bundle) -> bytes:
    """Return what a bundle needs beside the lock of any target; nothing unless it is a graph."""
    return _read("graph") if runs_graph(bundle) else b""


def names_in(lock: str) -> tuple[str, ...]:
    """Return the names of the libraries that are pinned."""
    return tuple(re.findall(r"^([a-z0-9-]+)==", lock, flags=re.MULTILINE))


def _read(folder: str) -> bytes:
    return (files("modelwright.deploy.targets") / "templates" / folder / LOCK).read_bytes()
