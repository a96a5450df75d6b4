"""What a column of texts holds, once they are no numbers: words, dates, codes or prose."""

import re

import polars as pl

from modelwright.data.inference.names import sounds_like_id, sounds_like_name
from modelwright.data.inference.strays import too_many_strays
from modelwright.data.inference.tally import Tally
from modelwright.data.inference.verdict import ColumnFacts, Verdict, unique_evidence, verdict_of
from modelwright.data.schema import Kind
from modelwright.data.values.cells import FALSE_WORDS, TRUE_WORDS, WHITESPACE
from modelwright.data.values.date_forms import are_dates
from modelwright.data.values.moment_series import read_moments
from modelwright.data.values.moments import PACKED, known_formats, moment_of
from modelwright.data.values.number_moments import NEVER_TOKENS, moment_format_of
from modelwright.data.values.scripts import LETTERS, SYLLABLES
from modelwright.data.values.series import as_text, read_numbers

_TRUTHS = ({"yes", "y", "no", "n"}, {"true", "t", "false", "f"}, {"on", "off"})
_NEARLY_UNIQUE, _UNIQUE = 0.95, 0.99
_READ_OF_THREE = 2
_DIGIT, _FEWEST_DIGITS = re.compile(r"[0-9]"), 3
"""A moment has a year, and a month or a day: no text without so many digits is one."""
_PADDED = {
    "%d.%m.%y": r"^0|^[0-9]+\.0",
    "%y.%m.%d": r"^[0-9]{2}\.(?:0[1-9]\.[0-9]{2}|[0-9]{2}\.0[1-9])",
}
"""By short format, what at least one of its days has."""
_FREQUENT, _TWO_WORDS = 0.01, 2
_ENOUGH_ROWS = 20  # below, that every value differs says nothing
_TRIED = 1000
_WORD = rf"[{SYLLABLES}{LETTERS}]{{1,2}}|[^\s{SYLLABLES}{LETTERS}]+"
"""Where no blanks stand between words, two letters are about one."""
_BARS = ("|", ";", "→", ", ", ",")
_FEWEST_LISTS, _LISTED, _REUSED = 30, 0.3, 5
"""Different lists at least, the share of more than one word, and how often a word comes again."""


def judge_texts(facts: ColumnFacts, tally: Tally) -> Verdict:
    """Judge a tally of texts that are no numbers.

    Examples
    --------
    >>> tally = Tally.of(pl.Series(["2020-02-01", "2020-03-01"]))
    >>> judge_texts(ColumnFacts("day"), tally).kind.value
    'datetime'
    """
    return (
        _judge_words_of_truth(facts, tally)
        or _judge_moments(tally)
        or _judge_digits(facts, tally)
        or _judge_words(facts, tally)
    )


def best_datetime_format(series: pl.Series) -> str | None:
    """Return the format that reads most of a column's values, tried on a thousand of them.

    Returns
    -------
    str or None
        None when no format reads any value.

    Examples
    --------
    >>> best_datetime_format(pl.Series(["31.12.2020", "soon"]))
    '%d.%m.%Y'
    >>> best_datetime_format(pl.Series(["31.12.2020", "30.12.2020", "20201229"]))
    '%d.%m.%Y'
    """
    values = Tally.of(as_text(series)).values.head(_TRIED)
    of_numbers = moment_format_of(read_numbers(values).drop_nulls())
    read = {
        known: read_moments(values, known).drop_nulls()
        for known in ((of_numbers or ("",))[0], *known_formats(), *PACKED)
    }
    best = max(read, key=lambda known: (len(read[known]), -_years_in(read[known])))
    return best if len(read[best]) else None


def _judge_words_of_truth(facts: ColumnFacts, tally: Tally) -> Verdict | None:
    said = set(tally.values.str.to_lowercase()) if tally.distinct <= 8 else set()
    is_truth = any(said <= words for words in _TRUTHS)
    if not (is_truth and said & TRUE_WORDS and said & FALSE_WORDS):
        return None
    words = " and ".join(repr(word) for word in sorted(tally.values))
    kind = Kind.CATEGORICAL if facts.is_target else Kind.BOOLEAN
    kept = ", kept as words because they are the answers" if facts.is_target else ""
    return verdict_of(kind, f"The values are {words}{kept}.", tally)


def _judge_moments(tally: Tally) -> Verdict | None:
    texts = tally.without_number_tokens().without(NEVER_TOKENS)
    readings = _readings(texts.values) if texts.distinct > 1 else {}
    if not readings:
        return None
    strays = min(readings.values(), key=pl.Series.null_count).is_null()
    if not _mean_nothing(texts, strays):
        return None
    kept = texts.split(strays)
    read = {known: moments.filter(~strays) for known, moments in readings.items()}
    chosen, remark = _choose_reading(
        {known: moments for known, moments in read.items() if not moments.null_count()}
    )
    notation = chosen or "ISO 8601"
    evidence = f"{kept.present:,} of {texts.present:,} values are datetimes ({notation}){remark}."
    return verdict_of(Kind.DATETIME, evidence, kept, datetime_format=chosen)


