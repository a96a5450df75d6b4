"""The style, the script and the icon: the only files that pages ask for."""

import hashlib
from collections.abc import Mapping
from functools import cache
from typing import NamedTuple

from modelwright.report.rendering import source_of

FOLDER = "static"
_PARTS: Mapping[str, tuple[tuple[str, ...], str]] = {
    "dashboard.css": (("style.css", "dashboard/dashboard.css"), "text/css"),
    "dashboard.js": (("dashboard/dashboard.js",), "text/javascript"),
    "icon.svg": (("dashboard/icon.svg",), "image/svg+xml"),
}


class Asset(NamedTuple):
    """A file, with its type."""

    data: bytes
    media_type: str


@cache
def assets() -> Mapping[str, Asset]:
    """Return every file by its address, which changes when the file does.

    Examples
    --------
    >>> sorted(address.rpartition(".")[2] for address in assets())
    ['css', 'js', 'svg']
    """
    return {address_of(name): _read(name) for name in _PARTS}


@cache
def address_of(name: str) -> str:
    """Return where a file is, below the dashboard."""
    stem, _, ending = name.partition(".")
    return f"{FOLDER}/{stem}-{hashlib.sha256(_read(name).data).hexdigest()[:12]}.{ending}"


@cache
def _read(name: str) -> Asset:
    parts, media_type = _PARTS[name]
    return Asset("".join(map(source_of, parts)).encode(), media_type)
