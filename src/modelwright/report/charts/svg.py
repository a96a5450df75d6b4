"""One element of SVG: everything in it is escaped."""

from markupsafe import Markup, escape

_NAMES = {"classed": "class"}


def element(name: str, *children: str, **attributes: object) -> Markup:
    """Return an element.

    Parameters
    ----------
    name
        Of the element.
    children
        Text, which is escaped, or elements, which are not.
    attributes
        With ``_`` for ``-``, and ``classed`` for ``class``; numbers get two decimals.

    Examples
    --------
    >>> element("text", "a < b", x=1.23456, text_anchor="end", classed="tick")
    Markup('<text x="1.23" text-anchor="end" class="tick">a &lt; b</text>')
    """
    # A page has thousands of them, and Markup's own `format` takes ten times as long.
    written = "".join(
        f' {_NAMES.get(key, key.replace("_", "-"))}="{_value(given)}"'
        for key, given in attributes.items()
    )
    return Markup(f"<{name}{written}>{''.join(map(escape, children))}</{name}>")


def percent(fraction: float) -> str:
    """Return a place along a picture that is as wide as the page lets it be."""
    return f"{100 * fraction:.2f}%"


def _value(given: object) -> str:
    if isinstance(given, float):
        return f"{given:.2f}".rstrip("0").rstrip(".")
    return escape(str(given))
