"""What a raw column holds, judged from all of its values and from its name."""

from dataclasses import replace

import polars as pl

from modelwright.data.inference.numbers import judge_numbers, without_sentinels
from modelwright.data.inference.strays import too_many_strays
from modelwright.data.inference.tally import Tally
from modelwright.data.inference.texts import judge_texts
from modelwright.data.inference.units import unit_of
from modelwright.data.inference.verdict import ColumnFacts, Verdict, single, verdict_of
from modelwright.data.schema import Kind
from modelwright.data.values.cells import truth_of
from modelwright.data.values.forms import FORMS
from modelwright.data.values.measures import CLOCK
from modelwright.data.values.moments import QUARTER, WEEK, pattern_of
from modelwright.data.values.series import as_text, is_flat, read_measures, read_numbers


def judge(series: pl.Series, facts: ColumnFacts) -> Verdict:
    """Judge what a column holds.

    Examples
    --------
    >>> verdict = judge(pl.Series(["39", "?", "50"]), ColumnFacts("age"))
    >>> print(verdict.kind, "|", verdict.reason)
    numeric | 2 of 2 values are numbers. 1 of 3 rows are missing: 1 '?'.
    """
    if not is_flat(series):
        return Verdict(Kind.CONSTANT, f"Values of type {series.dtype} are not read.")
    if series.dtype in (pl.Date, pl.Datetime, pl.Boolean):
        return _judge_declared(series, facts)
    if series.dtype.is_numeric():
        return judge_numbers(facts, without_sentinels(Tally.of(series)), lambda: series)
    return _judge_read(facts, as_text(series))


def _judge_declared(series: pl.Series, facts: ColumnFacts) -> Verdict:
    tally = Tally.of(series)
    if tally.distinct <= 1:
        marks = Kind.BOOLEAN if series.dtype == pl.Boolean else Kind.CONSTANT
        return single(tally, marks, facts)
    kind = Kind.BOOLEAN if series.dtype == pl.Boolean else Kind.DATETIME
    return verdict_of(kind, f"The source declares the type {series.dtype}.", tally)


def _judge_read(facts: ColumnFacts, text: pl.Series) -> Verdict:
    tally = Tally.of(text)
    if tally.distinct <= 1:
        return single(tally, _kind_of_marks(tally), facts)
    numbers = None if _are_months(tally) else _numbers_in(tally)
    if numbers is None:
        measured = None if _are_periods(tally) else _judge_measures(facts, tally, text)
        return measured or judge_texts(facts, tally)
    if tally.values.str.contains(r"[%$€£¥]").any():
        facts = replace(facts, is_declared_text=False)  # no code stands beside a currency
    return judge_numbers(facts, numbers, lambda: read_numbers(text))


def _kind_of_marks(tally: Tally) -> Kind:
    is_truth = any(truth_of(text) is not None for text in tally.values)
    return Kind.BOOLEAN if is_truth else Kind.CATEGORICAL


def _judge_measures(facts: ColumnFacts, tally: Tally, text: pl.Series) -> Verdict | None:
    unit = unit_of(tally.values)
    numbers = _numbers_in(tally, unit) if unit else None
    if numbers is None:
        return None
    verdict = judge_numbers(facts, numbers, lambda: read_measures(text, unit))
    if verdict.kind != Kind.NUMERIC and unit not in FORMS:
        return None  # codes and ids keep their letters
    written = _written(unit)
    evidence = f"{numbers.present:,} of {numbers.present:,} values are {written}."
    return replace(verdict_of(Kind.NUMERIC, evidence, numbers), unit=unit)


def _written(unit: str) -> str:
    if unit in FORMS:
        return f"written like {unit!r}, read as {FORMS[unit].said}"
    return "times, read as hours" if unit == CLOCK else f"numbers of the unit {unit!r}"


def _numbers_in(tally: Tally, unit: str = "") -> Tally | None:
    """Return the numbers of a tally of texts, or None if it is not a tally of numbers."""
    texts = tally.without_number_tokens()
    numbers = read_measures(texts.values, unit)
    strays = numbers.is_null()
    if (
        texts.distinct == 0
        or too_many_strays(texts, strays)
        or texts.values.str.contains("^0[0-9]+$").any()
    ):
        return None
    kept = texts.split(strays)
    return without_sentinels(Tally(numbers.filter(~strays), kept.counts, kept.missing, kept.rows))


def _are_months(tally: Tally) -> bool:
    """Say whether all values are months such as 03.2024, which would pass for decimals."""
    months = tally.without_number_tokens().values
    return bool(
        months.str.contains(r"^(?:0[1-9]|1[0-2])\.(?:19|20)[0-9]{2}$").all()
        and months.str.starts_with("0").any()
    )


def _are_periods(tally: Tally) -> bool:
    """Say whether all values are quarters or weeks, of which the year is not the number."""
    periods = tally.without_number_tokens().values
    return any(periods.str.contains(f"^(?:{pattern_of(each)})$").all() for each in (QUARTER, WEEK))
