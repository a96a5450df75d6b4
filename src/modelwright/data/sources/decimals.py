"""Numbers that are written with a decimal comma."""

import polars as pl

from modelwright.data.sources.base import Reading
from modelwright.data.sources.columns import listed

_GAP = "[ \u00a0\u202f]"
_MARK = "[%$€£¥]"
_UNIT = r"\p{L}[\p{L}\d²³/%]{0,11}"
_THOUSANDS = r"\d{1,3}(?:[.\u00a0\u202f ]\d{3})+"
_BEFORE, _BEHIND = rf"^\s*[+-]?(?:{_MARK}{_GAP}?)?", rf"(?:{_GAP}?(?:{_MARK}|{_UNIT}))?\s*$"
COMMA_NUMBER = rf"{_BEFORE}(?:\d+|{_THOUSANDS})(?:,\d+)?(?:[eE][+-]?\d+)?{_BEHIND}"
"""A number with a decimal comma, perhaps beside a currency, a percent sign or a unit."""
GROUPED_NUMBER = rf"{_BEFORE}[1-9]\d{{0,2}}(?:\.\d{{3}})+{_BEHIND}"
"""A number with points between thousands."""
_SMALL = rf"{_BEFORE}\d{{1,3}}{_BEHIND}"
_FEWEST_GROUPED = 5
_AMBIGUOUS = r"^\s*[+-]?[1-9]\d{0,2},\d{3}\s*$"


def point_decimals(frame: pl.DataFrame, delimiter: str) -> Reading:
    """Write decimal commas as points, and drop the points and gaps between thousands.

    A column counts when it has commas and each of its values with a digit is a number with at most
    a decimal comma; values without a digit, such as "NA", may be among them, up to half. A column
    of values such as "1,234" alone could as well have commas between thousands: it is converted
    when the delimiter is a semicolon or another column settles the question, and else left. Points
    between thousands are dropped from a column such as "985", "1.234" too.

    Parameters
    ----------
    frame
        A table; only texts are looked at.
    delimiter
        What separates the fields; a comma excludes decimal commas.

    Examples
    --------
    >>> reading = point_decimals(pl.DataFrame({"a": ["1.234,5", "NA", "2,5"]}), ";")
    >>> reading.frame["a"].to_list()
    ['1234.5', 'NA', '2.5']
    >>> point_decimals(pl.DataFrame({"a": ["1 234,50 €", "2 €"]}), ";").frame["a"].to_list()
    ['1234.50€', '2€']
    >>> grouped = pl.DataFrame({"a": ["985 km", *["1.234 km"] * 5]})
    >>> point_decimals(grouped, ";").frame["a"].unique().sort().to_list()
    ['1234km', '985km']
    """
    if delimiter == ",":
        return Reading(frame)
    commas = [name for name in frame.columns if _fits(frame[name])]
    if delimiter != ";" and commas and all(_is_ambiguous(frame[name]) for name in commas):
        fact = f"Commas in {listed(commas)} may stand between thousands or decimals and were left."
        return Reading(frame, (fact,))
    points = [
        name
        for name in frame.columns
        if name not in commas and _is_grouped(frame[name], among_commas=bool(commas))
    ]
    if not commas and not points:
        return Reading(frame)
    pointed = frame.with_columns(_pointed(name) for name in (*commas, *points))
    facts = (
        (f"Decimal commas in {listed(commas)} were read as points.",) * bool(commas),
        (f"Points in {listed(points)} stand between thousands and were left out.",) * bool(points),
    )
    told = tuple(fact for each in facts for fact in each)
    return Reading(pointed, told, decimal_commas=True)


def _fits(column: pl.Series) -> bool:
    if column.dtype != pl.String or not column.str.contains(",", literal=True).any():
        return False
    values = column.drop_nulls()
    numbers = values.str.contains(COMMA_NUMBER)
    return bool((numbers | ~values.str.contains(r"\d")).all()) and 2 * numbers.sum() >= len(values)


def _is_grouped(column: pl.Series, *, among_commas: bool) -> bool:
    """Say whether points stand between thousands, as in "985" beside "1.234".

    Decimals would have three digits each time, and none would be left out where they are zeros:
    beside numbers without a point, or with two, or with decimal commas elsewhere, that is none.
    """
    if column.dtype != pl.String or not column.str.contains(GROUPED_NUMBER).any():
        return False
    values = column.filter(column.str.contains(r"\d"))
    grouped, small = values.str.contains(GROUPED_NUMBER), values.str.contains(_SMALL)
    if not (grouped | small).all():
        return False
    if among_commas:
        return True
    is_told = bool(small.any() or values.str.contains(r"\.\d{3}\.").any())
    return is_told and bool(grouped.sum() >= _FEWEST_GROUPED)


def _is_ambiguous(column: pl.Series) -> bool:
    with_comma = column.filter(column.str.contains(",", literal=True).fill_null(False))
    return bool(with_comma.str.contains(_AMBIGUOUS).all())


def _pointed(name: str) -> pl.Expr:
    text = pl.col(name)
    pointed = text.str.replace_all(rf"\.|{_GAP}", "").str.replace(",", ".", literal=True)
    return pl.when(text.str.contains(COMMA_NUMBER)).then(pointed).otherwise(text)
