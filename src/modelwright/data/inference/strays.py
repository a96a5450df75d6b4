"""Texts in a column of numbers or of moments that are none: a few of them are missing values."""

import polars as pl

from modelwright.data.inference.tally import Tally

_STRAY_SHARE, _STRAY_TOKENS = 0.01, 20
_FEW_WORDS, _WORD_SHARE = 3, 0.5


def too_many_strays(texts: Tally, strays: pl.Series) -> bool:
    """Say whether so many texts could not be read that the column holds something else.

    Parameters
    ----------
    texts
        The column.
    strays
        Whether each of its values could not be read.

    Examples
    --------
    >>> ages = Tally.of(pl.Series([*map(str, range(99)), "old"]))
    >>> too_many_strays(ages, ages.values == "old"), too_many_strays(ages, ages.values > "5")
    (False, True)
    """
    tokens, rows = int(strays.sum()), int(texts.counts.filter(strays).sum())
    if tokens == 0:
        return False
    if tokens <= _FEW_WORDS and not texts.values.filter(strays).str.contains("[0-9]").any():
        # "Prefer not to say" and "Varies with device" are no numbers, however often they come.
        return texts.distinct - tokens < _STRAY_TOKENS or rows > _WORD_SHARE * texts.present
    # Beside few different numbers a word is rather one more code than a missing amount.
    few_numbers = texts.distinct - tokens < _STRAY_TOKENS
    return few_numbers or tokens > _STRAY_TOKENS or rows > _STRAY_SHARE * texts.present
