"""One element of SVG: everything in it is escaped."""

from markupsafe import Markup

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
    written = Markup("").join(
        Markup(' {}="{}"').format(_NAMES.get(key, key.replace("_", "-")), _value(given))
        for key, given in attributes.items()
    )
    return Markup("<{0}{1}>{2}</{0}>").format(name, written, Markup("").join(children))


def percent(fraction: float) -> str:
    """Return a place along a picture that is as wide as the page lets it be."""
    return f"{100 * fraction:.2f}%"


def _value(given: object) -> str:
    return f"{given:.2f}".rstrip("0").rstrip(".") if isinstance(given, float) else str(given)
