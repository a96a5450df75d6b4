"""How often each text has each token.

Runs of characters lie inside words, and texts share words: each distinct word is cut once, and
(texts x words) @ (words x runs) counts the runs of each text.
"""

from bisect import bisect_left
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from modelwright.compute.budget import Budget
from modelwright.learners.columns.token_runs import Ends, Numbers, Runs
from modelwright.learners.encoding import require_time
from modelwright.predictor.operations.base import Value
from modelwright.predictor.operations.text import Analyzer, padded, words_of

_TEXTS_PER_LOOK = 256
"""Texts that are read between two looks at the clock, and whose tokens are held at once."""


@dataclass(frozen=True)
class TokenCounts:
    """How often some texts have each token.

    Parameters
    ----------
    tokens
        In alphabetical order, also those that none of these texts has.
    texts : sparse array of shape (n, parts)
        How often each text has each part.
    parts : sparse array of shape (parts, tokens), optional
        How often each part has each token; None where the parts are the tokens.
    """

    tokens: tuple[str, ...]
    texts: sparse.csr_array
    parts: sparse.csr_array | None

    def __len__(self) -> int:
        return int(self.texts.shape[0])

    def take(self, indices: NDArray[np.intp]) -> "TokenCounts":
        """Return the counts of some of the texts."""
        return replace(self, texts=self.texts[indices])

    def all(self) -> sparse.csr_array:
        """Return how often each text has each token, of shape (n, tokens)."""
        return _in_order(self.texts if self.parts is None else self.texts @ self.parts)

    def spread(self) -> NDArray[np.int64]:
        """Return how many texts have each token, of shape (tokens,).

        A few texts at a time: all tokens of all texts are many times those that are kept.
        """
        found = np.zeros(len(self.tokens), dtype=np.int64)
        for first in range(0, len(self), _TEXTS_PER_LOOK):
            some = self.texts[first : first + _TEXTS_PER_LOOK]
            here = some if self.parts is None else some @ self.parts
            found += np.bincount(here.indices, minlength=len(found))
        return found

    def of(self, tokens: Sequence[str]) -> sparse.csr_array:
        """Return how often each text has each of some tokens, of shape (n, such tokens)."""
        places = [self._place(token) for token in tokens]
        here = np.array([place for place in places if place >= 0], dtype=np.int32)
        there = np.array([number for number, place in enumerate(places) if place >= 0], np.int32)
        shape = (len(self.tokens), len(tokens))
        chosen = sparse.csr_array((np.ones(len(here), np.float32), (here, there)), shape=shape)
        if self.parts is None:
            return _in_order(self.texts @ chosen)
        return _in_order(self.texts @ (self.parts @ chosen))

    def _place(self, token: str) -> int:
        place = bisect_left(self.tokens, token)
        return place if place < len(self.tokens) and self.tokens[place] == token else -1


def count_tokens(
    texts: Value, analyzer: Analyzer, lengths: tuple[int, int], *, budget: Budget
) -> TokenCounts:
    """Count the tokens of texts.

    Parameters
    ----------
    texts : ndarray of shape (n,)
        None for missing.
    analyzer, lengths
        As `tokens` takes them.
    budget
        The time there is.

    Raises
    ------
    BudgetError
        When the time ends.

    Examples
    --------
    >>> texts = np.array(["late again", None, "Late, late!"], dtype=object)
    >>> counts = count_tokens(texts, "word", (1, 2), budget=Budget.start(9))
    >>> counts.tokens, counts.all().toarray()[2]
    (('again', 'late', 'late again', 'late late'), array([0., 2., 0., 1.], dtype=float32))
    """
    return _count(_read(texts, budget), analyzer, lengths, kept=Runs.every, budget=budget)


