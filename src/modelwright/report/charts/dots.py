"""A hundred dots, so many of them filled: a share that can be counted."""

from markupsafe import Markup

from modelwright.report.charts.svg import element

_STEP, _RADIUS = 12.0, 4.5


def draw_dots(count: int, label: str) -> Markup:
    """Draw a hundred dots, row by row.

    Parameters
    ----------
    count
        How many are filled, 0 to 100.
    label
        What the picture says, for those who do not see it.

    Examples
    --------
    >>> draw_dots(63, "63 of 100").count('class="on"')
    63
    """
    dots = [
        element(
            "circle",
            cx=_STEP * (index % 10 + 0.5),
            cy=_STEP * (index // 10 + 0.5),
            r=_RADIUS,
            classed="on" if index < count else "off",
        )
        for index in range(100)
    ]
    size = f"0 0 {10 * _STEP:.0f} {10 * _STEP:.0f}"
    return element("svg", *dots, classed="dots", viewBox=size, role="img", aria_label=label)
