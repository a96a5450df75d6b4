"""The matrix that suits trees: numbers as they are, categories by rank and by target mean.

Which columns are made follows what was measured on public tables: ranks by frequency do as well as
a library's own categories when columns per level (few levels) or target means (many) stand beside
them, but not both.
"""

from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from modelwright.compute.budget import Budget
from modelwright.data.schema import Column, Kind
from modelwright.learners.base import Rows
from modelwright.learners.columns.levels import Levels, levels_of
from modelwright.learners.columns.moments import attribute_part, between_parts, varies
from modelwright.learners.columns.target_means import (
    Outcomes,
    draw_folds,
    fold_means,
    outcomes_of,
    smoothed_means,
)
from modelwright.learners.columns.token_flags import are_flags, flags_of_tokens
from modelwright.learners.columns.topics import (
    LEAST_TOLD,
    told_by_topics,
    topics_of_levels,
    topics_of_texts,
)
from modelwright.learners.encoding import Part, join_parts, nothing, require_time
from modelwright.learners.features.offers import own_parts
from modelwright.learners.trees.rows import (
    Block,
    CodeBlock,
    TreeRows,
    digest,
    keep_part,
    other_rows,
)
from modelwright.predictor.operations.base import Floats
from modelwright.predictor.operations.categories import (
    FIRST_LEVEL_CODE,
    MISSING_CODE,
    RARE_CODE,
    UNKNOWN_CODE,
    CodeTable,
)
from modelwright.predictor.program import column_value

MAX_ONE_HOT = 8
"""More levels get no columns of their own but target means."""
MAX_MEANS = 10
"""A task of more classes gets no target means: one column per class would drown the others."""


def encode_for_trees(rows: Rows, *, budget: Budget, seed: int) -> TreeRows:
    """Learn an encoding from training rows; learners of the same rows share it.

    Numbers stay, with NaN for missing. Datetimes become their parts that vary, and the days between
    each two. A category becomes its rank by frequency and one column per level up to `MAX_ONE_HOT`
    levels, or its smoothed target means above. A text becomes the leading components of its words'
    weights, and flags of the words that tell most; a category whose levels share words that tell
    something has such components beside its rank. Columns that tell no rows apart are left out.
    Formulas of registered features follow where they tell something of the target.

    Parameters
    ----------
    rows
        Training rows.
    budget
        The time there is.
    seed
        Draws the folds of the target means.

    Raises
    ------
    BudgetError
        When the time ends.
    """
    key = ("trees", seed, digest(rows))

    def encode() -> TreeRows:
        encoder = _Encoder(rows, outcomes_of(rows), draw_folds(len(rows), seed=seed), budget)
        made = [each for column in rows.schema for each in encoder.encode(column)]
        made += [_plain(part, rows) for part in between_parts(rows)]
        made += [_plain(part, rows) for part in own_parts(rows, budget=budget, seed=seed)]
        if not made:
            made = [_plain(nothing(rows.schema), rows)]
        return TreeRows(
            encoding=join_parts(rows.schema, [each.part for each in made]),
            parts=tuple(each.part for each in made),
            blocks=tuple(each.block for each in made),
            count=len(rows),
            key=key,
        )

    return rows.memo.of(key, encode)


def encode_for_forests(rows: Rows, *, budget: Budget, seed: int) -> TreeRows:
    """Return the encoding for trees without the flags of tokens.

    A split of a forest draws some columns by chance, and forests have no use for those that are
    hardly ever 1: with them they erred more on each of four public tables.

    Parameters
    ----------
    rows, budget, seed
        As `encode_for_trees` takes them.

    Raises
    ------
    BudgetError
        When the time ends.
    """
    encoded = encode_for_trees(rows, budget=budget, seed=seed)
    kept = [place for place, part in enumerate(encoded.parts) if not are_flags(part)]
    if len(kept) == len(encoded.parts):
        return encoded
    parts = tuple(encoded.parts[place] for place in kept)
    return replace(
        encoded,
        encoding=join_parts(rows.schema, parts),
        parts=parts,
        blocks=tuple(encoded.blocks[place] for place in kept),
        key=("forests", encoded.key),
    )


def encode_other_rows(learned: TreeRows, rows: Rows, check_rows: Rows) -> TreeRows:
    """Return the rows that are held back from a fold, as the program encodes them.

    Parameters
    ----------
    learned
        What the encoding was learned from.
    rows
        The same as a learner is given them; learners of these rows share what is returned.
    check_rows
        The rows held back.
    """
    key = ("held back", learned.key, digest(check_rows))
    return rows.memo.of(key, lambda: other_rows(learned, check_rows))


