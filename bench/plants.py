"""Leaks of known kinds, made from the answers of a table: what `bench.leaks` plants.

Each function takes the target and returns the columns that it would plant, none where the kind does
not fit the task. What the columns are is known, so that what `explore` says of them can be judged.
"""

from collections.abc import Callable

import numpy as np
import polars as pl
from numpy.typing import NDArray

PLANTED = "planted"
BEFORE, AFTER = f"{PLANTED} before", f"{PLANTED} after"
GROUP = f"{PLANTED} group"
"""Honest: rows belong together by chance."""

Floats = NDArray[np.float64]
Plant = Callable[[pl.Series, np.random.Generator], list[pl.Series]]


def _copy(target: pl.Series, rng: np.random.Generator) -> list[pl.Series]:
    """Another word for the answer, wrong in one row of a hundred; a number with a little noise."""
    codes = _codes(target)
    if _is_number(target):
        noise = 1 + 0.005 * rng.normal(size=len(codes))
        return _numbers(codes * noise)
    wrong = rng.random(len(codes)) < 0.01
    codes[wrong] = rng.permutation(codes)[wrong]
    return [pl.Series(PLANTED, [_word(code) for code in codes])]


def _filled_later(target: pl.Series, rng: np.random.Generator) -> list[pl.Series]:
    """A number that only the rows of one class have."""
    if _is_number(target):
        return []
    numbers = rng.gamma(2.0, 10.0, len(target)).round(1)
    return _numbers(np.where(_is_rarest(target), numbers, np.nan))


def _parts(target: pl.Series, rng: np.random.Generator) -> list[pl.Series]:
    """Two numbers whose sum is the answer."""
    if not _is_number(target):
        return []
    codes = _codes(target)
    part = codes * rng.uniform(0.2, 0.8, len(codes))
    return _numbers(part, codes - part)


def _before_and_after(target: pl.Series, rng: np.random.Generator) -> list[pl.Series]:
    """Two numbers whose difference is the answer."""
    if not _is_number(target):
        return []
    codes = _codes(target)
    before = rng.uniform(0, 20 * (np.nanstd(codes) or 1.0), len(codes))
    both = (pl.Series(BEFORE, before), pl.Series(AFTER, before + codes))
    return [each.fill_nan(None) for each in both]


def _flags(target: pl.Series, rng: np.random.Generator) -> list[pl.Series]:
    """Three flags, one of which is set for each row of one class, and none for the others."""
    if _is_number(target):
        return []
    which = np.where(_is_rarest(target), rng.integers(1, 4, len(target)), 0)
    return [pl.Series(f"{PLANTED} {flag}", (which == flag).astype(int)) for flag in (1, 2, 3)]


def _coarse_copy(target: pl.Series, _: np.random.Generator) -> list[pl.Series]:
    """The number in another unit, with two digits."""
    if not _is_number(target):
        return []
    codes = _codes(target) / 2.54
    size = 10.0 ** (np.floor(np.log10(np.maximum(np.abs(codes), 1e-12))) - 1)
    return _numbers(np.round(codes / size) * size)


def _bands(target: pl.Series, _: np.random.Generator) -> list[pl.Series]:
    """The name of the fifth of all answers in which the number lies."""
    if not _is_number(target):
        return []
    codes = _codes(target)
    cuts = np.unique(np.nanquantile(codes, [0.2, 0.4, 0.6, 0.8]))
    names = pl.Series(PLANTED, np.searchsorted(cuts, codes)).cast(pl.String)
    return [pl.select(pl.when(~np.isnan(codes)).then("band " + names).alias(PLANTED)).to_series()]


def _mean_of_two(target: pl.Series, rng: np.random.Generator) -> list[pl.Series]:
    """Two numbers whose weighted mean is the answer, both written with the answer's digits."""
    if not _is_number(target):
        return []
    codes = _codes(target)
    one = codes * rng.uniform(0.8, 1.1, len(codes))
    other = (codes - 0.4 * one) / 0.6
    return _numbers(*(_as_fine_as(codes, each) for each in (one, other)))


def _rates(target: pl.Series, rng: np.random.Generator) -> list[pl.Series]:
    """Two rates whose harmonic mean is the answer."""
    if not _is_number(target) or not float(target.min() or 0) > 0:  # type: ignore[arg-type]
        return []
    codes = _codes(target)
    one = codes * rng.uniform(0.75, 1.0, len(codes))
    return _numbers(one.round(3), (0.45 / (1 / codes - 0.55 / one)).round(3))


def _factors(target: pl.Series, rng: np.random.Generator) -> list[pl.Series]:
    """Two numbers whose product is the answer."""
    if not _is_number(target) or not float(target.min() or 0) > 0:  # type: ignore[arg-type]
        return []
    codes = _codes(target)
    one = rng.lognormal(1.0, 0.8, len(codes)).round(2) + 0.01
    return _numbers(one, codes / one)


def _whole_parts(target: pl.Series, rng: np.random.Generator) -> list[pl.Series]:
    """Three whole numbers whose sum is the answer, but for its fraction."""
    if not _is_number(target) or np.nanstd(_codes(target)) < 10:
        return []
    codes = _codes(target)
    shares = rng.dirichlet([2.0, 2.0, 2.0], len(codes))
    return _numbers(*(np.round(codes * share) for share in shares.T))


def _later_value(target: pl.Series, rng: np.random.Generator) -> list[pl.Series]:
    """What the number is at a later time: a tenth of its spread away."""
    if not _is_number(target):
        return []
    codes = _codes(target)
    return _numbers(codes + 0.1 * np.nanstd(codes) * rng.normal(size=len(codes)))


