"""How often each text has each token, counted once for all that learn from a table.

A fold's texts are texts of the whole table: they are cut into tokens once, and each fold takes its
rows. What a fold learns from them, its vocabulary, it learns from its own rows alone.

Runs of characters lie inside words, and texts share words: each distinct word is cut once, and
(texts x words) @ (words x runs) counts the runs of each text.
"""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from modelwright.compute.budget import Budget
from modelwright.learners.base import Rows
from modelwright.learners.encoding import require_time
from modelwright.predictor.operations.base import Value
from modelwright.predictor.operations.text import Analyzer, padded, words_of

MAX_CHARACTERS = 10_000_000
"""Counts of more text take too much memory to be kept for a whole table; each fold has its own."""
_TEXTS_PER_LOOK = 256
"""Texts that are read between two looks at the clock, and whose tokens are held at once."""

Numbers = NDArray[np.int64]


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
        here = np.array([place for place in places if place >= 0], dtype=np.int64)
        there = np.array([number for number, place in enumerate(places) if place >= 0], np.int64)
        shape = (len(self.tokens), len(tokens))
        chosen = sparse.csr_array((np.ones(len(here), np.float32), (here, there)), shape=shape)
        if self.parts is None:
            return _in_order(self.texts @ chosen)
        return _in_order(self.texts @ (self.parts @ chosen))

    def _place(self, token: str) -> int:
        place = bisect_left(self.tokens, token)
        return place if place < len(self.tokens) and self.tokens[place] == token else -1


def counts_of(
    rows: Rows, name: str, analyzer: Analyzer, lengths: tuple[int, int], *, budget: Budget
) -> TokenCounts:
    """Return the counts of a column, from those of the table that the rows were taken from.

    Parameters
    ----------
    rows
        All rows of a table, or some.
    name
        One of their columns of texts.
    analyzer, lengths
        As `tokens` takes them.
    budget
        The time there is.

    Raises
    ------
    BudgetError
        When the time ends.
    """
    if rows.origin is not None:
        table, indices = rows.origin
        if _characters(table, name) <= MAX_CHARACTERS:
            return counts_of(table, name, analyzer, lengths, budget=budget).take(indices)
    key = ("tokens", name, analyzer, lengths)
    texts = rows.columns[name]
    return rows.memo.of(key, lambda: count_tokens(texts, analyzer, lengths, budget=budget))


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
    words, numbers, ends = _read(texts, budget)
    text = np.repeat(np.arange(len(texts)), np.diff(ends, prepend=0))
    if analyzer == "word":
        runs = _Runs.of(numbers, text, lengths)
        spelled = [" ".join(words[i] for i in numbers[each]) for each in runs.first_places()]
        tokens, counted = _alphabetical(spelled, runs, len(texts))
        return TokenCounts(tokens, counted, None)
    cut = [padded(word) for word in words]
    letters = "".join(cut)
    codes = np.frombuffer(letters.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    runs = _Runs.of(codes, np.repeat(np.arange(len(cut)), [len(each) for each in cut]), lengths)
    require_time(budget)
    tokens, counted = _alphabetical([letters[each] for each in runs.first_places()], runs, len(cut))
    return TokenCounts(tokens, _counted(text, numbers, (len(texts), len(words))), counted)


def _characters(rows: Rows, name: str) -> int:
    """Return the length of all texts of a column together."""
    column = rows.columns[name]
    return rows.memo.of(
        ("characters", name), lambda: sum(len(text) for text in column if text is not None)
    )


def _read(texts: Value, budget: Budget) -> tuple[list[str], Numbers, Numbers]:
    """Return the distinct words, their numbers text after text, and where each text ends."""
    index = _Growing()
    numbers: list[int] = []
    ends: list[int] = []
    for row, text in enumerate(texts):
        if row % _TEXTS_PER_LOOK == 0:
            require_time(budget)
        if text:
            numbers += [index[word] for word in words_of(text)]
        ends.append(len(numbers))
    return list(index), np.array(numbers, dtype=np.int64), np.array(ends, dtype=np.int64)


class _Growing(dict[str, int]):
    """Gives each new word the next number."""

    def __missing__(self, word: str) -> int:
        self[word] = len(self)
        return self[word]


@dataclass(frozen=True)
class _Runs:
    """The runs of a sequence that is divided among owners.

    Parameters
    ----------
    owner, number
        Of each occurrence of a run: whose it is, and which of the distinct runs.
    first, length
        Of each distinct run: where it first begins, and how long it is.
    """

    owner: Numbers
    number: Numbers
    first: Numbers
    length: Numbers

    @classmethod
    def of(cls, units: NDArray[Any], owner: Numbers, lengths: tuple[int, int]) -> "_Runs":
        """Find all runs of some lengths that do not cross from one owner to the next."""
        distinct, unit = np.unique(units, return_inverse=True)
        start, run = np.arange(len(unit)), unit
        found = []
        known = 0
        for length in range(1, lengths[1] + 1):
            if length > 1:
                # Each run is the one before, which is numbered, and a unit more.
                inside = start + length <= len(unit)
                inside[inside] = owner[start[inside]] == owner[start[inside] + length - 1]
                start = start[inside]
                run = run[inside] * len(distinct) + unit[start + length - 1]
            _, first, run = np.unique(run, return_index=True, return_inverse=True)
            if length >= lengths[0]:
                found.append((owner[start], run + known, start[first], np.full(len(first), length)))
                known += len(first)
        return cls(*(np.concatenate(each) for each in zip(*found, strict=True)))

    def first_places(self) -> list[slice]:
        """Return where each distinct run first stands in the sequence."""
        ends = (self.first + self.length).tolist()
        return [slice(*each) for each in zip(self.first.tolist(), ends, strict=True)]


def _alphabetical(
    spelled: list[str], runs: _Runs, owners: int
) -> tuple[tuple[str, ...], sparse.csr_array]:
    """Return the tokens in order, and how often each owner has each."""
    order = sorted(range(len(spelled)), key=spelled.__getitem__)
    place = np.empty(len(order), dtype=np.int64)
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
