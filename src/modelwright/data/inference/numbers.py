"""What a column of numbers holds: amounts, truth values, days, row numbers or codes."""

from collections.abc import Callable
from dataclasses import replace

import polars as pl

from modelwright.data.inference.names import (
    sounds_like_code,
    sounds_like_id,
    sounds_like_moment,
    sounds_like_time,
)
from modelwright.data.inference.tally import Tally
from modelwright.data.inference.verdict import (
    ColumnFacts,
    Verdict,
    single,
    unique_evidence,
    verdict_of,
)
from modelwright.data.schema import Kind
from modelwright.data.values.cells import HIGH_SENTINELS, SENTINELS, text_of_number
from modelwright.data.values.number_moments import NEVER, NEVER_TOKENS, are_usual, moment_format_of

_NEARLY_UNIQUE = 0.95
_ENOUGH_ROWS = 20  # below, that every value differs says nothing
_FEW_CODES = 50
_FAR_BELOW, _OFTEN = 0.2, 0.005
"""Of a high sentinel: ages beside 999 are below, and a real outlier comes less often."""


def judge_numbers(facts: ColumnFacts, tally: Tally, in_order: Callable[[], pl.Series]) -> Verdict:
    """Judge a tally of numbers.

    Parameters
    ----------
    facts
        What is known of the column beside its values.
    tally
        The different numbers.
    in_order
        Gives the numbers in the order of the rows; asked only when it matters.

    Examples
    --------
    >>> flags = pl.Series([0, 1, 1])
    >>> judge_numbers(ColumnFacts("late"), Tally.of(flags), lambda: flags).kind.value
    'boolean'
    """
    values = tally.values.cast(pl.Float64)
    different = values.n_unique()
    is_truth = different <= 2 and bool(values.is_in([0.0, 1.0]).all())
    if different <= 1:
        return single(tally, Kind.BOOLEAN if is_truth else Kind.CODED, facts)
    if different == 2 and is_truth:
        return verdict_of(Kind.BOOLEAN, "The values are 0 and 1.", tally)
    if not facts.is_target and values.is_finite().all():
        verdict = _judge_moments(facts, tally)
        if verdict is None and (values == values.floor()).all():
            verdict = _judge_row_numbers(facts, tally, in_order) or _judge_number_codes(
                facts, tally
            )
        if verdict is not None:
            return verdict
    present = f"{tally.present:,}"
    return verdict_of(Kind.NUMERIC, f"{present} of {present} values are numbers.", tally)


def without_sentinels(tally: Tally) -> Tally:
    """Count numbers such as -999 or 999 as missing, where they lie far beyond all others.

    Examples
    --------
    >>> without_sentinels(Tally.of(pl.Series([-999, -999, 3, 4]))).missing
    {'-999': 2}
    >>> without_sentinels(Tally.of(pl.Series([999, 999, 31, 42]))).missing
    {'999': 2}
    """
    values = tally.values.cast(pl.Float64)
    low = values.is_in(list(SENTINELS)) & (tally.counts > 1)
    high = values.is_in(list(HIGH_SENTINELS)) & (tally.counts >= _OFTEN * tally.present)
    rest = values.filter(~(low | high))
    if rest.is_empty() or not (low | high).any():
        return tally
    least, most = float(rest.min()), float(rest.max())  # type: ignore[arg-type]
    suspects = low if least > max(SENTINELS) / 10 else low & False
    if rest.n_unique() > 1 and most < _FAR_BELOW * float(values.filter(high).min() or 0):  # type: ignore[arg-type]
        suspects = suspects | high
    if not suspects.any():
        return tally
    return _without(tally, suspects)


def _without(tally: Tally, suspects: pl.Series) -> Tally:
    missing = dict(tally.missing)
    gone = zip(tally.values.filter(suspects), tally.counts.filter(suspects), strict=True)
    missing |= {text_of_number(number): rows for number, rows in gone}
    kept = ~suspects
    return Tally(tally.values.filter(kept), tally.counts.filter(kept), missing, tally.rows)


def _judge_moments(facts: ColumnFacts, tally: Tally) -> Verdict | None:
    if not sounds_like_moment(facts.name):
        return None
    tally = _without(tally, tally.values.cast(pl.Float64).is_in(list(NEVER)))
    found = moment_format_of(tally.values)
    if found is None or not are_usual(tally.values, found[0]):
        return None
    written, said = found
    evidence = f"{tally.present:,} of {tally.present:,} values are {said}."
    verdict = verdict_of(Kind.DATETIME, evidence, tally, datetime_format=written)
    tokens = dict.fromkeys((*verdict.missing_tokens, *NEVER_TOKENS))
    return replace(verdict, missing_tokens=tuple(tokens))


def _judge_row_numbers(
    facts: ColumnFacts, tally: Tally, in_order: Callable[[], pl.Series]
) -> Verdict | None:
    if sounds_like_id(facts.name) and tally.unique_share >= _NEARLY_UNIQUE:
        return verdict_of(
            Kind.ID, f"{unique_evidence(tally)}, and the name is that of an id.", tally
        )
    if tally.distinct < max(tally.rows, _ENOUGH_ROWS) or sounds_like_time(facts.name):
        return None
    span = float(tally.values.max()) - float(tally.values.min()) + 1  # type: ignore[arg-type]
    # Amounts drawn from so narrow a span would be expected to have ten pairs of equals or more.
    if span > tally.rows**2 / 20:
        return None
    numbers = in_order()
    if not (numbers.is_sorted() or numbers.is_sorted(descending=True)):
        return None
    return verdict_of(Kind.ID, f"{unique_evidence(tally)}, and they run in one direction.", tally)


def _judge_number_codes(facts: ColumnFacts, tally: Tally) -> Verdict | None:
    held = f"{tally.distinct:,} different integers"
    if sounds_like_code(facts.name):
        return verdict_of(Kind.CODED, f"{held}, and the name is that of a code.", tally)
    if facts.is_declared_text and tally.distinct <= _FEW_CODES:
        return verdict_of(Kind.CODED, f"{held}, and the source declares text.", tally)
    if _look_like_codes(tally) and not sounds_like_time(facts.name):
        return verdict_of(Kind.CODED, f"{held} of three digits or more, unevenly spaced.", tally)
    return None


def _look_like_codes(tally: Tally) -> bool:
    if not 5 <= tally.distinct <= 20 or tally.unique_share > 0.05:
        return False
    values = tally.values.cast(pl.Float64).sort()
    are_years = values.is_between(1800, 2200).all()
    return (
        not are_years
        and bool(values.is_between(100, 9999).all())
        and bool((values % 5 != 0).any())
        and values.diff().n_unique() > 3
    )
