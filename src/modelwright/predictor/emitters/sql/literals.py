"""Numbers as literals that every version of a database reads as the same double."""

import re
from fractions import Fraction
from functools import lru_cache

from modelwright.predictor.operations.base import Floats

_PLAIN = re.compile(r"[ !#-&(-\[\]-~]*")
_LARGEST_POWER = 59
"""2^59 and a digit after the point still fit 63 bits, which SQLite reads digits into."""
_MANTISSA, _WIDER_MANTISSA = 53, 64
_EXACT_POWER_OF_TEN = 22
_FEW_CHARACTERS = 20
"""Longer decimals have more digits than 53 bits hold."""
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
def quotient(value: float) -> str:
    """Write a number so that SQLite reads exactly it.

    Until 3.42 SQLite reads decimals by way of whatever the machine takes for a long double, and
    may miss the nearest double by one. Whole numbers, and those few digits that both kinds of
    arithmetic read alike, are written as decimals; others as a whole number divided by powers of
    two, or multiplied with them.

    Examples
    --------
    >>> quotient(39.5), quotient(0.1), quotient(-2.0), quotient(1 / 3)
    ('39.5', '0.1', '-2.0', '(6004799503160661/18014398509481984.0)')
    >>> quotient(float("inf")), quotient(2.0**100)
    ('9e999', '(4503599627370496*562949953421312.0)')
    """
    if value in (float("inf"), float("-inf")):
        return "9e999" if value > 0 else "-9e999"
    written = repr(float(value))
    if len(written) <= _FEW_CHARACTERS and "e" not in written and _reads_alike(written, value):
        return written
    top, bottom = value.as_integer_ratio()
    if bottom > 1:
        return _scaled(top, bottom.bit_length() - 1, "/")
    spare = max(0, abs(top).bit_length() - _MANTISSA)
    return _scaled(top >> spare, spare, "*") if spare else f"{top}.0"


def _scaled(whole: int, power: int, sign: str) -> str:
    parts = []
    while power:
        parts.append(f"{sign}{2 ** min(power, _LARGEST_POWER)}.0")
        power -= min(power, _LARGEST_POWER)
    return f"({whole}{''.join(parts)})"


def _reads_alike(written: str, value: float) -> bool:
    """Say whether dividing digits by a power of ten gives the number, with 53 and with 64 bits."""
    whole, _, rest = written.partition(".")
    rest = rest.rstrip("0")
    if abs(int(whole + rest)) >= 2**_MANTISSA or len(rest) > _EXACT_POWER_OF_TEN:
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
    places = exact / _unit(exact, _MANTISSA)
    return abs(places - int(places) - Fraction(1 if places > 0 else -1, 2)) < _APART * abs(places)


def least_of(numbers: Floats) -> float:
    """Return the size of the number nearest to zero, zeros left out; infinite without any."""
    sizes = abs(numbers[numbers != 0])
    return float(sizes.min()) if sizes.size else float("inf")
