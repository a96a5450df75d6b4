"""Weights of tokens: text as numbers, by a vocabulary."""

import re
from collections import Counter
from collections.abc import Callable, Iterable
from functools import cached_property, lru_cache
from itertools import chain
from typing import Literal

import numpy as np

from modelwright.predictor.operations.base import Floats, Operation, Value
from modelwright.predictor.operations.folding import fold

Analyzer = Literal["word", "character"]

_WORD = re.compile(r"[^ ']+(?:'[^ ']+)*")
MAX_LENGTH = 20_000
"""Characters of a text that are read; the rest could only slow a hostile request down."""


def tokens(text: str, analyzer: Analyzer, lengths: tuple[int, int]) -> list[str]:
    """Return the tokens of a text: words or runs of characters, from the shortest length up.

    Parameters
    ----------
    text
        Any text. Its characters are folded by a table of the program's own, so that neither the
        host's locale nor its version of Unicode is of any account.
    analyzer
        ``"word"`` joins words by a blank; ``"character"`` pads each word with blanks.
    lengths
        The shortest and the longest run, both included.

    Examples
    --------
    >>> tokens("Late AGAIN", "word", (1, 2))
    ['late', 'again', 'late again']
    >>> tokens("ab", "character", (3, 3))
    [' ab', 'ab ']
    """
    words = words_of(text)
    if analyzer == "word":
        return _runs_of_words(words, lengths)
    return [token for word in words for token in _runs_of_characters(word, lengths)]


def words_of(text: str) -> list[str]:
    """Return the words of a text in their order, folded: letters, digits, and single apostrophes
    between them.
    """
    return _WORD.findall(fold(text[:MAX_LENGTH]))


def padded(word: str) -> str:
    """Return a word as it is cut into runs of characters: they tell where it begins and ends."""
    return f" {word} "


def _runs_of_words(words: list[str], lengths: tuple[int, int]) -> list[str]:
    shortest, longest = lengths
    found = words.copy() if shortest == 1 else []
    for length in range(max(2, shortest), longest + 1):
        found += map(" ".join, zip(*(words[start:] for start in range(length)), strict=False))
    return found


def _runs_of_characters(word: str, lengths: tuple[int, int]) -> list[str]:
    cut, end = padded(word), len(word) + 3
    return [
        cut[start : start + length]
        for length in range(lengths[0], lengths[1] + 1)
        for start in range(end - length)
    ]


_SHORT, _RECENT = 64, 512
"""Characters of a text whose sums are remembered, and how many such texts are."""


class TokenWeights(Operation, frozen=True, kw_only=True, tag="token_weights", dict=True):
    """Add up the weights of a text's tokens.

    A token that occurs c times in the text counts (1 + ln c) times its inverse document
    frequency; counts are divided by their Euclidean norm (Salton and Buckley, "Term-weighting
    approaches in automatic text retrieval", 1988) and multiplied with the token's weights. A text
    that is missing, empty or without a known token gives zeros.
    """

    analyzer: Analyzer
    lengths: tuple[int, int]
    vocabulary: tuple[str, ...]
    rarity: Floats
    weights: Floats

    def check(self, widths: tuple[int, ...]) -> int:
        size = len(self.vocabulary)
        self.require(1 <= self.lengths[0] <= self.lengths[1] <= 8, "lengths of runs are invalid")
        self.require(len(set(self.vocabulary)) == size, "a token is named twice")
        self.require(self.rarity.shape == (size,), "one rarity per token is needed")
        self.require(self.weights.ndim == 2 and len(self.weights) == size, "weights per token")
        finite = np.isfinite(self.rarity).all() and np.isfinite(self.weights).all()
        self.require(finite, "a weight is not finite")
        return int(self.weights.shape[1])

    def run(self, *values: Value) -> Floats:
        sums = np.zeros((len(values[0]), self.weights.shape[1]))
        # Kept for one call only: texts share words, and a hostile client could send ever new ones.
        known = _KnownRuns(self._index, self.lengths)
        for row, text in enumerate(values[0]):
            if text:
                short = len(text) <= _SHORT
                sums[row] = self._recent(text) if short else self._weigh(text, known)
        return sums

    @cached_property
    def _recent(self) -> Callable[[str], Floats]:
        """Weigh a short text; names of categories come again and again."""

        def weigh(text: str) -> Floats:
            return self._weigh(text, _KnownRuns(self._index, self.lengths))

        return lru_cache(_RECENT)(weigh)

    def _weigh(self, text: str, known: "_KnownRuns") -> Floats:
        if self.analyzer == "word":
            return self._add_up(_places(tokens(text, "word", self.lengths), self._index))
        return self._add_up(chain.from_iterable(map(known.__getitem__, words_of(text))))

    def _add_up(self, numbers: Iterable[int]) -> Floats:
        counts = Counter(numbers)
        if not counts:
            return np.zeros(self.weights.shape[1])
        known = sorted(counts)
        strengths = 1 + np.log(np.array([*map(counts.__getitem__, known)], dtype=np.float64))
        strengths *= self.rarity[known]
        norm = np.sqrt(np.add.accumulate(strengths * strengths)[-1]) or 1.0
        # Sums run over tokens one after another, as every host can.
        shares = (strengths / norm)[:, None] * self.weights[known]
        return np.asarray(np.add.accumulate(shares, axis=0)[-1])

    @cached_property
    def _index(self) -> dict[str, int]:
        return {token: index for index, token in enumerate(self.vocabulary)}


class _KnownRuns(dict[str, list[int]]):
    """Gives each word the places of its runs of characters in a vocabulary."""

    def __init__(self, index: dict[str, int], lengths: tuple[int, int]) -> None:
        super().__init__()
        self._index = index
        self._lengths = lengths

    def __missing__(self, word: str) -> list[int]:
        places = _places(_runs_of_characters(word, self._lengths), self._index)
        self[word] = places
        return places


def _places(found: list[str], index: dict[str, int]) -> list[int]:
    return [*map(index.__getitem__, filter(index.__contains__, found))]
