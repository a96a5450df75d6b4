"""Templates of other languages filled in."""

import json
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

_PACKAGE = "modelwright.predictor.emitters"


def render(name: str, facts: Mapping[str, Any], filters: Mapping[str, Callable[..., str]]) -> str:
    """Return a template filled in.

    Parameters
    ----------
    name
        Of the template, with its folder: ``cpp/model.hpp``.
    facts
        All that it names.
    filters
        How the language writes texts and numbers: what comes from data goes through one of them.
    """
    environment = _environment().overlay()
    environment.filters = {**environment.filters, "comment": comment, "code": code, **filters}
    return environment.get_template(f"{name}.jinja").render(facts)


def template_text(name: str) -> str:
    """Return a file of the templates as it stands."""
    loader = _environment().loader
    assert loader is not None
    return loader.get_source(_environment(), name)[0]


def comment(text: object) -> str:
    """Return a text as it may stand in a comment, or in a table of Markdown, on one line.

    Examples
    --------
    >>> comment("size */ \\\\u000a|\\n`m²`")
    "size * / /u000a/ 'm²'"
    """
    plain = " ".join(str(text).split()).replace("\\", "/").replace("*/", "* /")
    printable = "".join(each if each.isprintable() else "?" for each in plain)
    return printable.replace("|", "/").replace("`", "'")


def code(name: object) -> str:
    """Return a name as code in a table of Markdown: to the letter, or as JSON where it has no line.

    Examples
    --------
    >>> print(code("a\\\\b"), code("a|b"), code("a\\nb"), code("a`b"))
    `a\\b` `a\\|b` `"a\\nb"` `` a`b ``
    """
    text = str(name)
    shown = (text if text.isprintable() else json.dumps(text)).replace("|", "\\|")
    return f"`` {shown} ``" if "`" in shown else f"`{shown}`"


@cache
def _environment() -> Environment:
    return Environment(
        loader=PackageLoader(_PACKAGE, "templates"),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        autoescape=False,
    )
