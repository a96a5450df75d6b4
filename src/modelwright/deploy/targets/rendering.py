"""Templates filled in."""

from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any

import msgspec
from jinja2 import Environment, PackageLoader, StrictUndefined

_SUFFIX = ".jinja"
_SERVICE = "SERVICE"
"""In the name of a template's file: the name of the service."""
_PACKAGE = "modelwright.deploy.targets"


def render_all(folders: Sequence[str], facts: Mapping[str, Any]) -> dict[str, bytes]:
    """Return the files that folders of templates become, by their paths.

    What has no suffix ``.jinja`` is copied as it is; what begins with an underscore is only there
    for others to extend. ``SERVICE`` in a name becomes the name of the service.

    Parameters
    ----------
    folders
        Below `templates`. Where two have the same file, the later one's counts.
    facts
        All that a template names; what comes from data is written through a filter.
    """
    rendered: dict[str, bytes] = {}
    for folder in folders:
        for path, entry in _walk(files(_PACKAGE) / "templates" / folder, ""):
            name = path.replace(_SERVICE, facts["service"])
            if name.endswith(_SUFFIX):
                text = _environment().get_template(f"{folder}/{path}").render(facts)
                rendered[name.removesuffix(_SUFFIX)] = f"{text.strip()}\n".encode()
            else:
                rendered[name] = entry.read_bytes()
    return rendered


def plain(text: str) -> str:
    """Write what came from data on one line of Markdown, a comment or a label.

    Examples
    --------
    >>> plain("a `b`\\n<c>")
    "a 'b' &lt;c&gt;"
    """
    escaped = text.replace("<", "&lt;").replace(">", "&gt;").replace("`", "'").replace("|", "/")
    return " ".join(escaped.split())


def quoted(value: object) -> str:
    """Write a value as JSON, which YAML and JavaScript read too.

    Examples
    --------
    >>> quoted('a "b"')
    '"a \\\\"b\\\\""'
    """
    return msgspec.json.encode(value).decode()


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader(_PACKAGE, "templates"),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        autoescape=False,
    )
    environment.filters["plain"] = plain
    environment.filters["quoted"] = quoted
    return environment


def _walk(folder: Traversable, inside: str) -> Iterator[tuple[str, Traversable]]:
    for entry in sorted(folder.iterdir(), key=lambda each: each.name):
        name = f"{inside}{entry.name}"
        if entry.is_dir():
            yield from _walk(entry, f"{name}/")
        elif not entry.name.startswith("_"):
            yield name, entry
