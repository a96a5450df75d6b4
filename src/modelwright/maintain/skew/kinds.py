"""How values that the server saw differ from those of a table: what explains most of them."""

from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import numpy as np
from numpy.typing import NDArray

from modelwright.data.records import MISSING_DATETIME
from modelwright.maintain.wording import FEWEST_NAMED
from modelwright.predictor.operations.base import Value
from modelwright.predictor.reference.grids import missing_in
from modelwright.tasks.figures import figure

_MOST = 0.95
"""The part of the rows that an explanation must explain."""
_CLOSE = 1e-6
_DIGITS = range(5)
_FEWEST_ON_A_LINE = 4


def differs(served: Value, told: Value) -> NDArray[np.bool_]:
    """Return which values differ; missing ones are alike, numbers within a millionth of them.

    Examples
    --------
    >>> differs(np.array([1.0, np.nan, 2.0]), np.array([1.0000001, np.nan, 3.0])).tolist()
    [False, False, True]
    """
    lost, gone = missing_in(served), missing_in(told)
    known = ~lost & ~gone
    other = np.asarray(lost != gone)
    if served.dtype.kind == "f":
        one, two = served[known], told[known]
        with np.errstate(invalid="ignore"):
            far = np.abs(one - two) > _CLOSE * np.maximum(np.abs(one), np.abs(two))
        # Infinities are equal, and their difference is no number.
        other[known] = far & (one != two)
    else:
        other[known] = served[known] != told[known]
    return other


def explain_difference(served: Value, told: Value) -> str:
    """Say how values differ, where all of them do.

    Parameters
    ----------
    served : ndarray of shape (rows,)
        What the server saw.
    told : ndarray of shape (rows,)
        What the table says.

    Examples
    --------
    >>> explain_difference(np.array([100.0, 250.0]), np.array([1.0, 2.5]))
    'the server saw 100 times what the table says'
    >>> explain_difference(np.array(["aa", "ua"], object), np.array(["AA", "UA"], object))
    'they differ in capitals or spaces'
    """
    if missing_in(served).mean() >= _MOST:
        return "the server saw no value"
    if missing_in(told).mean() >= _MOST:
        return "the table has no value"
    known = ~missing_in(served) & ~missing_in(told)
    if known.mean() >= _MOST:
        one, two = served[known], told[known]
        if said := _KINDS[served.dtype.kind](one, two):
            return said
        first = one[0]
        if len(one) > 1 and (one == first).mean() >= _MOST:
            shown = _text(first) if len(one) >= FEWEST_NAMED else "the same"
            return f"the server always saw {shown}"
    return "they differ in no way that has a name"


def _numbers(served: Value, told: Value) -> str:
    with np.errstate(divide="ignore", invalid="ignore"):
        ratios = served / told
    factor = float(np.median(ratios))
    if np.isfinite(factor) and factor not in (0.0, 1.0) and _mostly(_is_close(ratios, factor)):
        if 0 < abs(factor) < 1:
            return f"the table says {figure(1 / factor)} times what the server saw"
        return f"the server saw {figure(factor)} times what the table says"
    shift = float(np.median(served - told))
    if shift and _mostly(_is_close(served - told, shift)):
        return f"the server saw {figure(abs(shift))} {'more' if shift > 0 else 'less'}"
    if said := _scale(served, told):
        return said
    for digits in _DIGITS:
        if _mostly(_is_close(np.round(told, digits), served)):
            return f"the server saw them rounded to {digits} digits after the point"
        if _mostly(_is_close(np.round(served, digits), told)):
            return f"the table has them rounded to {digits} digits after the point"
    return ""


def _scale(served: Value, told: Value) -> str:
    """Say which line leads from the table's numbers to those of the server, as between scales."""
    if len(np.unique(told)) < _FEWEST_ON_A_LINE:
        return ""
    # Two rows settle it that lie far apart, and are none of the few that may be odd.
    low, high = np.argsort(told)[[len(told) // 10, -1 - len(told) // 10]]
    if told[low] == told[high]:
        return ""
    slope = float((served[high] - served[low]) / (told[high] - told[low]))
    shift = float(served[low] - slope * told[low])
    if not slope or not _mostly(_is_close(served, slope * told + shift)):
        return ""
    word = "plus" if shift > 0 else "less"
    return (
        f"the server saw {figure(slope)} times what the table says, {word} {figure(abs(shift))}: "
        "another scale"
    )


def _is_close(values: NDArray[Any], wanted: NDArray[Any] | float) -> NDArray[np.bool_]:
    return np.asarray(np.abs(values - wanted) <= 1e-6 * np.maximum(1e-9, np.abs(wanted)))


def _texts(served: Value, told: Value) -> str:
    if _mostly(
        np.array([_plain(one) == _plain(two) for one, two in zip(served, told, strict=True)])
    ):
        return "they differ in capitals or spaces"
    names: dict[object, object] = {}
    for one, two in zip(served, told, strict=True):
        names.setdefault(two, one)
    same = np.array([names[two] == one for one, two in zip(served, told, strict=True)])
    if 1 < len(names) == len(set(names.values())) and _mostly(same):
        two, count = Counter(told.tolist()).most_common(1)[0]
        shown = f": the server saw {names[two]!r} for {two!r}" if count >= FEWEST_NAMED else ""
        return f"levels have other names{shown}"
    return ""


def _plain(value: object) -> str:
    return "".join(str(value).split()).casefold()


def _moments(served: Value, told: Value) -> str:
    shift = int(np.median(served - told))
    if not shift or not _mostly(served - told == shift):
        return ""
    word = "later" if shift > 0 else "earlier"
    return f"the server saw moments {timedelta(microseconds=abs(shift))} {word}"


_KINDS: dict[str, Callable[[Value, Value], str]] = {"f": _numbers, "O": _texts, "i": _moments}


def _mostly(flags: NDArray[Any]) -> bool:
    return bool(np.asarray(flags).mean() >= _MOST)


def value_text(value: Any) -> str:
    """Return a value as a person is shown it.

    Examples
    --------
    >>> value_text(None), value_text(2.5)
    ('(missing)', '2.5')
    """
    if value is None or value != value or (isinstance(value, int) and value == MISSING_DATETIME):
        return "(missing)"
    return _text(value)


def _text(value: Any) -> str:
    if isinstance(value, int | np.integer):
        return str(np.datetime64(int(value), "us"))
    return figure(float(value)) if isinstance(value, float | np.floating) else str(value)[:40]
