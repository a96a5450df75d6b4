"""What each character of a text counts as: codes of the letters that a vocabulary has."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

import numpy as np
from numpy.typing import NDArray

from modelwright.predictor.operations.folding import Folding, folding

NOTHING, SEPARATOR, APOSTROPHE, OTHER_LETTER, FIRST_LETTER = range(5)
"""Codes; from the last one on, those of the letters that a vocabulary has."""

_COMMON = frozenset(map(chr, (*range(0x180), *range(0x2000, 0x2070))))
"""Characters that are named in any case: a look-up is sooner than a pattern."""


@dataclass(frozen=True)
class Characters:
    """Characters by what they are folded to.

    Parameters
    ----------
    letters
        The code of each letter that tokens are made of.
    rows
        Of characters, their row of `slots`. One not named is a separator or a letter of no token,
        as `is_of_words` says.
    slots : ndarray of shape (rows, most codes)
        The codes of a character, one after another, then nothing. Row by row there are not fewer.
        The row of a single code has its number.
    """

    letters: dict[str, int]
    rows: dict[str, int]
    slots: NDArray[np.int64]

    def codes_of(self, token: str) -> tuple[int, ...]:
        """Return a token as codes, a blank as separator; none where no text has the token."""
        if not all(each in self.letters for each in token):
            return ()
        return tuple(self.letters[each] for each in token)

    def first_rows(self) -> list[int]:
        """Return the first rows that have two codes, three and so on."""
        counts = (self.slots != NOTHING).sum(axis=1)
        return [int(np.searchsorted(counts, most)) for most in range(2, self.slots.shape[1] + 1)]


def characters_of(tokens: Iterable[str]) -> Characters:
    """Give a code to each letter of some tokens, and find what every character counts as.

    Letters that are in no token count alike: no token tells them apart, nor how many there are.

    Examples
    --------
    >>> found = characters_of(["as"])
    >>> found.letters
    {' ': 1, "'": 2, 'a': 4, 's': 5}
    >>> found.slots[[found.rows[each] for each in "Sß"]]
    array([[5, 0, 0, 0],
           [5, 5, 0, 0]])
    """
    table = folding()
    letters = {" ": SEPARATOR, "'": APOSTROPHE}
    found = sorted({each for token in tokens for each in token if table.is_of_words(ord(each))})
    letters |= {each: FIRST_LETTER + number for number, each in enumerate(found)}
    named = sorted({*map(chr, table.folds), *letters, *_COMMON})
    codes = {each: _codes(each, letters, table) for each in named}
    odd = {
        each: found
        for each, found in codes.items()
        if found != (_plain(each, table),) or each in _COMMON
    }
    single = [(code,) for code in range(FIRST_LETTER + len(found))]
    several = sorted({*odd.values()} - {(), *single}, key=lambda each: (len(each), each))
    number = {(): NOTHING} | {each: row for row, each in enumerate([*single, *several])}
    most = max(map(len, number))
    return Characters(
        letters=letters,
        rows={each: number[found] for each, found in odd.items()},
        slots=np.array([[*each, *[NOTHING] * (most - len(each))] for each in single + several]),
    )


def _codes(character: str, letters: dict[str, int], table: Folding) -> tuple[int, ...]:
    folded = table.folds.get(ord(character), character)
    codes = (letters.get(each) or _plain(each, table) for each in folded)
    # Several separators in a row, or several letters of no token, count as one.
    return tuple(
        code
        for code, run in groupby(codes)
        for _ in (run if code not in (SEPARATOR, OTHER_LETTER) else (code,))
    )


def _plain(character: str, table: Folding) -> int:
    return OTHER_LETTER if table.is_of_words(ord(character)) else SEPARATOR
