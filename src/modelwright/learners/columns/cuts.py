"""How the texts of a column are cut into tokens: by the script that they are written in."""

from collections.abc import Sequence
from typing import Any

import polars as pl
from numpy.typing import NDArray

from modelwright.data.values.scripts import LETTERS, SYLLABLES
from modelwright.learners.base import Rows
from modelwright.learners.columns.vocabulary import Cut

Texts = Sequence[str | None] | NDArray[Any]

_UNSPACED = ((f"[{SYLLABLES}]", (1, 3)), (f"[{LETTERS}]", (2, 5)))
"""Scripts that put no blanks between words, and how many letters a word has."""
_ENOUGH = 0.3
"""Of the letters: beside words of such a script stand names and numbers in Latin letters."""
_ASKED = 1_000
"""Texts, evenly spaced."""


def whole_words(texts: Texts, limit: int) -> Cut:
    """Return the cut into words and pairs of words, or into runs that are as long as words are.

    Parameters
    ----------
    texts
        Of a column.
    limit
        The most tokens that are kept.

    Examples
    --------
    >>> whole_words(["late again", None], 9)
    Cut(analyzer='word', lengths=(1, 2), limit=9)
    >>> whole_words(["又迟到了", "OK"], 9)
    Cut(analyzer='character', lengths=(1, 3), limit=9)
    """
    lengths = _unspaced(texts)
    return Cut("character", lengths, limit) if lengths else Cut("word", (1, 2), limit)


def words_and_parts(texts: Texts, limit: int) -> tuple[Cut, ...]:
    """Return the cuts into words and into parts of words; one, where runs of letters are both.

    Parameters
    ----------
    texts, limit
        As `whole_words` takes them.
    """
    words = whole_words(texts, limit)
    return (words,) if words.analyzer == "character" else (words, Cut("character", (3, 5), limit))


def cut_of_column(rows: Rows, name: str, limit: int) -> Cut:
    """Return `whole_words` of a column of texts."""
    return rows.memo.of(("cut", name, limit), lambda: whole_words(rows.columns[name], limit))


def _unspaced(texts: Texts) -> tuple[int, int] | None:
    some = texts[:: max(1, -(-len(texts) // _ASKED))]
    asked = pl.Series([text for text in some if text is not None], dtype=pl.String)
    letters = _count(asked, r"\p{L}")
    for letter, lengths in _UNSPACED:
        if letters and _count(asked, letter) > _ENOUGH * letters:
            return lengths
    return None


def _count(texts: pl.Series, pattern: str) -> int:
    return int(texts.str.count_matches(pattern).sum())
