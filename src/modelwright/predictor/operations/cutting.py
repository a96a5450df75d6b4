"""How a text is cut into the tokens that a graph counts, as scikit-learn's vectorizers cut it."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from typing import Literal

import msgspec

from modelwright.predictor.operations.hashing import bucket_of

_WORDS = {1: re.compile(r"\b\w+\b"), 2: re.compile(r"\b\w\w+\b")}
_BLANKS = re.compile(r"\s\s+")
_PLAIN = frozenset("abcdefghijklmnopqrstuvwxyz0123456789_")


class Cut(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """How a text is cut.

    Parameters
    ----------
    analyzer
        ``"word"`` for runs of words, ``"char"`` for runs of characters, ``"char_wb"`` for those
        inside of words, between blanks.
    lengths
        The shortest and the longest run, both included.
    lowercase
        Whether letters are made small first.
    accents
        What is made of accents: kept, or taken away, from letters of ASCII alone or from all.
    shortest
        Letters of the shortest word.
    stopped
        Words that are left out before runs are made.
    buckets
        Into how many buckets tokens fall by their hash, where a graph counts these and not the
        tokens; 0 for none.

    Examples
    --------
    >>> [*Cut(stopped=("is",), lengths=(1, 2)).tokens("It IS late")]
    ['it', 'late', 'it late']
    """

    analyzer: Literal["word", "char", "char_wb"] = "word"
    lengths: tuple[int, int] = (1, 1)
    lowercase: bool = True
    accents: Literal["kept", "unicode", "ascii"] = "kept"
    shortest: Literal[1, 2] = 2
    stopped: tuple[str, ...] = ()
    buckets: int = 0

    def tokens(self, text: str) -> Iterator[str]:
        """Yield the tokens of a text; one that stands in it twice comes twice."""
        read = _without_accents(text.lower() if self.lowercase else text, self.accents)
        if self.analyzer == "word":
            stopped = frozenset(self.stopped)
            words = [each for each in _WORDS[self.shortest].findall(read) if each not in stopped]
            yield from (" ".join(run) for run in _runs(words, self.lengths))
        elif self.analyzer == "char":
            yield from map("".join, _runs(_BLANKS.sub(" ", read), self.lengths))
        else:
            for word in _BLANKS.sub(" ", read).split():
                yield from _runs_in_word(f" {word} ", self.lengths)


def cut_for_graph(text: str, cuts: Sequence[Cut]) -> str:
    """Return the tokens of a text by each of some cuts, as words of ASCII between blanks.

    Examples
    --------
    >>> cut_for_graph("Is it 5 \u00b5s?", [Cut(), Cut(analyzer="char", lengths=(4, 4))])[:30]
    'ais ait aUb5Us bisU20Ui bsU20U'
    """
    return " ".join(
        spelled(_counted(token, cut), place)
        for place, cut in enumerate(cuts)
        for token in cut.tokens(text)
    )


def bucket_token(bucket: int, *, more: bool) -> str:
    """Return the token that stands for a bucket, which a token adds to or takes from."""
    return f"{bucket}{'p' if more else 'n'}"


def spelled(token: str, place: int) -> str:
    """Return a token as a word of ASCII that begins with the letter of its cut.

    Runtimes of ONNX know only the letters of ASCII; every other one is written as its number,
    between capital letters, because no other capital letter is left.
    """
    return chr(ord("a") + place) + "".join(
        letter if letter in _PLAIN else f"U{ord(letter):x}U" for letter in token
    )


def _counted(token: str, cut: Cut) -> str:
    if not cut.buckets:
        return token
    bucket, more = bucket_of(token, cut.buckets)
    return bucket_token(bucket, more=more)


def _without_accents(text: str, accents: str) -> str:
    if accents == "kept" or text.isascii():
        return text
    apart = unicodedata.normalize("NFKD", text)
    if accents == "ascii":
        return apart.encode("ascii", "ignore").decode("ascii")
    return "".join(letter for letter in apart if not unicodedata.combining(letter))


def _runs(parts: Sequence[str], lengths: tuple[int, int]) -> Iterator[Sequence[str]]:
    for length in range(lengths[0], min(lengths[1], len(parts)) + 1):
        for start in range(len(parts) - length + 1):
            yield parts[start : start + length]


def _runs_in_word(word: str, lengths: tuple[int, int]) -> Iterator[str]:
    for length in range(lengths[0], lengths[1] + 1):
        yield word[:length]
        for start in range(1, len(word) - length + 1):
            yield word[start : start + length]
        if length >= len(word):
            # A word that is no longer than a run is counted once.
            return
