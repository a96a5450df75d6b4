"""Numbers as literals that every version of a database reads as the same double."""

import re
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache

from modelwright.predictor.operations.base import Floats

_PLAIN = re.compile(r"[ !#-&(-\[\]-~]*")
_DIGITS, _FEW_DIGITS = 18, 15
_MANTISSA, _WIDER_MANTISSA = 53, 64
_APART = Fraction(1, 2**90)


def is_plain(text: str) -> bool:
    """Say whether a text is printable ASCII without quotes of texts and backslashes."""
    return _PLAIN.fullmatch(text) is not None


def approximate(value: float) -> str:
    """Write a number in the notation that makes a double of it: with an exponent.

    Examples
    --------
    >>> approximate(0.1), approximate(-3.0), approximate(1e300)
    ('0.1e0', '-3.0e0', '1e+300')
    """
    written = repr(float(value))
    return written if "e" in written else f"{written}e0"


@lru_cache(1 << 16)
def ample(value: float) -> str:
    """Write a number with so many digits that SQLite reads exactly it.

    SQLite reads decimals by way of a number of 64 bits (until 3.42) or of two doubles, and rounds
    twice. So the fewest digits that stand for a double may be read as its neighbour: where they are
    almost in the middle of both. With 18 digits the decimal is near the double itself.

    Examples
    --------
    >>> ample(39.5), ample(0.1), ample(-2.0), ample(1 / 3), ample(2.0**100)
    ('39.5', '0.1', '-2.0', '0.333333333333333315', '1.26765060022822940e+30')
    >>> ample(float("-inf"))
    '-9e999'
    """
    if value in (float("inf"), float("-inf")):
        return "9e999" if value > 0 else "-9e999"
    written = repr(value)
    if "e" not in written and _reads_alike(written, value):
        return written
    return f"{Decimal(value):.{_DIGITS - 1}e}" if "e" in written else _plainly(value)


def _plainly(value: float) -> str:
    digits = f"{Decimal(value):.{_DIGITS}g}"
    return digits if "." in digits or "e" in digits else f"{digits}.0"


def _reads_alike(written: str, value: float) -> bool:
    """Say whether few digits give the number also when 64 bits are rounded to 53."""
    if len(written.lstrip("-").replace(".", "").lstrip("0")) > _FEW_DIGITS:
        return False
    exact = Fraction(written)
    wide = _rounded(exact, _WIDER_MANTISSA)
    return Fraction(value) == _rounded(wide, _MANTISSA) and not _is_halfway(exact)


def _rounded(exact: Fraction, bits: int) -> Fraction:
    """Round to so many bits, halves to the even one."""
    if not exact:
        return exact
    unit = _unit(exact, bits)
    return round(exact / unit) * unit


def _unit(exact: Fraction, bits: int) -> Fraction:
    size = abs(exact)
    power = size.numerator.bit_length() - size.denominator.bit_length()
    if Fraction(2) ** power > size:
        power -= 1
    return Fraction(2) ** (power - bits + 1)


def _is_halfway(exact: Fraction) -> bool:
    """Say whether a number is so near the middle of two doubles that more digits would matter."""
    if not exact:
        return False
    places = abs(exact) / _unit(exact, _MANTISSA)
    return abs(places - int(places) - Fraction(1, 2)) < _APART * places


def least_of(numbers: Floats) -> float:
    """Return the size of the number nearest to zero, zeros left out; infinite without any."""
    sizes = abs(numbers[numbers != 0])
    return float(sizes.min()) if sizes.size else float("inf")
