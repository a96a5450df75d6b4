"""Figures as people read them."""

import math
import re
import unicodedata
from collections.abc import Sequence
from datetime import UTC, datetime

from modelwright.documents import Evaluation
from modelwright.tasks.interval import Interval
from modelwright.tasks.metrics import words_for

NONE = "—"
"""What stands where there is no figure."""
_SUPERSCRIPT = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
_UNITS = ("kB", "MB", "GB", "TB")


def number(value: float | None) -> str:
    """Write a number with four significant digits.

    Examples
    --------
    >>> [number(x) for x in (0.73214, 1234567.8, 12.0, 2.5e-7, None)]
    ['0.7321', '1,234,568', '12', '2.5·10⁻⁷', '—']
    """
    if value is None or not math.isfinite(value):
        return NONE
    size = abs(value)
    if size and not 1e-4 <= size < 1e12:
        digits, exponent = f"{value:.2e}".split("e")
        return f"{_trim(digits)}·10{str(int(exponent)).translate(_SUPERSCRIPT)}"
    return _trim(_fixed(value, 3 - _magnitude(size)))


def percent(fraction: float | None) -> str:
    """Write a fraction as a percentage.

    Examples
    --------
    >>> [percent(x) for x in (0.4127, 1.0, 0.0, 0.0004)]
    ['41.3 %', '100 %', '0 %', '0.04 %']
    """
    if fraction is None or not math.isfinite(fraction):
        return NONE
    scaled = 100 * fraction
    decimals = 1 if abs(scaled) >= 1 else min(4, max(1, -_magnitude(abs(scaled))))
    return f"{_trim(f'{scaled:.{decimals}f}')} %"


def of_100(part: float, whole: float) -> str:
    """Write a share as so many of a hundred.

    Examples
    --------
    >>> [of_100(part, 1000) for part in (634, 0, 2, 1000, 999)]
    ['63', '0', 'fewer than 1', '100', 'more than 99']
    """
    share = 100 * part / whole
    if 0 < share < 0.5:
        return "fewer than 1"
    if 99.5 <= share < 100:
        return "more than 99"
    return f"{share:.0f}"


def interval(score: Interval | None) -> str:
    """Write a score with its interval, as exactly as the interval's width warrants.

    Examples
    --------
    >>> interval(Interval(value=0.73214, low=0.7195, high=0.7444, method=""))
    '0.732 (0.720 to 0.744)'
    """
    if score is None:
        return NONE
    return f"{value(score)} ({ends(score)})"


def value(score: Interval) -> str:
    """Write a score as exactly as its interval's width warrants."""
    return _fixed(score.value, _decimals(score))


def ends(score: Interval) -> str:
    """Write where an interval begins and ends.

    Examples
    --------
    >>> ends(Interval(value=15230.0, low=15110.0, high=15350.0, method=""))
    '15,110 to 15,350'
    """
    decimals = _decimals(score)
    return f"{_fixed(score.low, decimals)} to {_fixed(score.high, decimals)}"


def gain(score: Interval | None) -> str:
    """Write a difference with its sign and its interval.

    Examples
    --------
    >>> gain(Interval(value=0.122, low=0.115, high=0.129, method=""))
    '+0.1220 (+0.1150 to +0.1290)'
    """
    if score is None:
        return NONE
    decimals = _decimals(score)
    first, low, high = (_signed(x, decimals) for x in (score.value, score.low, score.high))
    return f"{first} ({low} to {high})"


def ends_of_100(share: Interval) -> str:
    """Write where the interval of a share begins and ends, as so many of a hundred.

    Examples
    --------
    >>> ends_of_100(Interval(value=0.92, low=0.792, high=0.9964, method=""))
    '79 to 99.6'
    """
    low, high = (_whole_unless_extreme(100 * end) for end in (share.low, share.high))
    return f"{low} to {high}"


def association(strength: float | None) -> str:
    """Write how well a column tells the target, from 0 to 1.

    Examples
    --------
    >>> [association(x) for x in (0.6151, 8.8e-5, None)]
    ['0.62', '0.00', '—']
    """
    return NONE if strength is None or not math.isfinite(strength) else f"{strength:.2f}"


def scaled(score: Interval, factor: float) -> Interval:
    """Return an interval in another unit: a share as so many of a hundred."""
    return Interval(
        value=factor * score.value,
        low=factor * score.low,
        high=factor * score.high,
        level=score.level,
        method=score.method,
    )


def plural(count: int, noun: str) -> str:
    """Write a count with its noun.

    Examples
    --------
    >>> plural(1, "row"), plural(27889, "row"), plural(2, "category"), plural(3, "day")
    ('1 row', '27,889 rows', '2 categories', '3 days')
    """
    is_changed = noun.endswith("y") and noun[-2:-1] not in "aeiou"
    several = f"{noun[:-1]}ies" if is_changed else f"{noun}s"
    return f"{count:,} {noun if count == 1 else several}"


def scored(evaluation: Evaluation, noun: str) -> str:
    """Write what a holdout was scored on.

    Parameters
    ----------
    evaluation
        It says whether that were all of its rows.
    noun
        What a row is called.
    """
    if not evaluation.is_of_part:
        return plural(evaluation.rows, noun)
    return f"{evaluation.rows:,} of {plural(evaluation.there, noun)}, drawn at random"


