"""Numbers beside their unit, as in "12.5 kg", and times of day: how one cell of them is read.

As in `cells`, the table reader and the record reader read by the same rules.
"""

import re

from modelwright.data.values.cells import WHITESPACE, number_of
from modelwright.data.values.forms import FORMS, Form

CLOCK = "h:mm"
"""The unit of times of day and durations such as "14:35", which are read as hours."""

CLOCK_TEXT = (
    r"(?P<h>[0-9]{1,3}):(?P<m>[0-5][0-9])(?::(?P<s>[0-5][0-9])(?:\.[0-9]+)?)?"
    r"(?: ?(?P<p>[AaPp])\.?[Mm]\.?)?"
)
"""Hours, minutes and perhaps seconds; parts of a second are left away."""

_CLOCK_TEXT = re.compile(CLOCK_TEXT)


def said(unit: str) -> str:
    """Return a unit as numbers are told of.

    Examples
    --------
    >>> said("kg"), said(CLOCK)
    ('kg', 'hours')
    """
    if unit in FORMS:
        return FORMS[unit].said
    return "hours" if unit == CLOCK else unit


def measure_of(text: str, unit: str) -> float | None:
    """Read a stripped text as a number that may stand beside a unit.

    Parameters
    ----------
    text
        The number, with or without its unit; a unit may have a plural "s".
    unit
        As `Column.unit` has it; empty where there is none.

    Returns
    -------
    float or None
        None when the text is no such number.

    Examples
    --------
    >>> measure_of("12.5 kg", "kg"), measure_of("2 years", "year"), measure_of("USD 1,200", "USD")
    (12.5, 2.0, 1200.0)
    >>> measure_of("12 lb", "kg"), measure_of("2:30 pm", CLOCK), measure_of("14.5", CLOCK)
    (None, 14.5, 14.5)
    >>> measure_of("1h 30m", "1h 20m"), measure_of("$2.5M", "1.5M")
    (1.5, 2500000.0)
    """
    if not unit:
        return number_of(text)
    if unit in FORMS:
        return _in_form(text, FORMS[unit])
    if unit == CLOCK and (clock := _CLOCK_TEXT.fullmatch(text)):
        return _hours(clock)
    return number_of(_alone(text, unit))


def _in_form(text: str, form: Form) -> float | None:
    number, in_form = number_of(text), form.number_of(text)
    first, other = (in_form, number) if form.is_tried_first else (number, in_form)
    return other if first is None else first


def _alone(text: str, unit: str) -> str:
    return text.removesuffix(f"{unit}s").removesuffix(unit).removeprefix(unit).strip(WHITESPACE)


def _hours(clock: re.Match[str]) -> float:
    hour = int(clock["h"])
    if clock["p"]:
        hour = hour % 12 + (12 if clock["p"] in "Pp" else 0)
    return ((hour * 60 + int(clock["m"])) * 60 + int(clock["s"] or 0)) / 3600