def _amount_and_share(target: pl.Series, rng: np.random.Generator) -> list[pl.Series]:
    """An amount that is zero but for one class, and what it is of an income that nobody sees."""
    if _is_number(target):
        return []
    zero = ~_is_rarest(target) | (rng.random(len(target)) < 0.03)
    amounts = np.where(zero, 0.0, rng.gamma(2.0, 50.0, len(target)).round(2))
    incomes = rng.lognormal(3.0, 0.3, len(target))
    return _numbers(amounts, np.round(amounts / incomes, 4))


def _reasons(target: pl.Series, rng: np.random.Generator) -> list[pl.Series]:
    """A reason, given for nine of ten rows of one class and for no other."""
    if _is_number(target):
        return []
    given = _is_rarest(target) & (rng.random(len(target)) < 0.9)
    words = rng.choice(["price", "service", "moved", "other"], len(target))
    said = pl.Series(PLANTED, words)
    return [pl.select(pl.when(given).then(said).alias(PLANTED)).to_series()]


def _code(target: pl.Series, rng: np.random.Generator) -> list[pl.Series]:
    """A code with one value for nearly each row of one class, and five for the others."""
    if _is_number(target):
        return []
    rare = _is_rarest(target)
    codes = np.where(rare, 4, rng.choice([0, 1, 2, 3, 5], len(target)))
    wrong = rng.random(len(target)) < np.where(rare, 0.06, 0.03 * rare.mean())
    codes[wrong] = np.where(rare[wrong], 3, 4)
    return [pl.Series(PLANTED, codes)]


def _score(target: pl.Series, rng: np.random.Generator) -> list[pl.Series]:
    """A score that was computed with the answer: two classes hardly overlap in it."""
    if _is_number(target) or target.drop_nulls().n_unique() != 2:
        return []
    return _numbers(_is_rarest(target) + 0.2 * rng.normal(size=len(target)))


def _ordered_ids(target: pl.Series, rng: np.random.Generator) -> list[pl.Series]:
    """Numbers of rows that were filed by their class."""
    if _is_number(target):
        return []
    order = np.argsort(np.argsort(_codes(target) + 1e-3 * rng.random(len(target))))
    gaps = np.cumsum(rng.integers(1, 9, len(target)))
    return [pl.Series(PLANTED, 100_000 + gaps[order])]


def _rate(target: pl.Series, rng: np.random.Generator) -> list[pl.Series]:
    """The mean answer, or the share of one class, of three rows that are a group."""
    answers = _codes(target) if _is_number(target) else _is_rarest(target).astype(np.float64)
    if np.isnan(answers).any():
        return []
    groups = rng.permutation(len(target)) // 3
    means = np.bincount(groups, answers) / np.bincount(groups)
    return [*_numbers(means[groups]), pl.Series(GROUP, [f"group {each}" for each in groups])]


def _copy_in_part(target: pl.Series, rng: np.random.Generator) -> list[pl.Series]:
    """The number itself, where it is known already: in six rows of ten."""
    if not _is_number(target):
        return []
    return _numbers(np.where(rng.random(len(target)) < 0.6, _codes(target), np.nan))


def _missing_above(target: pl.Series, rng: np.random.Generator) -> list[pl.Series]:
    """A number that the highest fifth does not have."""
    if not _is_number(target):
        return []
    codes = _codes(target)
    return _numbers(
        np.where(codes > np.nanquantile(codes, 0.8), np.nan, rng.normal(size=len(codes)))
    )


PLANTS: dict[str, Plant] = {
    "copy": _copy,
    "filled later": _filled_later,
    "parts": _parts,
    "before and after": _before_and_after,
    "flags": _flags,
    "coarse copy": _coarse_copy,
    "bands": _bands,
    "mean of two": _mean_of_two,
    "rates": _rates,
    "factors": _factors,
    "whole parts": _whole_parts,
    "later value": _later_value,
    "amount and share": _amount_and_share,
    "reasons": _reasons,
    "code": _code,
    "score": _score,
    "ordered ids": _ordered_ids,
    "rate of three rows": _rate,
    "copy in part": _copy_in_part,
    "missing above": _missing_above,
}
"""Kinds of leaks, by what is planted."""


def _numbers(*columns: Floats) -> list[pl.Series]:
    names = [PLANTED] if len(columns) == 1 else [f"{PLANTED} {n + 1}" for n in range(len(columns))]
    return [
        pl.Series(name, np.asarray(column, dtype=np.float64)).fill_nan(None)
        for name, column in zip(names, columns, strict=True)
    ]


def _codes(target: pl.Series) -> Floats:
    """Return classes as numbers, and numbers as they are; NaN where there is no answer."""
    if target.dtype.is_numeric():
        return target.cast(pl.Float64).fill_null(np.nan).to_numpy(writable=True)
    ranks = target.cast(pl.String).rank("dense").cast(pl.Float64)
    return ranks.fill_null(np.nan).to_numpy(writable=True)


def _is_rarest(target: pl.Series) -> NDArray[np.bool_]:
    codes = _codes(target)
    values, counts = np.unique(codes[~np.isnan(codes)], return_counts=True)
    return np.asarray(codes == values[counts.argmin()])


def _as_fine_as(codes: Floats, values: Floats) -> Floats:
    """Return values with as many decimals as the answers have, at most six."""
    known = codes[~np.isnan(codes)]
    digits = next((n for n in range(6) if np.allclose(known, known.round(n), atol=1e-9)), 6)
    return values.round(digits)


def _is_number(target: pl.Series) -> bool:
    return target.dtype.is_numeric() and target.n_unique() > 20


def _word(code: float) -> str | None:
    return None if np.isnan(code) else f"state {code:g}"
