"""Numbers that are written with a decimal comma."""

from collections.abc import Sequence

import polars as pl

from modelwright.data.sources.base import Reading
from modelwright.data.sources.columns import listed

_GAP = "[ \u00a0\u202f]"
_MARK = "[%$€£¥]"
COMMA_NUMBER = (
    rf"^\s*[+-]?(?:{_MARK}{_GAP}?)?(\d+|\d{{1,3}}(?:[.\u00a0\u202f ]\d{{3}})+)(,\d+)?"
    rf"([eE][+-]?\d+)?(?:{_GAP}?{_MARK})?\s*$"
)
"""A number with a decimal comma, perhaps beside a currency or a percent sign."""
_READ = "Decimal commas in"
_AMBIGUOUS = r"^\s*[+-]?[1-9]\d{0,2},\d{3}\s*$"


def point_decimals(frame: pl.DataFrame, delimiter: str) -> Reading:
    """Write decimal commas as points, and drop the points and gaps between thousands.

    A column counts when it has commas and each of its values with a digit is a number with at most
    a decimal comma; values without a digit, such as "NA", may be among them, up to half. A column
    of values such as "1,234" alone could as well have commas between thousands: it is converted
    when the delimiter is a semicolon or another column settles the question, and else left.

    Parameters
    ----------
    frame
        A table of text.
    delimiter
        What separates the fields; a comma excludes decimal commas.

    Examples
    --------
    >>> reading = point_decimals(pl.DataFrame({"a": ["1.234,5", "NA", "2,5"]}), ";")
    >>> reading.frame["a"].to_list()
    ['1234.5', 'NA', '2.5']
    >>> point_decimals(pl.DataFrame({"a": ["1 234,50 €", "2 €"]}), ";").frame["a"].to_list()
    ['1234.50€', '2€']
    """
    candidates = [] if delimiter == "," else [name for name in frame.columns if _fits(frame[name])]
    if not candidates:
        return Reading(frame)
    shown = listed(candidates)
    if delimiter != ";" and all(_is_ambiguous(frame[name]) for name in candidates):
        fact = f"Commas in {shown} may stand between thousands or decimals and were left."
        return Reading(frame, (fact,))
    pointed = frame.with_columns(_pointed(name) for name in candidates)
    return Reading(pointed, (f"{_READ} {shown} were read as points.",))


def had_decimal_commas(facts: Sequence[str]) -> bool:
    """Say whether decimal commas were read as points, by what is told of a table.

    Examples
    --------
    >>> had_decimal_commas(point_decimals(pl.DataFrame({"a": ["2,5"]}), ";").facts)
    True
    """
    return any(fact.startswith(_READ) for fact in facts)


def _fits(column: pl.Series) -> bool:
    if not column.str.contains(",", literal=True).any():
        return False
    values = column.drop_nulls()
    numbers = values.str.contains(COMMA_NUMBER)
    return bool((numbers | ~values.str.contains(r"\d")).all()) and 2 * numbers.sum() >= len(values)


def _is_ambiguous(column: pl.Series) -> bool:
    with_comma = column.filter(column.str.contains(",", literal=True).fill_null(False))
    return bool(with_comma.str.contains(_AMBIGUOUS).all())


def _pointed(name: str) -> pl.Expr:
    text = pl.col(name)
    pointed = text.str.replace_all(rf"\.|{_GAP}", "").str.replace(",", ".", literal=True)
    return pl.when(text.str.contains(COMMA_NUMBER)).then(pointed).otherwise(text)