def times(count: int) -> str:
    """Write how often.

    Examples
    --------
    >>> times(1), times(2), times(7)
    ('once', 'twice', '7 times')
    """
    return {1: "once", 2: "twice"}.get(count, f"{count:,} times")


def size(count: int) -> str:
    """Write a number of bytes.

    Examples
    --------
    >>> size(512), size(3_400_000)
    ('512 bytes', '3.4 MB')
    """
    if count < 1000:
        return plural(count, "byte")
    power = min(_magnitude(count) // 3, len(_UNITS))
    return f"{number(round(count / 1000**power, 1))} {_UNITS[power - 1]}"


def moment(text: str) -> str:
    """Write an ISO 8601 moment for people; a number is rounded, another text stays as it is.

    Examples
    --------
    >>> moment("2026-11-23T14:05:09.1+00:00"), moment("2013-10-01T00:00:00"), moment("2021")
    ('23 November 2026, 14:05 UTC', '1 October 2013', '2021')
    >>> moment("2022.6792452830189"), moment("294.0")
    ('2022.68', '294')
    """
    if re.fullmatch(r"[0-9]+\.[0-9]+", text):
        return _trim(f"{float(text):.2f}")
    try:
        parsed = datetime.fromisoformat(text) if len(text) > 7 else None
    except ValueError:
        parsed = None
    if parsed is None:
        return text
    if parsed.tzinfo is not None:
        return f"{_day(parsed.astimezone(UTC))}, {parsed.astimezone(UTC):%H:%M} UTC"
    day = _day(parsed)
    return f"{day}, {parsed:%H:%M}" if (parsed.hour or parsed.minute) else day


def clip(text: object, length: int = 80) -> str:
    """Shorten a text in its middle and make what cannot be seen visible.

    A control character from the data could otherwise command the terminal, and one that turns the
    direction of reading could make a line say what it does not.

    Examples
    --------
    >>> clip("a_very_long_name_of_a_column", 12), clip("red\\x1b[31m")
    ('a_very…olumn', 'red\\\\x1b[31m')
    """
    plain = "".join(map(_visible, str(text)))
    if len(plain) <= length:
        return plain
    tail = (length - 1) // 2
    return f"{plain[: length - 1 - tail]}…{plain[-tail:]}"


def listed(names: Sequence[object], most: int = 6) -> str:
    """List names, and say how many more there are.

    Examples
    --------
    >>> listed(["a", "b", "c"]), listed(["a", "b", "c", "d"], 2), listed(["a"])
    ('a, b and c', 'a, b and 2 more', 'a')
    """
    shown = [clip(name) for name in names[:most]]
    if len(names) > most:
        return f"{', '.join(shown)} and {len(names) - most:,} more"
    return " and ".join(filter(None, (", ".join(shown[:-1]), *shown[-1:])))


def escape_markdown(text: object) -> str:
    """Return a text that Markdown shows as it is.

    Examples
    --------
    >>> print(escape_markdown("<b> of *my_column*"))
    &lt;b&gt; of \\*my\\_column\\*
    """
    told = " ".join(str(text).split()).replace("&", "&amp;")
    told = re.sub(r"([\\`*_\[\]|#~])", r"\\\1", told)
    return told.replace("<", "&lt;").replace(">", "&gt;")


def metric_title(name: str) -> str:
    """Return what people call a metric; an unknown one keeps its name."""
    words = words_for(name)
    return name if words is None else words[0]


def better_is(name: str) -> str:
    """Say which direction of a metric is better.

    Examples
    --------
    >>> better_is("rmse"), better_is("of another package")
    ('lower is better', '')
    """
    words = words_for(name)
    if words is None:
        return ""
    return "higher is better" if words[1] == "maximize" else "lower is better"


def _whole_unless_extreme(figure: float) -> str:
    return number(round(figure, 0 if 1 <= figure <= 99 else 1))


def _decimals(score: Interval) -> int:
    """Two significant digits of the half width: more would pretend to be known."""
    half = abs(score.high - score.low) / 2
    if not math.isfinite(half) or half < 1e-9 * max(1.0, abs(score.value)):
        return max(0, 3 - _magnitude(abs(score.value)))
    return max(0, 1 - _magnitude(half))


def _magnitude(size: float) -> int:
    return math.floor(math.log10(size)) if size and math.isfinite(size) else 0


def _fixed(figure: float, decimals: int) -> str:
    if not math.isfinite(figure):
        return "∞" if figure > 0 else "-∞"
    text = f"{figure:,.{min(9, max(0, decimals))}f}"
    return text.removeprefix("-") if not text.strip("-0.,") else text


def _signed(figure: float, decimals: int) -> str:
    text = _fixed(figure, decimals)
    return text if text.startswith("-") or not text.strip("0.,") else f"+{text}"


def _trim(text: str) -> str:
    return text.rstrip("0").rstrip(".") if "." in text else text


def _visible(character: str) -> str:
    if unicodedata.category(character) in {"Cc", "Cf", "Cs", "Zl", "Zp"}:
        joins_letters = character in "\u200c\u200d"
        return character if joins_letters else ascii(character)[1:-1]
    return character


def _day(moment: datetime) -> str:
    return f"{moment.day} {moment:%B %Y}"
