"""Folding: characters as they are compared, the same on every host.

Languages and their versions disagree about Unicode, so that the program has a table of its own,
`folding.txt`. It treats each character alone: other languages need no more than a look-up, and
what is composed of several characters is equal to what is written in one.
"""

from bisect import bisect_right
from dataclasses import dataclass
from functools import cache
from pathlib import Path

TABLE = Path(__file__).with_name("folding.txt")
"""The table as text; exported sources carry a copy."""

_WORDS, _FOLDS = "[words]", "[folds]"


@dataclass(frozen=True)
class Folding:
    """The table.

    Parameters
    ----------
    firsts, lasts
        Rising ends, both included, of the ranges of characters that words are made of: letters,
        digits and the marks that belong to them.
    folds
        What stands for a character; nothing for one that is not seen, itself for one not named.
    """

    firsts: tuple[int, ...]
    lasts: tuple[int, ...]
    folds: dict[int, str]

    def is_of_words(self, code: int) -> bool:
        """Say whether words are made of a character, such as it stands after folding."""
        place = bisect_right(self.firsts, code) - 1
        return place >= 0 and code <= self.lasts[place]


@cache
def folding() -> Folding:
    """Return the table.

    Examples
    --------
    >>> folding().folds[ord("ß")], folding().is_of_words(ord("_"))
    ('ss', False)
    """
    lines = TABLE.read_text(encoding="ascii").splitlines()
    words, folds = lines.index(_WORDS), lines.index(_FOLDS)
    ranges = [_numbers(line) for line in lines[words + 1 : folds]]
    pairs = [_numbers(line) for line in lines[folds + 1 :]]
    return Folding(
        firsts=tuple(first for first, _ in ranges),
        lasts=tuple(last for _, last in ranges),
        folds={code: "".join(map(chr, folded)) for code, *folded in pairs},
    )


def fold(text: str) -> str:
    """Return a text with its characters folded, and a blank for each that no word is made of.

    Apostrophes stay.

    Examples
    --------
    >>> fold("Straße №5, don't")
    "strasse no5  don't"
    """
    return text.translate(_every_character())


class _EveryCharacter(dict[int, str]):
    """What is written for each character, found when it first comes."""

    def __missing__(self, code: int) -> str:
        table = folding()
        folded = table.folds.get(code, chr(code))
        written = "".join(
            each if each == "'" or table.is_of_words(ord(each)) else " " for each in folded
        )
        self[code] = written
        return written


@cache
def _every_character() -> _EveryCharacter:
    return _EveryCharacter()


def _numbers(line: str) -> list[int]:
    return [int(number, 16) for number in line.split()]