def count_shared_tokens(
    texts: Value, analyzer: Analyzer, lengths: tuple[int, int], *, budget: Budget
) -> TokenCounts:
    """Count the tokens that several texts have, and perhaps others; as `count_tokens` does.

    Most runs of a text are its own: nothing can be learned from them, and to spell them takes more
    memory than the texts do.

    Examples
    --------
    >>> texts = np.array(["late again", None, "Late, late!"], dtype=object)
    >>> count_shared_tokens(texts, "word", (1, 2), budget=Budget.start(9)).tokens
    ('late',)
    """
    return _count(_read(texts, budget), analyzer, lengths, kept=Runs.shared, budget=budget)


@dataclass(frozen=True)
class _Words:
    """The words of some texts.

    Parameters
    ----------
    spelled
        The distinct ones.
    number, text
        Of each occurrence: which word it is, and in which text.
    texts
        How many these are.
    """

    spelled: list[str]
    number: Numbers
    text: Numbers
    texts: int


def _count(
    words: _Words,
    analyzer: Analyzer,
    lengths: tuple[int, int],
    *,
    kept: Callable[[Runs, NDArray[np.bool_]], Runs],
    budget: Budget,
) -> TokenCounts:
    require_time(budget)
    spelled, number, texts = words.spelled, words.number, words.texts
    if analyzer == "word":
        runs = kept(Runs.of(number, words.text, lengths), np.zeros(texts, dtype=np.bool_))
        pairs = [" ".join(spelled[i] for i in number[each]) for each in runs.first_places()]
        return TokenCounts(*_alphabetical(pairs, runs, texts), None)
    cut = [padded(word) for word in spelled]
    letters = "".join(cut)
    codes = np.frombuffer(letters.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    owner = np.repeat(np.arange(len(cut), dtype=np.int32), [len(each) for each in cut])
    shared = Ends.of(number, words.text, len(cut)).differ
    runs = kept(Runs.of(codes, owner, lengths), shared)
    require_time(budget)
    tokens, parts = _alphabetical([letters[each] for each in runs.first_places()], runs, len(cut))
    return TokenCounts(tokens, _counted(words.text, number, (texts, len(cut))), parts)


def _read(texts: Value, budget: Budget) -> _Words:
    index = _Growing()
    numbers: list[int] = []
    ends: list[int] = []
    for row, text in enumerate(texts):
        if row % _TEXTS_PER_LOOK == 0:
            require_time(budget)
        if text:
            numbers += [index[word] for word in words_of(text)]
        ends.append(len(numbers))
    until: NDArray[np.int64] = np.array(ends, dtype=np.int64)
    owner = np.repeat(np.arange(len(texts), dtype=np.int32), np.diff(until, prepend=0))
    return _Words(list(index), np.array(numbers, dtype=np.int32), owner, len(texts))


class _Growing(dict[str, int]):
    """Gives each new word the next number."""

    def __missing__(self, word: str) -> int:
        self[word] = len(self)
        return self[word]


def _alphabetical(
    spelled: list[str], runs: Runs, owners: int
) -> tuple[tuple[str, ...], sparse.csr_array]:
    """Return the tokens in order, and how often each owner has each."""
    order = sorted(range(len(spelled)), key=spelled.__getitem__)
    place = np.empty(len(order), dtype=np.int32)
    place[order] = np.arange(len(order))
    tokens = tuple(spelled[number] for number in order)
    return tokens, _counted(runs.owner, place[runs.number], (owners, len(tokens)))


def _counted(rows: Numbers, columns: Numbers, shape: tuple[int, int]) -> sparse.csr_array:
    # A text is read up to 20,000 characters: float32 holds every count.
    ones = np.ones(len(rows), dtype=np.float32)
    return _in_order(sparse.csr_array((ones, (rows, columns)), shape=shape))


def _in_order(counts: sparse.csr_array) -> sparse.csr_array:
    """Return the counts with each row's tokens in alphabetical order: sums have that order."""
    found = sparse.csr_array(counts)
    found.sort_indices()
    return found
