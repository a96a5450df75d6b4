"""The vocabulary of a text column and the weight of each token in each text."""

from dataclasses import dataclass

import numpy as np
from scipy import sparse

from modelwright.learners.columns.token_counts import TokenCounts
from modelwright.predictor.operations.base import Floats
from modelwright.predictor.operations.text import Analyzer, TokenWeights
from modelwright.predictor.program import column_value

MIN_TEXTS = 2
"""A token that fewer texts have cannot help on new ones."""
_TEXTS_AT_ONCE = 256
"""What is computed on the way to the weights takes several times what these take."""


@dataclass(frozen=True)
class Cut:
    """How texts are cut into tokens, and how many are kept.

    Parameters
    ----------
    analyzer, lengths
        As `tokens` takes them.
    limit
        The most tokens; those of the most texts are kept.
    """

    analyzer: Analyzer
    lengths: tuple[int, int]
    limit: int


@dataclass(frozen=True)
class Vocabulary:
    """The tokens of a column.

    Parameters
    ----------
    cut
        How texts are cut.
    tokens
        In alphabetical order.
    rarity : ndarray of shape (tokens,)
        Inverse document frequency: 1 + ln((1 + texts) / (1 + texts with the token)).
    """

    cut: Cut
    tokens: tuple[str, ...]
    rarity: Floats

    def weigh(self, counts: TokenCounts) -> sparse.csr_array:
        """Return the weights of the tokens, as `TokenWeights` computes them.

        Returns
        -------
        sparse array of shape (n, tokens)
        """
        return _normalised(counts.of(self.tokens), self.rarity)

    def step(self, name: str, weights: Floats) -> TokenWeights:
        """Return the operation that gives each token its row of weights."""
        return TokenWeights(
            inputs=(column_value(name),),
            output=f"{self.cut.analyzer}s:{name}",
            analyzer=self.cut.analyzer,
            lengths=self.cut.lengths,
            vocabulary=self.tokens,
            rarity=self.rarity,
            weights=weights,
        )


def learn_vocabulary(counts: TokenCounts, cut: Cut) -> Vocabulary:
    """Return the tokens that at least `MIN_TEXTS` texts have, the most frequent ones.

    Parameters
    ----------
    counts
        Of the texts to learn from.
    cut
        How they were cut and how many tokens are kept.

    Examples
    --------
    >>> from modelwright.compute.budget import Budget
    >>> from modelwright.learners.columns.token_counts import count_tokens
    >>> texts = np.array(["late again", "late", "early again", None], dtype=object)
    >>> counts = count_tokens(texts, "word", (1, 2), budget=Budget.start(9))
    >>> learn_vocabulary(counts, Cut("word", (1, 2), 10)).tokens
    ('again', 'late')
    """
    spread = counts.spread()
    frequent = np.flatnonzero(spread >= MIN_TEXTS)
    # Of tokens that as many texts have, the first ones by the alphabet.
    ranked = frequent[np.argsort(-spread[frequent], kind="stable")]
    kept = np.sort(ranked[: cut.limit])
    rarity = 1.0 + np.log((1 + len(counts)) / (1.0 + spread[kept]))
    return Vocabulary(cut, tuple(counts.tokens[number] for number in kept.tolist()), rarity)


def _normalised(counts: sparse.csr_array, rarity: Floats) -> sparse.csr_array:
    """Return weights of which those of each text have the norm 1; a few texts at a time."""
    ends = counts.indptr
    strengths = np.empty(len(counts.data))
    for first in range(0, counts.shape[0], _TEXTS_AT_ONCE):
        here = ends[first : first + _TEXTS_AT_ONCE + 1]
        some = slice(here[0], here[-1])
        own = (1.0 + np.log(counts.data[some].astype(np.float64))) * rarity[counts.indices[some]]
        row = np.repeat(np.arange(len(here) - 1), np.diff(here))
        norm = np.sqrt(np.bincount(row, own**2, minlength=len(here) - 1))
        strengths[some] = own / norm[row]
    return sparse.csr_array((strengths, counts.indices, ends), shape=counts.shape)
