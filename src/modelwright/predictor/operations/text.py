"""Weights of tokens: text as numbers, by a vocabulary."""

import re
import unicodedata
from collections.abc import Iterator
from functools import cached_property
from typing import Literal

import numpy as np

from modelwright.predictor.operations.base import Floats, Operation, Value

Analyzer = Literal["word", "character"]

_WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)?")
_MAX_LENGTH = 20_000
"""Characters of a text that are read; the rest could only slow a hostile request down."""


def tokens(text: str, analyzer: Analyzer, lengths: tuple[int, int]) -> Iterator[str]:
    """Yield the tokens of a text: words or runs of characters, from the shortest length up.

    Parameters
    ----------
    text
        Any text. It is normalised (NFKC, case folded), so that the host's locale is of no account.
    analyzer
        ``"word"`` joins words by a blank; ``"character"`` pads each word with blanks.
    lengths
        The shortest and the longest run, both included.

    Examples
    --------
    >>> list(tokens("Late AGAIN", "word", (1, 2)))
    ['late', 'again', 'late again']
    >>> list(tokens("ab", "character", (3, 3)))
    [' ab', 'ab ']
    """
    folded = unicodedata.normalize("NFKC", text[:_MAX_LENGTH]).casefold()
    words = _WORD.findall(folded)
    if analyzer == "word":
        yield from (" ".join(run) for run in _runs(words, lengths))
        return
    for word in words:
        yield from ("".join(run) for run in _runs(list(f" {word} "), lengths))


def _runs(units: list[str], lengths: tuple[int, int]) -> Iterator[list[str]]:
    for length in range(lengths[0], lengths[1] + 1):
        for start in range(len(units) - length + 1):
            yield units[start : start + length]


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
        for row, text in enumerate(values[0]):
            if text:
                sums[row] = self._weigh(text)
        return sums

    def _weigh(self, text: str) -> Floats:
        counts: dict[int, int] = {}
        for token in tokens(text, self.analyzer, self.lengths):
            index = self._index.get(token)
            if index is not None:
                counts[index] = counts.get(index, 0) + 1
        if not counts:
            return np.zeros(self.weights.shape[1])
        known = sorted(counts)
        strengths = 1 + np.log(np.array([counts[index] for index in known], dtype=np.float64))
        strengths *= self.rarity[known]
        norm = np.sqrt(np.add.accumulate(strengths * strengths)[-1]) or 1.0
        # Sums run over tokens one after another, as every host can.
        shares = (strengths / norm)[:, None] * self.weights[known]
        return np.asarray(np.add.accumulate(shares, axis=0)[-1])

    @cached_property
    def _index(self) -> dict[str, int]:
        return {token: index for index, token in enumerate(self.vocabulary)}
