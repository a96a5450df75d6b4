"""The matrix that suits trees: numbers as they are, categories by rank and by target mean.

Which columns are made follows what was measured on public tables: ranks by frequency do as well as
a library's own categories when columns per level (few levels) or target means (many) stand beside
them, but not both.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from sklearn.utils.extmath import randomized_svd

from modelwright.compute.budget import Budget
from modelwright.data.schema import Column, Kind
from modelwright.learners.base import Rows
from modelwright.learners.encoding import Part, join_parts, nothing, require_time
from modelwright.learners.levels import Levels, levels_of
from modelwright.learners.target_means import (
    Outcomes,
    draw_folds,
    fold_means,
    outcomes_of,
    smoothed_means,
)
from modelwright.learners.token_counts import counts_of
from modelwright.learners.tree_rows import (
    Block,
    CodeBlock,
    TreeRows,
    digest,
    keep_part,
    other_rows,
)
from modelwright.learners.vocabulary import Cut, learn_vocabulary
from modelwright.predictor.operations.base import Floats, Value
from modelwright.predictor.operations.categories import (
    FIRST_LEVEL_CODE,
    MISSING_CODE,
    RARE_CODE,
    UNKNOWN_CODE,
    CodeTable,
)
from modelwright.predictor.operations.dates import DatePart, DateParts
from modelwright.predictor.operations.numbers import RoundToFloat32
from modelwright.predictor.program import column_value

MAX_ONE_HOT = 8
"""More levels get no columns of their own but target means."""
MAX_MEANS = 10
"""A task of more classes gets no target means: one column per class would drown the others."""
COMPONENTS = 24
MAX_TOKENS = 5_000
MAX_TEXTS = 20_000
"""Texts from which the vocabulary and its components are learned."""

CALENDAR: tuple[DatePart, ...] = ("month", "day", "weekday", "day_of_year", "hour", "minute")
"""Parts that come back. The year and the absolute time do not: a tree that splits on them has
nothing to say about later rows."""


def encode_for_trees(rows: Rows, *, budget: Budget, seed: int) -> TreeRows:
    """Learn an encoding from training rows; learners of the same rows share it.

    Numbers stay, with NaN for missing. Datetimes become the parts in `CALENDAR` that vary. A
    category becomes its rank by frequency and one column per level up to `MAX_ONE_HOT` levels, or
    its smoothed target means above. A text becomes the leading components of its words' weights.
    Columns that tell no rows apart are left out.

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


def date_part(column: Column, moments: Value) -> list[Part]:
    """Return the calendar parts of a datetime that vary in some rows; none when none does."""
    name = column.name
    every = DateParts(inputs=(column_value(name),), output=f"parts:{name}", parts=CALENDAR)
    parts = every.run(moments)
    varying = tuple(part for part, values in zip(CALENDAR, parts.T, strict=True) if _varies(values))
    if not varying:
        return []
    step = DateParts(inputs=every.inputs, output=every.output, parts=varying)
    return [Part((step,), step.output, tuple(f"{name} ({part})" for part in varying))]


@dataclass(frozen=True)
class _Made:
    """Columns of the matrix, and what makes them for the rows that are trained on."""

    part: Part
    block: Block


@dataclass(frozen=True)
class _Encoder:
    """Makes the parts of one column after another."""

    rows: Rows
    outcomes: Outcomes
    fold: NDArray[np.int8]
    budget: Budget

    def encode(self, column: Column) -> list[_Made]:
        require_time(self.budget)
        if column.kind == Kind.TEXT:
            return self.rows.memo.of(("topics", column.name), lambda: self._text(column))
        if column.value_type == "string":
            return self._category(levels_of(self.rows, column.name))
        return self._number(column)

    def _text(self, column: Column) -> list[_Made]:
        parts = _text(column, self.rows, self.budget)
        return [_plain(part, self.rows) for part in parts]

    def _number(self, column: Column) -> list[_Made]:
        values = self.rows.columns[column.name]
        if column.value_type == "datetime":
            return [_plain(part, self.rows) for part in date_part(column, values)]
        part = Part((), column_value(column.name), (column.name,))
        return [_plain(part, self.rows)] if _varies(values) else []

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


def _varies(values: Floats) -> bool:
    """Whether two rows differ; missing counts as a value."""
    missing = np.isnan(values)
    known = values[~missing]
    return bool(len(known)) and bool(missing.any() or (known != known[0]).any())


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


def _text(column: Column, rows: Rows, budget: Budget) -> list[Part]:
    cut = Cut("word", (1, 2), MAX_TOKENS)
    some = rows.take(np.arange(0, len(rows), max(1, -(-len(rows) // MAX_TEXTS))))
    counts = counts_of(some, column.name, cut.analyzer, cut.lengths, budget=budget)
    vocabulary = learn_vocabulary(counts, cut)
    if not vocabulary.tokens:
        return []
    axes = _leading_axes(vocabulary.weigh(counts))
    step = vocabulary.step(column.name, axes)
    rounded = RoundToFloat32(inputs=(step.output,), output=f"topics:{column.name}")
    names = tuple(f"{column.name} (topic {number})" for number in range(1, axes.shape[1] + 1))
    return [Part((step, rounded), rounded.output, names)]


def _leading_axes(weights: sparse.csr_array) -> Floats:
    """Return the axes of shape (tokens, components) on which texts differ most.

    Deerwester et al., "Indexing by latent semantic analysis" (1990). The seed is fixed, so that
    learners of the same rows share the step.
    """
    count = min(COMPONENTS, min(weights.shape))
    _, _, axes = randomized_svd(weights, n_components=count, n_iter=4, random_state=0)
    return np.ascontiguousarray(axes.T)
