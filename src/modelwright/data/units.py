"""Which unit stands beside the numbers of a column."""

import polars as pl

from modelwright.data.cells import DECORATED_NUMBER, NUMBER
from modelwright.data.measures import CLOCK, CLOCK_TEXT

_BEHIND = (
    rf"^(?:{NUMBER}|{DECORATED_NUMBER})\s*(\p{{L}}[\p{{L}}\d²³/%·.^-]{{0,11}}|[°\"'][\p{{L}}]?)$"
)
_BEFORE = (
    r"^(USD|EUR|GBP|CHF|JPY|CNY|INR|AUD|CAD|SEK|NOK|DKK|PLN|Rs\.?|RM|kr|US\$|A\$|C\$|R\$|[₹₽₩₺₫฿])"
    rf"\s*(?:{NUMBER}|{DECORATED_NUMBER})$"
)
"""Of what stands before numbers only currencies count: "A12" is rather a code."""
_FEWEST, _SHARE = 3, 0.9
_SHORT = 3
_LOOKED_AT = 200


def unit_of(values: pl.Series) -> str:
    """Return the one unit that nearly all values of a column have; empty where there is none.

    Parameters
    ----------
    values
        The different values, as stripped texts.

    Examples
    --------
    >>> unit_of(pl.Series(["12.5 kg", "8kg", "9 kgs"]))
    'kg'
    >>> unit_of(pl.Series(["14:35", "7:02", "8:15 pm"]))
    'h:mm'
    >>> unit_of(pl.Series(["12 kg", "8 lb", "A12"]))
    ''
    """
    if len(values) < _FEWEST or not _has_numbers(values.head(_LOOKED_AT)):
        return ""
    if _share(values.str.contains(f"^(?:{CLOCK_TEXT})$")) > _SHARE:
        return CLOCK
    for pattern in (_BEHIND, _BEFORE):
        units = values.str.extract(pattern)
        if _share(units.is_not_null()) > _SHARE and (unit := _one(units.drop_nulls())):
            return unit
    return ""


def _has_numbers(values: pl.Series) -> bool:
    return _share(values.str.contains("[0-9]")) > _SHARE / 2


def _one(units: pl.Series) -> str:
    """Return the unit that nearly all are, with or without a plural "s"."""
    singular = units.str.strip_suffix("s")
    is_plural = (units.str.len_chars() > _SHORT) | singular.is_in(units.unique().to_list())
    unit, times = singular.zip_with(is_plural, units).value_counts(sort=True).row(0)
    return str(unit) if times >= _FEWEST and times > _SHARE * len(units) else ""


def _share(marked: pl.Series) -> float:
    return int(marked.sum()) / max(1, len(marked))
