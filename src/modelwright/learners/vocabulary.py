"""The vocabulary of a text column and the weight of each token in each text."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy import sparse

from modelwright.compute.budget import Budget
from modelwright.learners.encoding import require_time
from modelwright.predictor.operations.base import Floats, Value
from modelwright.predictor.operations.text import Analyzer, TokenWeights, tokens
from modelwright.predictor.program import column_value

MIN_TEXTS = 2
"""A token that fewer texts have cannot help on new ones."""
_TEXTS_PER_LOOK = 256
"""Texts that are read between two looks at the clock."""


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

    def weigh(self, texts: Value, *, budget: Budget) -> sparse.csr_array:
        """Return the weights of the tokens, as `TokenWeights` computes them.

        Returns
        -------
        sparse array of shape (n, tokens)
        """
        counts = _count(texts, self.cut, _Known(self._index), budget)
        counts.resize(len(texts), len(self.tokens))
        return _normalised(counts, self.rarity)

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

    @cached_property
    def _index(self) -> dict[str, int]:
        return {token: index for index, token in enumerate(self.tokens)}


def learn_vocabulary(texts: Value, cut: Cut, *, budget: Budget) -> Vocabulary:
    """Return the tokens that at least `MIN_TEXTS` texts have, the most frequent ones.

    Parameters
    ----------
    texts : ndarray of shape (n,)
        None for missing.
    cut
        How texts are cut and how many tokens are kept.
    budget
        The time there is.

    Raises
    ------
    BudgetError
        When the time ends.

    Examples
    --------
    >>> texts = np.array(["late again", "late", "early again", None], dtype=object)
    >>> learn_vocabulary(texts, Cut("word", (1, 2), 10), budget=Budget.start(9)).tokens
    ('again', 'late')
    """
    index = _Growing()
    counts = _count(texts, cut, index, budget)
    found = list(index)
    spread = np.bincount(counts.indices, minlength=len(found))
    frequent: list[int] = np.flatnonzero(spread >= MIN_TEXTS).tolist()
    ranked = sorted(frequent, key=lambda number: (-spread[number], found[number]))[: cut.limit]
    kept = sorted(ranked, key=found.__getitem__)
    rarity = 1.0 + np.log((1 + len(texts)) / (1.0 + spread[kept]))
    return Vocabulary(cut, tuple(found[number] for number in kept), rarity)


class _Growing(dict[str, int]):
    """Gives each new token the next number."""

    def __missing__(self, token: str) -> int:
        self[token] = len(self)
        return self[token]


class _Known(dict[str, int]):
    """Gives a token outside the vocabulary no number."""

    def __missing__(self, token: str) -> int:
        return -1


def _count(texts: Value, cut: Cut, index: dict[str, int], budget: Budget) -> sparse.csr_array:
    """Return how often each text has each token."""
    numbers: list[int] = []
    amounts: list[int] = []
    ends = [0]
    for row, text in enumerate(texts):
        if row % _TEXTS_PER_LOOK == 0:
            require_time(budget)
        counts = Counter(index[token] for token in _tokens(text, cut))
        counts.pop(-1, None)
        numbers += counts.keys()
        amounts += counts.values()
        ends.append(len(numbers))
    columns = np.array(numbers, dtype=np.int64)
    return sparse.csr_array(
        (np.array(amounts, dtype=np.float64), columns, np.array(ends, dtype=np.int64)),
        shape=(len(texts), int(columns.max(initial=-1)) + 1),
    )


def _tokens(text: str | None, cut: Cut) -> Iterable[str]:
    return tokens(text, cut.analyzer, cut.lengths) if text else ()


def _normalised(counts: sparse.csr_array, rarity: Floats) -> sparse.csr_array:
    strengths = (1.0 + np.log(counts.data)) * rarity[counts.indices]
    row = np.repeat(np.arange(counts.shape[0]), np.diff(counts.indptr))
    norm = np.sqrt(np.bincount(row, strengths**2, minlength=counts.shape[0]))
    return sparse.csr_array(
        (strengths / norm[row], counts.indices, counts.indptr), shape=counts.shape
    )
