"""The matrix that suits trees: numbers as they are, categories by rank and by target mean.

Which columns are made follows what was measured on public tables: ranks by frequency do as well as
a library's own categories when columns per level (few levels) or target means (many) stand beside
them, but not both.
"""

from dataclasses import dataclass

import numpy as np
from scipy import sparse
from sklearn.utils.extmath import randomized_svd

from modelwright.compute.budget import Budget
from modelwright.data.schema import Column, Kind
from modelwright.learners.base import Rows
from modelwright.learners.encoding import Encoding, Part, join_parts, require_time
from modelwright.learners.levels import Levels, learn_levels
from modelwright.learners.target_means import (
    Outcomes,
    out_of_fold_means,
    outcomes_of,
    smoothed_means,
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


@dataclass(frozen=True)
class TreeRows:
    """Training rows as trees learn from them.

    Parameters
    ----------
    encoding
        What the program does to any row.
    matrix : ndarray of shape (n, width)
        The training rows; it differs from the encoding's matrix in the target means, which are out
        of fold here.
    """

    encoding: Encoding
    matrix: Floats


def encode_for_trees(rows: Rows, *, budget: Budget, seed: int) -> TreeRows:
    """Learn an encoding from training rows.

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
    encoder = _Encoder(rows, outcomes_of(rows), budget, seed)
    made = [each for column in rows.schema for each in encoder.encode(column)]
    encoding = join_parts(rows.schema, [each.part for each in made])
    matrix = encoding.matrix(rows.columns)
    end = 0
    for each in made:
        end += len(each.part.names)
        matrix[:, end - each.means.shape[1] : end] = each.means
    return TreeRows(encoding, matrix)


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
    """Columns of the matrix; the last ones are `means` where rows are trained on."""

    part: Part
    means: Floats


@dataclass(frozen=True)
class _Encoder:
    """Makes the parts of one column after another."""

    rows: Rows
    outcomes: Outcomes
    budget: Budget
    seed: int

    def encode(self, column: Column) -> list[_Made]:
        require_time(self.budget)
        if column.value_type == "string" and column.kind != Kind.TEXT:
            return self._category(column)
        none = np.empty((len(self.rows), 0))
        return [_Made(part, none) for part in self._plain(column)]

    def _plain(self, column: Column) -> list[Part]:
        values = self.rows.columns[column.name]
        if column.kind == Kind.TEXT:
            return _text(column, values, self.budget)
        if column.value_type == "datetime":
            return date_part(column, values)
        return [Part((), column_value(column.name), (column.name,))] if _varies(values) else []

    def _category(self, column: Column) -> list[_Made]:
        levels = learn_levels(column.name, self.rows.columns[column.name])
        if not levels.varies:
            return []
        outcomes = self._averaged(levels)
        table = smoothed_means(levels.codes, outcomes, size=levels.size)
        table[RARE_CODE] = table[UNKNOWN_CODE]
        means = out_of_fold_means(levels.codes, outcomes, size=levels.size, seed=self.seed)
        return [_Made(_category_part(levels, table), means)]

    def _averaged(self, levels: Levels) -> Outcomes:
        """Return what target means average; no column for few levels or many classes."""
        kept = slice(0, 0)
        if len(levels.names) > MAX_ONE_HOT and self.rows.task.n_outputs <= MAX_MEANS:
            kept = slice(1, 2) if self.rows.task.kind == "binary" else slice(None)
        return Outcomes(self.outcomes.values[:, kept], self.outcomes.weight)


def _category_part(levels: Levels, means: Floats) -> Part:
    one_hot = _one_hot(levels)
    step = CodeTable(
        inputs=(levels.step.output,),
        output=f"table:{levels.column}",
        table=np.concatenate([_ranks(levels), one_hot, means], axis=1),
    )
    names = (
        f"{levels.column} (rank)",
        *(f"{levels.column} = {level}" for level in levels.names[: one_hot.shape[1]]),
        *(f"{levels.column} (mean of target {index})" for index in range(means.shape[1])),
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


def _text(column: Column, values: Value, budget: Budget) -> list[Part]:
    texts = values[:: max(1, -(-len(values) // MAX_TEXTS))]
    vocabulary = learn_vocabulary(texts, Cut("word", (1, 2), MAX_TOKENS), budget=budget)
    if not vocabulary.tokens:
        return []
    axes = _leading_axes(vocabulary.weigh(texts, budget=budget))
    step = vocabulary.step(column.name, axes)
    names = tuple(f"{column.name} (topic {number})" for number in range(1, axes.shape[1] + 1))
    return [Part((step,), step.output, names)]


def _leading_axes(weights: sparse.csr_array) -> Floats:
    """Return the axes of shape (tokens, components) on which texts differ most.

    Deerwester et al., "Indexing by latent semantic analysis" (1990). The seed is fixed, so that
    learners of the same rows share the step.
    """
    count = min(COMPONENTS, min(weights.shape))
    _, _, axes = randomized_svd(weights, n_components=count, n_iter=4, random_state=0)
    return np.ascontiguousarray(axes.T)
