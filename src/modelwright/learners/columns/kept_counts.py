"""Counts of tokens that are made once for all that learn from a table.

A fold's texts are texts of the whole table: they are cut into tokens once, and each fold takes its
rows. What a fold learns from them, its vocabulary, it learns from its own rows alone.
"""

from dataclasses import dataclass

from modelwright.compute.budget import Budget
from modelwright.learners.base import Rows
from modelwright.learners.columns.token_counts import (
    TokenCounts,
    count_shared_tokens,
    count_tokens,
)
from modelwright.predictor.operations.text import Analyzer

MAX_CHARACTERS, MAX_SHARED_CHARACTERS = 10_000_000, 40_000_000
"""Of more text a table keeps the counts of tokens that several texts have, and no others; of more
still it keeps none, and each fold has its own."""


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
    cut = _Cutting(name, analyzer, lengths, budget)
    if rows.origin is not None:
        table, indices = rows.origin
        kept = cut.kept_of(table)
        if kept is not None:
            return kept.take(indices)
    return cut.all_of(rows)


@dataclass(frozen=True)
class _Cutting:
    """How a column is cut into tokens, and the time for it."""

    name: str
    analyzer: Analyzer
    lengths: tuple[int, int]
    budget: Budget

    def kept_of(self, table: Rows) -> TokenCounts | None:
        """Return what is kept of rows from which others were taken; None where it is too much."""
        if table.origin is not None:
            whole, indices = table.origin
            kept = self.kept_of(whole)
            if kept is not None:
                return kept.take(indices)
        characters = _characters(table, self.name)
        if characters <= MAX_CHARACTERS:
            return self.all_of(table)
        # What rows of a fold share says nothing of the rows that it scores.
        if characters <= MAX_SHARED_CHARACTERS and table.origin is None:
            return self._shared_of(table)
        return None

    def all_of(self, rows: Rows) -> TokenCounts:
        """Return the counts of all tokens, made once."""
        texts = rows.columns[self.name]
        return rows.memo.of(
            ("tokens", self.name, self.analyzer, self.lengths),
            lambda: count_tokens(texts, self.analyzer, self.lengths, budget=self.budget),
        )

    def _shared_of(self, rows: Rows) -> TokenCounts:
        texts = rows.columns[self.name]
        return rows.memo.of(
            ("shared tokens", self.name, self.analyzer, self.lengths),
            lambda: count_shared_tokens(texts, self.analyzer, self.lengths, budget=self.budget),
        )


def _characters(rows: Rows, name: str) -> int:
    """Return the length of all texts of a column together."""
    column = rows.columns[name]
    return rows.memo.of(
        ("characters", name), lambda: sum(len(text) for text in column if text is not None)
    )
