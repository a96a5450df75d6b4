"""Numbers that tell moments: days and such written as digits, and what is counted from 1970."""

import polars as pl

from modelwright.data.values.moment_series import read_moments
from modelwright.data.values.moments import (
    PACKED_DAY,
    PACKED_MONTH,
    PACKED_SECOND,
    UNIX,
    said_format,
)
from modelwright.data.values.series import as_text

NEVER = (0.0, -1.0)
"""In place of a moment that has not come."""
NEVER_TOKENS = tuple(
    f"{whole}{decimals}"
    for whole in ("0", "-1")
    for decimals in ("", ".0", ".00", ".000", ".0000", ".000000")
)
"""As programs write these: a later row may have one that no row had yet."""
_PACKED = {
    PACKED_SECOND: (19000101000000, 21001231235959, "seconds written as fourteen digits"),
    PACKED_DAY: (19000101, 21001231, "days written as eight digits"),
    PACKED_MONTH: (190001, 210012, "months written as six digits"),
}
_UNIX_SPAN = (3e8, 2.6e9)
"""Seconds from 1970 to 1979 and to 2052: smaller and larger numbers count something else."""
_PER_SECOND = dict(zip(UNIX, (1.0, 1e3, 1e6, 1e9), strict=True))
_USUAL_SPAN, _NEAR = (631_152_000.0, 2_100_000_000.0), 2.5
"""Seconds from 1970 to 1990 and to 2036, and how far the last count is beyond the first."""
_ROUND, _MOSTLY = 1000.0, 0.5
"""Amounts are rounded to thousands; of whole days and hours one in five is such a number."""


def moment_format_of(numbers: pl.Series) -> tuple[str, str] | None:
    """Return the format in which numbers can be read as moments, and what it is called.

    Their name has to say that they tell a time: numbers alone may be anything.

    Parameters
    ----------
    numbers
        Different numbers, none missing.

    Examples
    --------
    >>> moment_format_of(pl.Series([202401, 202402]))
    ('%Y%m', 'months written as six digits')
    >>> moment_format_of(pl.Series([1_700_000_000_000, 1_700_000_360_000]))
    ('unix ms', 'moments as thousandths of a second since 1970')
    >>> moment_format_of(pl.Series([1, 2])) is None
    True
    """
    values = numbers.cast(pl.Float64)
    if values.is_empty() or not values.is_finite().all():
        return None
    are_whole = bool((values == values.floor()).all())
    for written, (least, most, said) in _PACKED.items():
        if are_whole and values.is_between(least, most).all() and _are_read(values, written):
            return written, said
    least_s, most_s = _UNIX_SPAN
    for written, count in _PER_SECOND.items():
        if values.is_between(least_s * count, most_s * count).all() and (are_whole or count == 1):
            return written, f"moments {said_format(written)}"
    return None


def are_usual(numbers: pl.Series, written: str) -> bool:
    """Say whether numbers are such moments as tables hold: amounts may be as large as counts.

    Examples
    --------
    >>> are_usual(pl.Series([1_700_000_000, 1_700_000_360]), "unix s")
    True
    >>> are_usual(pl.Series([700_000_001, 1_900_000_001]), "unix s")
    False
    """
    if written not in UNIX:
        return True
    seconds = numbers.cast(pl.Float64) / _PER_SECOND[written]
    least, most = float(seconds.min()), float(seconds.max())  # type: ignore[arg-type]
    if least < _USUAL_SPAN[0] or most > min(_USUAL_SPAN[1], _NEAR * least):
        return False
    return int((seconds % _ROUND == 0).sum()) <= _MOSTLY * len(seconds)


def _are_read(values: pl.Series, written: str) -> bool:
    return not read_moments(as_text(values), written).null_count()
