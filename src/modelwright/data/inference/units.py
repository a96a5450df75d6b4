"""Which unit stands beside the numbers of a column."""

import polars as pl

from modelwright.data.values.cells import DECORATED_NUMBER, NUMBER
from modelwright.data.values.forms import FORMS, SINGLE
from modelwright.data.values.measures import CLOCK, CLOCK_TEXT

_BEHIND = (
    rf"^(?:{NUMBER}|{DECORATED_NUMBER})\s*"
    r"(\p{L}[\p{L}\d²³/%·.^-]{0,11}|[°\"'][\p{L}]?|/\d+)$"
)
_BEFORE = (
    r"^(USD|EUR|GBP|CHF|JPY|CNY|INR|AUD|CAD|SEK|NOK|DKK|PLN|Rs\.?|RM|kr|US\$|A\$|C\$|R\$|[₹₽₩₺₫฿])"
    rf"\s*(?:{NUMBER}|{DECORATED_NUMBER})$"
)
"""Of what stands before numbers only currencies count: "A12" is rather a code."""
_FEWEST, _SHARE = 3, 0.9
_SHORT = 3
_LOOKED_AT = 200
_SOME = 0.02
_DIGITS = r"[0-9]+(?:[.,][0-9]+)*"
_SKELETON = "^#(?: ?[/x\u00d7] ?#| (?:-|\u2013|to|bis) #|.*\\p{L}.*#.*)$"
_FEWEST_FIRST, _MOST_NUMBERS = 10, 3
_LONGEST = 24
"""Letters and signs beside the numbers of an amount; what is longer is a sentence."""
_OF_AMOUNTS = r"[.,]|\p{Sc}|\p{L}{2}|[0-9]{3}"
_OF_FLATS = "^[0-9]+ ?[AC-JN-Zac-jn-z]$"
_FEW_WIDTHS, _OF_THOUSANDS = 3, 3
_AS_CODES = "^[^0-9]*0[0-9]"
_UNMARKED = "^[0-9]+(?:,[0-9]+)?$"
"""Beside a currency, a sign or divided thousands a comma stands before decimals."""
_PAIR = r"^([0-9]{1,3})(?:,([0-9]{1,3}))?$"
_LAST_DIGIT, _COME_BACK = 9, 0.6
"""Of the numbers on either side of a comma, the share that stands on both where they are lists."""
_WORD_OF_TIME = r"^PT?[0-9]|(?:min|sec|hour|hr|day)"


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
    >>> unit_of(pl.Series(["2h 50m", "19h", "45m"])), unit_of(pl.Series(["1.5M", "900K", "2.5M"]))
    ('1h 20m', '1.5M')
    >>> unit_of(pl.Series(["1,200", "(350)", "$12"])), unit_of(pl.Series(["8GB", "512 MB", "1TB"]))
    ('(12)', '8 GB')
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
    return _form_of(values)


def _form_of(values: pl.Series) -> str:
    """Return the form in which nearly all values are written, where several pieces are met."""
    for name in SINGLE:
        form = FORMS[name]
        if _share(values.head(_LOOKED_AT).str.contains(f"^(?:{form.pattern})$")) <= _SHARE:
            continue
        parts = values.str.extract_groups(f"^(?:{form.pattern})$").struct.unnest()
        is_form = parts.select(pl.any_horizontal(pl.all().is_not_null())).to_series()
        is_certain = _CERTAIN.get(name)
        if _share(is_form) > _SHARE and (is_certain is None or is_certain(values, parts)):
            return name
    return ""


def _is_span(values: pl.Series, parts: pl.DataFrame) -> bool:
    """Say whether several pieces or whole words are met: "12M" and "5S" may be sizes."""
    pieces = parts.select(pl.sum_horizontal(pl.all().is_not_null())).to_series()
    return max(_share(pieces > 1), _share(values.str.contains(_WORD_OF_TIME))) > _SOME


def _is_magnitude(values: pl.Series, parts: pl.DataFrame) -> bool:
    """Say whether numbers of several magnitudes are met, or bounds such as "<0.5" and "10+".

    "18B" and "30M" may be flats or classes as well, and are where "12A" is met, or no number is as
    one of an amount.
    """
    is_bounded = bool(values.str.contains("^[<>≤≥]").any())
    if is_bounded or _share(values.str.ends_with("+")) > _SOME:
        return True
    met = [name for name in parts.columns if _share(parts[name].is_not_null()) > _SOME]
    is_amount = _share(values.str.contains(_OF_AMOUNTS)) > _SOME
    return len(met) > 1 and is_amount and not values.str.contains(_OF_FLATS).any()