def _mean_nothing(texts: Tally, strays: pl.Series) -> bool:
    """Say whether the texts that are no moments of the column's format are missing values.

    Dates of another format are dates, and of two frequent words each means something of its own.
    """
    if not strays.any():
        return True
    if too_many_strays(texts, strays) or are_dates(texts.values.filter(strays)):
        return False
    return int((texts.counts.filter(strays) > _FREQUENT * texts.present).sum()) < _TWO_WORDS


def _readings(values: pl.Series) -> dict[str, pl.Series]:
    """Return the values as moments, by each format that reads two of three of them.

    Those are from the midst of their order: at its ends stand what is no moment.
    """
    few = [values[len(values) * quarter // 4] for quarter in (1, 2, 3)]
    if sum(len(_DIGIT.findall(text)) >= _FEWEST_DIGITS for text in few) < _READ_OF_THREE:
        return {}
    return {
        known: read_moments(values, known)
        for known in known_formats()
        if _may_be_short(known, values)
        and sum(moment_of(text, known) is not None for text in few) >= _READ_OF_THREE
    }


def _may_be_short(known: str, values: pl.Series) -> bool:
    """Say whether a format is no short one with points, or days or months begin with 0.

    Those of versions do not.
    """
    padded = _PADDED.get(known[:8])
    return padded is None or bool(values.str.contains(padded).any())


def _years_in(moments: pl.Series) -> int:
    years = moments.dt.year().drop_nulls()
    return int(years.max() - years.min()) if len(years) else 0  # type: ignore[operator, arg-type]


def _choose_reading(readings: dict[str, pl.Series]) -> tuple[str, str]:
    """Return the format and a remark; at most the order of day and month is in doubt.

    Of "21.01.05" that is the year which differs less from row to row.
    """
    fewest = min(_years_in(moments) for moments in readings.values())
    readings = {
        known: moments for known, moments in readings.items() if _years_in(moments) == fewest
    }
    first = next(iter(readings))
    if len(readings) == 1 or first in ("", "%Y-%m-%d"):
        return first, ""
    monthly = [known for known, moments in readings.items() if (moments.dt.day() == 1).all()]
    if len(monthly) == 1:
        return monthly[0], ", all on the first of a month when read so"
    order = "month" if first.startswith("%m") else "day"
    return first, f"; day and month could be exchanged in every value, read as {order} first"


def _judge_digits(facts: ColumnFacts, tally: Tally) -> Verdict | None:
    if facts.is_target or not tally.values.str.contains("^[0-9]+$").all():
        return None
    kind = Kind.ID if tally.unique_share >= _UNIQUE and _many(tally) else Kind.CODED
    held = f"{tally.distinct:,} different texts of digits, some with leading zeros."
    return verdict_of(kind, held, tally)


def _judge_words(facts: ColumnFacts, tally: Tally) -> Verdict:
    words = _mean(tally.values.str.count_matches(_WORD), tally)
    chars = _mean(tally.values.str.len_chars(), tally)
    held = f"{tally.distinct:,} different texts in {tally.present:,} rows"
    shape = f"{held}, {words:.1f} words and {chars:.0f} characters on average"
    if facts.is_target:
        return verdict_of(Kind.CATEGORICAL, f"{held}.", tally)
    if lists := _lists_in(tally):
        return verdict_of(Kind.TEXT, f"{shape}: {lists}.", tally)
    if _is_id(facts.name, tally, words, chars):
        return verdict_of(Kind.ID, f"{unique_evidence(tally)}: {shape}.", tally)
    if _is_prose(tally, words, chars):
        return verdict_of(Kind.TEXT, f"{shape}.", tally)
    return verdict_of(Kind.CATEGORICAL, f"{held}.", tally)


def _lists_in(tally: Tally) -> str:
    """Say what lists are written in the cells; empty where there are none.

    Lists put few words together in many ways, and few rows share all of theirs.
    """
    if tally.distinct < _FEWEST_LISTS:
        return ""
    for bar in _BARS:
        if tally.values.str.contains(bar, literal=True).mean() < _LISTED:  # type: ignore[operator]
            continue
        words = tally.values.str.split(bar).explode().str.strip_chars(WHITESPACE)
        if words.n_unique() * _REUSED < len(words) and words.n_unique() * 2 < tally.distinct:
            return f"lists of {words.n_unique():,} words, between them {bar.strip()!r}"
    return ""


def _is_id(name: str, tally: Tally, words: float, chars: float) -> bool:
    if sounds_like_id(name) and words < 2:
        return tally.unique_share >= _NEARLY_UNIQUE
    if tally.unique_share < _UNIQUE or not _many(tally):
        return False
    return (words < 4 and chars < 50) or words < 1.5 or (sounds_like_name(name) and words < 5)


def _is_prose(tally: Tally, words: float, chars: float) -> bool:
    many_words = words >= 4 and tally.unique_share >= 0.2
    return many_words or (chars >= 50 and words >= 2 and tally.unique_share >= 0.5)


def _many(tally: Tally) -> bool:
    return tally.present >= max(_ENOUGH_ROWS, 0.5 * tally.rows)


def _mean(sizes: pl.Series, tally: Tally) -> float:
    return float((sizes * tally.counts).sum()) / max(tally.present, 1)