@dataclass(frozen=True)
class _Made:
    """Columns of the matrix, and what makes them for the rows that are trained on."""

    part: Part
    block: Block


class _TopicsOf(Protocol):
    """Makes the topics of a column."""

    def __call__(self, rows: Rows, name: str, /, *, budget: Budget) -> Part | None: ...


@dataclass(frozen=True)
class _Encoder:
    """Makes the parts of one column after another."""

    rows: Rows
    outcomes: Outcomes
    fold: NDArray[np.int8]
    budget: Budget

    def encode(self, column: Column) -> list[_Made]:
        require_time(self.budget)
        if column.value_type != "string":
            return self._number(column)
        if column.kind == Kind.TEXT:
            return [*self._topics(column, topics_of_texts), *self._flags(column)]
        levels = levels_of(self.rows, column.name)
        return [*self._category(levels), *self._worded(column, levels)]

    def _topics(self, column: Column, topics_of: _TopicsOf) -> list[_Made]:
        def make() -> list[_Made]:
            topics = topics_of(self.rows, column.name, budget=self.budget)
            return [_plain(topics, self.rows)] if topics else []

        return self.rows.memo.of(("topics", column.name), make)

    def _flags(self, column: Column) -> list[_Made]:
        flags = flags_of_tokens(self.rows, column.name, self.outcomes, budget=self.budget)
        return [_plain(flags, self.rows)] if flags else []

    def _worded(self, column: Column, levels: Levels) -> list[_Made]:
        """Return the topics of a category's levels where they tell what its means do not."""
        return [
            made
            for made in self._topics(column, topics_of_levels)
            if told_by_topics(made.block(), levels, self.outcomes, self.fold)
            >= max(LEAST_TOLD, len(made.part.names) / len(self.rows))
        ]

    def _number(self, column: Column) -> list[_Made]:
        values = self.rows.columns[column.name]
        if column.value_type == "datetime":
            return [_plain(part, self.rows) for part in attribute_part(column, self.rows)]
        part = Part((), column_value(column.name), (column.name,))
        return [_plain(part, self.rows)] if varies(values) else []

    def _category(self, levels: Levels) -> list[_Made]:
        if not levels.varies:
            return []
        outcomes = self._averaged(levels)
        table = smoothed_means(levels.packed, outcomes, size=levels.size)
        table[RARE_CODE] = table[UNKNOWN_CODE]
        step = _table(levels, table)
        means = fold_means(levels.packed, outcomes, size=levels.size, fold=self.fold)
        block = CodeBlock(step, levels.packed, means if table.shape[1] else None)
        return [_Made(_category_part(levels, step, table.shape[1]), block)]

    def _averaged(self, levels: Levels) -> Outcomes:
        """Return what target means average; no column for few levels or many classes."""
        kept = slice(0, 0)
        if len(levels.names) > MAX_ONE_HOT and self.rows.task.n_outputs <= MAX_MEANS:
            kept = slice(1, 2) if self.rows.task.kind == "binary" else slice(None)
        return Outcomes(self.outcomes.values[:, kept], self.outcomes.weight)


def _plain(part: Part, rows: Rows) -> _Made:
    """Return columns that are made of rows to learn from as of any others."""
    return _Made(part, keep_part(part, rows.schema, rows.columns))


def _table(levels: Levels, means: Floats) -> CodeTable:
    return CodeTable(
        inputs=(levels.step.output,),
        output=f"table:{levels.column}",
        table=np.concatenate([_ranks(levels), _one_hot(levels), means], axis=1),
    )


def _category_part(levels: Levels, step: CodeTable, means: int) -> Part:
    one_hot = step.table.shape[1] - 1 - means
    names = (
        f"{levels.column} (rank)",
        *(f"{levels.column} = {level}" for level in levels.names[:one_hot]),
        *(f"{levels.column} (mean of target {index})" for index in range(means)),
    )
    return Part((levels.step, step), step.output, names)


def _ranks(levels: Levels) -> Floats:
    """Return the rank of each code: -1 for missing, and unknown levels after the rarest."""
    ranks = np.arange(levels.size, dtype=np.float64)[:, None] - FIRST_LEVEL_CODE
    ranks[[UNKNOWN_CODE, RARE_CODE]] = len(levels.names)
    ranks[MISSING_CODE] = -1.0
    return ranks


def _one_hot(levels: Levels) -> Floats:
    """Return a column per level; for two levels the rank says it all."""
    count = len(levels.names)
    wanted = count if 2 < count <= MAX_ONE_HOT else 0
    table = np.zeros((levels.size, wanted))
    table[FIRST_LEVEL_CODE:] = np.eye(count, wanted)
    return table
