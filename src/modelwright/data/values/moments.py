"""How a text is read as a moment: microseconds since 1970 in UTC.

A format in strptime's notation becomes a pattern of named groups; the record reader and the table
reader match the same pattern and do the same arithmetic on its groups. The empty format is
ISO 8601. Names of months are English, short or long.
"""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from functools import cache

from modelwright.errors import SchemaError

MONTHS = (
    "january", "february", "march", "april", "may", "june",
    "july", "august", "september", "october", "november", "december",
)  # fmt: skip
PACKED_SECOND, PACKED_DAY, PACKED_MONTH = "%Y%m%d%H%M%S", "%Y%m%d", "%Y%m"
"""The formats of a second written as fourteen digits, a day as eight, and a month as six."""
YEAR = "%Y"
"""The format of a year, read as its first day."""
UNIX = {
    "unix s": "seconds",
    "unix ms": "thousandths of a second",
    "unix us": "millionths of a second",
    "unix ns": "billionths of a second",
}
"""By format, what a number counts that tells a moment from 1970 on."""
PACKED = (PACKED_SECOND, PACKED_DAY, PACKED_MONTH, YEAR)
DIGITS = (*PACKED, *UNIX)
"""The formats of moments that a table may hold as numbers."""
TICKS = {"es": 1_000_000, "em": 1_000, "eu": 1}
"""By group of such a pattern, the microseconds that a one in it counts for."""
QUARTER, WEEK = "%Y-Q%q", "%G-W%V"
"""A quarter, read as its first day, and a week of ISO 8601, as its Monday or the day named."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_EPOCH_DAY = _EPOCH.toordinal()
_ZONE = (
    r"(?: ?(?:[Zz]|UTC|GMT)"
    r"|(?P<sign>[+-])(?P<zh>[01][0-9]|2[0-3])(?::?(?P<zm>[0-5][0-9]))?)"
)
_ISO = (
    r"(?P<Y>[0-9]{4})-(?P<m>0[1-9]|1[0-2])-(?P<d>0[1-9]|[12][0-9]|3[01])"
    r"(?:[Tt ](?P<H>[01][0-9]|2[0-3])"
    r"(?::(?P<M>[0-5][0-9])(?::(?P<S>[0-5][0-9])(?:[.,](?P<f>[0-9]{1,9}))?)?)?"
    rf"{_ZONE}?)?"
)


def _either_case(word: str) -> str:
    # (?i) would also fold letters beyond ASCII, and not the same ones in every language.
    return "".join(f"[{letter.upper()}{letter}]" for letter in word)


def _word_pattern(word: str) -> str:
    short, rest = _either_case(word[:3]), _either_case(word[3:])
    return f"{short}(?:{rest})?" if rest else short


_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_DIRECTIVES = {
    "%Y": r"(?P<Y>[0-9]{4})",
    "%y": r"(?P<y>[0-9]{2})",
    "%m": r"(?P<m>0?[1-9]|1[0-2])",
    "%b": rf"(?P<b>{'|'.join(_word_pattern(month) for month in MONTHS)})",
    "%a": rf"(?:{'|'.join(_word_pattern(day) for day in _WEEKDAYS)})",
    "%d": r"(?P<d>0?[1-9]|[12][0-9]|3[01])",
    "%H": r"(?P<H>[01]?[0-9]|2[0-3])",
    "%I": r"(?P<I>0?[1-9]|1[0-2])",
    "%p": r"(?P<p>[AaPp])[Mm]",
    "%M": r"(?P<M>[0-5][0-9])",
    "%S": r"(?P<S>[0-5][0-9])",
    "%f": r"(?P<f>[0-9]{1,9})",
    "%z": _ZONE,
}
_DAY_OF_MONTH = "%b %d"
"""C writes a day of one digit with two blanks before it."""
_POINT = r"(?:\.0+)?"
"""What whole numbers have that went through a column of floats."""
# Digits in a row leave no room for a short month or day; quarters and weeks are written in many
# ways, with the year before or behind. Moments counted from 1970 on end before the year 2300.
_DAY_DIGITS = r"(?P<Y>[0-9]{4})(?P<m>0[1-9]|1[0-2])(?P<d>0[1-9]|[12][0-9]|3[01])"
_SECOND_DIGITS = r"(?P<H>[01][0-9]|2[0-3])(?P<M>[0-5][0-9])(?P<S>[0-5][0-9])"
_WHOLE = {
    PACKED_SECOND: f"{_DAY_DIGITS}{_SECOND_DIGITS}{_POINT}",
    PACKED_DAY: f"{_DAY_DIGITS}{_POINT}",
    PACKED_MONTH: rf"(?P<Y>[0-9]{{4}})(?P<m>0[1-9]|1[0-2]){_POINT}",
    YEAR: rf"(?P<Y>[0-9]{{4}}){_POINT}",
    "unix s": r"(?P<es>[0-9]{1,10})(?:\.(?P<f>[0-9]{1,9}))?",
    "unix ms": rf"(?P<em>[0-9]{{1,13}}){_POINT}",
    "unix us": rf"(?P<eu>[0-8]?[0-9]{{1,15}}){_POINT}",
    "unix ns": rf"(?P<eu>[0-8]?[0-9]{{1,15}})[0-9]{{3}}{_POINT}",
    QUARTER: r"(?P<Y>[0-9]{4})[ /-]?[Qq](?P<q>[1-4])|[Qq](?P<r>[1-4])[ /-]?(?P<Z>[0-9]{4})",
    WEEK: r"(?P<Y>[0-9]{4})[ /-]?(?:W|KW|CW)(?P<w>0?[1-9]|[1-4][0-9]|5[0-3])(?:-(?P<u>[1-7]))?"
    r"|(?:W|KW|CW|Week) ?(?P<v>0?[1-9]|[1-4][0-9]|5[0-3])[ /-](?P<Z>[0-9]{4})",
}
_DATES = (
    "%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d",
    "%m/%d/%Y", "%d/%m/%Y", "%d.%m.%Y", "%m.%d.%Y", "%d-%m-%Y", "%m-%d-%Y", "%m/%d/%y", "%d/%m/%y",
    "%d.%m.%y", "%y.%m.%d", "%Y年%m月%d日", "%Y년 %m월 %d일", "%Y. %m. %d.",
    "%d %b %Y", "%d-%b-%Y", "%d-%b-%y", "%d/%b/%Y", "%b %d, %Y", "%b %d %Y",
    "%b-%Y", "%b %Y", "%Y-%m", "%m/%Y", "%m-%Y", "%m.%Y", "%Y/%m",
)  # fmt: skip
_OTHERS = (
    "%Y%m%dT%H%M%S%z", "%Y%m%dT%H%M%S", "%d/%b/%Y:%H:%M:%S %z", "%a, %d %b %Y %H:%M:%S %z",
    "%a %b %d %H:%M:%S %z %Y", "%a %b %d %H:%M:%S %Y", "%a, %d %b %Y", "%Y年%m月",
)  # fmt: skip
"""Of logs, mails and services, whose time does not simply follow the day."""
_TIMES = ("", " %H:%M", " %H:%M:%S", " %H:%M:%S.%f", " %I:%M %p", " %I:%M:%S %p", ", %H:%M")


def known_formats() -> Iterator[str]:
    """Yield the formats to try on a text of unknown format, the likelier reading first.

    Of two readings that differ only in the order of day and month, the American one comes first
    for slashes, the European one for points and dashes.

    Examples
    --------
    >>> list(known_formats())[:2]
    ['', '%Y-%m-%d']
    """
    yield ""
    yield from (day + time for time in _TIMES for day in _DATES)
    yield from (*_OTHERS, QUARTER, WEEK)


@cache
def pattern_of(datetime_format: str) -> str:
    """Return the pattern of a format, for Python's and Rust's regular expressions alike.

    Raises
    ------
    SchemaError
        If the format has a directive that is not supported, or no year, or no month.

    Examples
    --------
    >>> pattern_of("%Y/%m")
    '(?P<Y>[0-9]{4})/(?P<m>0?[1-9]|1[0-2])'
    >>> pattern_of("%j")
    Traceback (most recent call last):
    ...
    modelwright.errors.SchemaError: The datetime format '%j' has the directive '%j'. Use %Y, ...
    """
    if datetime_format == "":
        return _ISO
    if datetime_format in _WHOLE:
        return _WHOLE[datetime_format]
    pieces = re.split(f"({_DAY_OF_MONTH}|%.)", datetime_format)
    pattern = "".join(_piece_pattern(piece, datetime_format) for piece in pieces)
    if not (re.search("P<[Yy]>", pattern) and re.search("P<[mb]>", pattern)):
        raise SchemaError(
            f"The datetime format {datetime_format!r} has no year or no month.",
            "Add %Y or %y, and %m or %b.",
        )
    return pattern


def _piece_pattern(piece: str, datetime_format: str) -> str:
    if piece == _DAY_OF_MONTH:
        return f"{_DIRECTIVES['%b']} {{1,2}}{_DIRECTIVES['%d']}"
    if not piece.startswith("%"):
        return re.escape(piece)
    if piece not in _DIRECTIVES:
        raise SchemaError(
            f"The datetime format {datetime_format!r} has the directive {piece!r}.",
            f"Use {', '.join(_DIRECTIVES)}.",
        )
    return _DIRECTIVES[piece]


@cache
def _compiled(datetime_format: str) -> re.Pattern[str]:
    return re.compile(pattern_of(datetime_format))


def moment_of(text: str, datetime_format: str = "") -> int | None:
    """Read a stripped text as a moment.

    A moment without a zone is taken as UTC; a date is its midnight; digits beyond the microsecond
    are cut off.

    Returns
    -------
    int or None
        Microseconds since 1970-01-01 in UTC; None when the text is no moment of this format.

    Examples
    --------
    >>> moment_of("1970-01-02"), moment_of("1970-01-01T01:00:00+01:00"), moment_of("yesterday")
    (86400000000, 0, None)
    >>> moment_of("31.12.1969", "%d.%m.%Y")
    -86400000000
    """
    found = _compiled(datetime_format).fullmatch(text)
    if found is None:
        return None
    part = found.groupdict("")
    for group, micros in TICKS.items():
        if group in part:
            return int(part[group]) * micros + _micros(part)
    day = _day(part)
    return None if day is None else (day * 86_400 + _seconds(part)) * 1_000_000 + _micros(part)


def text_of(moment: date | time, datetime_format: str) -> str:
    """Write a moment, or a time of day, in a format.

    Examples
    --------
    >>> text_of(date(2024, 4, 1), "%d.%m.%Y"), text_of(date(2024, 4, 1), QUARTER)
    ('01.04.2024', '2024-Q2')
    >>> text_of(date(2024, 4, 1), "unix ms")
    '1711929600000'
    """
    if datetime_format in UNIX:
        return _counted(moment, datetime_format)
    if isinstance(moment, date):
        datetime_format = datetime_format.replace("%q", str((moment.month + 2) // 3))
    if "%z" in datetime_format and isinstance(moment, date):
        moment = _in_a_zone(moment)
    return moment.strftime(datetime_format)


def said_format(datetime_format: str) -> str:
    """Return how moments of a format are written, as a phrase.

    Examples
    --------
    >>> said_format(""), said_format("%d.%m.%Y"), said_format("unix s")
    ('in ISO 8601', 'like %d.%m.%Y', 'as seconds since 1970')
    """
    if counted := UNIX.get(datetime_format):
        return f"as {counted} since 1970"
    return f"like {datetime_format}" if datetime_format else "in ISO 8601"


def _counted(moment: date | time, datetime_format: str) -> str:
    """Write a moment as what a number counts from 1970 on; one without a zone is taken as UTC."""
    if not isinstance(moment, date):
        return moment.isoformat()
    micros = (_in_a_zone(moment) - _EPOCH) // timedelta(microseconds=1)
    match datetime_format:
        case "unix s":
            rest = f".{micros % 1_000_000:06}".rstrip(".0")
            return f"{micros // 1_000_000}{rest}"
        case "unix ms":
            return str(micros // 1_000)
        case _:
            return str(micros * (1_000 if datetime_format == "unix ns" else 1))


def _in_a_zone(moment: date) -> datetime:
    if not isinstance(moment, datetime):
        return datetime(moment.year, moment.month, moment.day, tzinfo=UTC)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _day(part: dict[str, str]) -> int | None:
    try:
        if "w" in part:
            return _day_of_week(part)
        month = _month(part)
        return date(_year(part), month, int(part.get("d") or 1)).toordinal() - _EPOCH_DAY
    except ValueError:
        return None


def _day_of_week(part: dict[str, str]) -> int:
    # The fourth of January is always in the first week.
    fourth = date(_year(part), 1, 4)
    weeks = int(part["w"] or part["v"]) - 1
    monday = fourth.toordinal() - fourth.weekday() + 7 * weeks
    if monday + 3 > date(fourth.year, 12, 31).toordinal():
        raise ValueError("Few years have a week 53: a week is of the year that has its Thursday.")
    return monday - _EPOCH_DAY + int(part["u"] or 1) - 1


def _year(part: dict[str, str]) -> int:
    if "Y" in part:
        return int(part["Y"] or part["Z"])
    short = int(part["y"])
    return short + (1900 if short >= 69 else 2000)  # as POSIX has it


def _month(part: dict[str, str]) -> int:
    if "q" in part:
        return 3 * int(part["q"] or part["r"]) - 2
    if "b" not in part:
        return int(part.get("m") or 1)
    return next(
        index for index, month in enumerate(MONTHS, 1) if month.startswith(part["b"][:3].lower())
    )


def _seconds(part: dict[str, str]) -> int:
    hour = int(part.get("H") or 0)
    if "I" in part:
        hour = int(part["I"]) % 12 + (12 if part.get("p") in ("P", "p") else 0)
    offset = int(part.get("zh") or 0) * 60 + int(part.get("zm") or 0)
    minute = int(part.get("M") or 0) + (offset if part.get("sign") == "-" else -offset)
    return (hour * 60 + minute) * 60 + int(part.get("S") or 0)


def _micros(part: dict[str, str]) -> int:
    return int(part.get("f", "").ljust(6, "0")[:6])