def _is_below_zero(values: pl.Series, parts: pl.DataFrame) -> bool:
    """Say whether numbers stand in brackets, or have a minus that programs do not write.

    One behind is a minus beside decimals or thousands; else "18-" may be an open band.
    """
    if _share(parts["b"].is_not_null() | values.str.contains("\u2212")) > _SOME:
        return True
    behind = parts["t"].is_not_null()
    is_amount = bool(values.str.contains("[0-9][.,][0-9]").any())
    return is_amount and _share(behind) > _SOME and not behind.all()


def _has_decimal_commas(values: pl.Series, parts: pl.DataFrame) -> bool:
    """Say whether most numbers have a comma, and as many digits behind it: no pairs, no lists."""
    decimals = values.str.extract(r",([0-9]+)(?:[^0-9]|$)").str.len_chars().drop_nulls()
    if 2 * len(decimals) < len(values) or decimals.n_unique() > _FEW_WIDTHS:
        return False
    usual = decimals.mode()[0]
    if usual == _OF_THOUSANDS or values.str.contains(_AS_CODES).any():
        return False
    is_form = parts.select(pl.any_horizontal(pl.all().is_not_null())).to_series()
    return not _are_pairs(values.filter(is_form), decimals)


def _are_pairs(values: pl.Series, widths: pl.Series) -> bool:
    """Say whether whole numbers stand on both sides of the commas, as in "3,2" and "12,10"."""
    is_marked = not values.str.contains(_UNMARKED).all()
    if is_marked or (widths.n_unique() > 1 and values.str.contains(",0[0-9]").any()):
        return False
    if widths.n_unique() > 1 and values.str.contains(",[0-9]+0(?:[^0-9]|$)").any():
        return True  # decimals are cut where they end in 0, or padded to one width
    if widths.min() != 1 or not values.str.contains(_PAIR).all():
        return False
    pairs = values.str.extract_groups(_PAIR).struct.unnest().cast(pl.Int64)
    before, behind = (set(pairs[side].drop_nulls()) for side in pairs.columns)
    if widths.n_unique() == 1 and max(before) > _LAST_DIGIT:
        return False
    return len(before & behind) > _COME_BACK * len(before | behind)


def _is_spaced(values: pl.Series, parts: pl.DataFrame) -> bool:
    """Say whether thousands are divided, and numbers are of several lengths: no codes."""
    spaced = parts.select(pl.any_horizontal(pl.col("pk", "nk", "tk").is_not_null())).to_series()
    lengths = values.str.count_matches("[0-9]").n_unique()
    return _share(spaced) > _SOME and lengths > 1 and not values.str.contains(_AS_CODES).any()


def _is_of_several(_: pl.Series, parts: pl.DataFrame) -> bool:
    """Say whether several units are met: "5 B" alone may be a code."""
    return sum(parts[name].is_not_null().any() for name in parts.columns) > 1


def _are_alike(values: pl.Series, parts: pl.DataFrame) -> bool:
    """Say whether values differ in their numbers alone, and the first one is an amount."""
    numbers = values.str.extract_all(_DIGITS)
    if (
        parts["n"].n_unique() < _FEWEST_FIRST
        or values.str.contains(r"(?:^|[^0-9.,])0[0-9]").any()
        or numbers.list.len().max() > _MOST_NUMBERS  # type: ignore[operator]
    ):
        return False
    skeletons = values.alias("").str.replace_all(_DIGITS, "#").value_counts(sort=True)
    is_short = pl.col("").str.len_chars() <= _LONGEST
    alike = is_short & pl.col("").str.contains(_SKELETON)
    usual = skeletons.head(3).filter(alike | (pl.col("") == "#"))
    several = usual.filter(pl.col("") != "#")
    return several.height > 0 and int(usual["count"].sum()) > _SHARE * len(values)


_CERTAIN = {
    "1h 20m": _is_span,
    "1.5M": _is_magnitude,
    "(12)": _is_below_zero,
    "8 GB": _is_of_several,
    "1.234,5": _has_decimal_commas,
    "1 234.5": _is_spaced,
    "12 ...": _are_alike,
}
"""What has to hold beside the form, which alone could be that of codes."""


def _has_numbers(values: pl.Series) -> bool:
    return _share(values.str.contains("[0-9]")) > _SHARE / 2


def _one(units: pl.Series) -> str:
    """Return the unit that nearly all are, with or without a plural "s"."""
    singular = units.str.strip_suffix("s")
    is_plural = (units.str.len_chars() > _SHORT) | singular.is_in(units.unique().to_list())
    one = singular.zip_with(is_plural, units).alias("")
    unit, times = one.value_counts(sort=True).row(0)
    return str(unit) if times >= _FEWEST and times > _SHARE * len(units) else ""


def _share(marked: pl.Series) -> float:
    return int(marked.sum()) / max(1, len(marked))
