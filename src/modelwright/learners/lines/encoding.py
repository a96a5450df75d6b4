"""The design matrix that suits lines, and the way back from coefficients to steps.

The coefficients go into the tables and trees of the program, so that a level or a token is one
look-up and no wide matrix is ever made when rows are answered.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from modelwright.compute.budget import Budget
from modelwright.data.schema import Column, Kind
from modelwright.learners.base import Rows
from modelwright.learners.columns.cuts import words_and_parts
from modelwright.learners.columns.kept_counts import counts_of
from modelwright.learners.columns.levels import Levels, learn_levels
from modelwright.learners.columns.moments import calendar_part
from modelwright.learners.columns.token_counts import TokenCounts
from modelwright.learners.columns.vocabulary import Cut, Vocabulary, learn_vocabulary
from modelwright.learners.encoding import (
    Encoding,
    Part,
    first_column,
    inputs_of,
    join_parts,
    require_time,
)
from modelwright.learners.lines.factored import Factored, side_by_side
from modelwright.learners.lines.splines import Spline, learn_spline
from modelwright.learners.lines.week_hours import WeekHours
from modelwright.predictor.operations.answers import Blend
from modelwright.predictor.operations.base import Floats
from modelwright.predictor.operations.categories import RARE_CODE, UNKNOWN_CODE, CodeTable
from modelwright.predictor.operations.curves import Curves
from modelwright.predictor.operations.linear import Constant
from modelwright.predictor.program import Step, column_value
from modelwright.tasks.task import Task

MIN_KNOTS, MAX_KNOTS = 8, 48
"""Of a number, beside its ends."""
MAX_TABLE_KNOTS = 3_000
"""Of all numbers together: those of wide tables have fewer each."""
MAX_TOKENS = 20_000
MAX_TOKEN_COEFFICIENTS = 400_000
"""Coefficients of one vocabulary, over all classes: 3 MB of a program."""
TEXT_STRENGTH = 3.0
"""A text's weights have the norm 1 over many tokens; this lifts each to the size of a number."""


class Block(Protocol):
    """Some columns of the design matrix."""

    @property
    def width(self) -> int:
        """How many."""

    @property
    def basis(self) -> sparse.csr_array:
        """What they are made of, of shape (places, width)."""

    def places(self, rows: Rows, *, budget: Budget) -> Iterator[sparse.csr_array]:
        """Yield what is multiplied by the basis for some rows, side by side (n, places)."""

    def steps(self, coefficients: Floats) -> tuple[Step, ...]:
        """Return the operations of which the last adds up the columns times coefficients.

        Parameters
        ----------
        coefficients : ndarray of shape (width, k)
        """


@dataclass(frozen=True)
class LinearEncoding:
    """A design matrix, block by block.

    Parameters
    ----------
    rows
        The training rows.
    blocks
        What the matrix is made of; a constant column comes before them.
    """

    rows: Rows
    blocks: tuple[Block, ...]

    def design(self, rows: Rows, *, budget: Budget) -> Factored:
        """Return the design matrix of some rows; its first column is 1.

        Raises
        ------
        BudgetError
            When the time ends.
        """
        bases = [sparse.csr_array(np.ones((1, 1))), *(block.basis for block in self.blocks)]
        return Factored(
            side_by_side(self._places(rows, budget)),
            sparse.csr_array(sparse.block_diag(bases, format="csr")),
        )

    def _places(self, rows: Rows, budget: Budget) -> Iterator[sparse.csr_array]:
        yield sparse.csr_array(np.ones((len(rows), 1)))
        for block in self.blocks:
            yield from block.places(rows, budget=budget)

    def add_up(self, coefficients: Floats) -> Encoding:
        """Return the steps whose matrix is the design matrix times coefficients.

        Parameters
        ----------
        coefficients : ndarray of shape (width, k)
        """
        first = first_column(self.rows.schema)
        start = Constant(inputs=(first,), output="start", answer=coefficients[0])
        ends = np.cumsum([1, *(block.width for block in self.blocks)])
        added = [
            block.steps(coefficients[end - block.width : end])
            for block, end in zip(self.blocks, ends[1:], strict=True)
        ]
        terms = (start, *(steps[-1] for steps in added))
        total = Blend(
            inputs=tuple(term.output for term in terms),
            output="raw",
            weights=(1.0,) * len(terms),
        )
        steps = (start, *(step for steps in added for step in steps), total)
        names = tuple(str(number) for number in range(coefficients.shape[1]))
        return Encoding(inputs_of(self.rows.schema, steps), steps, total.output, names)


def encode_for_lines(rows: Rows, *, budget: Budget) -> LinearEncoding:
    """Learn a design matrix from training rows.

    A number has a basis of curves and a column that says whether it is missing; parts of datetimes
    are numbers here, and each hour of the week has a column. A category has one column per level, a
    text one per word, pair of words and run of three to five characters.

    Raises
    ------
    BudgetError
        When the time ends.
    """
    blocks: list[Block] = []
    numbers = _number_parts(rows)
    if numbers:
        blocks.append(_Numbers.learn(join_parts(rows.schema, numbers), rows))
    for column in rows.schema:
        require_time(budget)
        if column.kind == Kind.TEXT:
            blocks += _texts(column, rows, budget)
        elif column.value_type == "string":
            levels = learn_levels(column.name, rows.columns[column.name])
            blocks += [_Category(levels)] if levels.varies else []
        elif column.value_type == "datetime":
            hours = WeekHours.learn(column.name, rows)
            blocks += [hours] if hours else []
    return LinearEncoding(rows, tuple(blocks))


def most_knots(width: int) -> int:
    """Return how many knots each number has at most, in a table with so many numbers."""
    return max(MIN_KNOTS, min(MAX_KNOTS, MAX_TABLE_KNOTS // width))


def most_tokens(task: Task) -> int:
    """Return how many tokens a vocabulary has at most, by the classes of a task."""
    outputs = 1 if task.kind == "binary" else task.n_outputs
    return min(MAX_TOKENS, max(1, MAX_TOKEN_COEFFICIENTS // outputs))


def _number_parts(rows: Rows) -> list[Part]:
    parts: list[Part] = []
    for column in rows.schema:
        if column.value_type == "datetime":
            parts += calendar_part(column, rows.columns[column.name])
        elif column.value_type == "number":
            parts.append(Part((), column_value(column.name), (column.name,)))
    return parts


@dataclass(frozen=True)
class _Numbers:
    """A curve of each number, and what a missing one adds."""

    encoding: Encoding
    splines: tuple[Spline, ...]

    @classmethod
    def learn(cls, encoding: Encoding, rows: Rows) -> "_Numbers":
        matrix = encoding.matrix(rows.columns)
        limit = most_knots(encoding.width)
        return cls(encoding, tuple(learn_spline(column, limit=limit) for column in matrix.T))

    @property
    def width(self) -> int:
        return sum(self._widths)

    @property
    def _widths(self) -> list[int]:
        return [spline.width + 1 for spline in self.splines]

    @property
    def basis(self) -> sparse.csr_array:
        alone = np.ones((1, 1))
        parts = [part for spline in self.splines for part in (spline.basis, alone)]
        return sparse.csr_array(sparse.block_diag(parts, format="csr"))

    def places(self, rows: Rows, *, budget: Budget) -> Iterator[sparse.csr_array]:
        for column, spline in zip(self.encoding.matrix(rows.columns).T, self.splines, strict=True):
            require_time(budget)
            yield spline.shares(column)
            yield sparse.csr_array(np.isnan(column)[:, None].astype(float))

    def steps(self, coefficients: Floats) -> tuple[Step, ...]:
        ends = np.cumsum(self._widths)[:-1]
        pairs = list(zip(self.splines, np.split(coefficients, ends), strict=True))
        curves = Curves(
            inputs=(self.encoding.output,),
            output="curves",
            sizes=np.array([len(spline.knots) for spline in self.splines], dtype=np.int32),
            knots=np.concatenate([spline.knots for spline in self.splines]),
            heights=np.concatenate([spline.heights(each[:-1]) for spline, each in pairs]),
            missing=np.concatenate(
                [spline.usually(each[:-1]) + each[-1:] for spline, each in pairs]
            ),
        )
        return (*self.encoding.steps, curves)


@dataclass(frozen=True)
class _Category:
    """One column per level; unknown and rare levels share one."""

    levels: Levels

    @property
    def width(self) -> int:
        return self.levels.size

    @property
    def basis(self) -> sparse.csr_array:
        return sparse.eye_array(self.width, format="csr")

    def places(self, rows: Rows, *, budget: Budget) -> Iterator[sparse.csr_array]:
        require_time(budget)
        codes = self.levels.step.run(rows.columns[self.levels.column])[:, 0]
        yield _one_hot(codes.astype(np.int64), self.levels.size)

    def steps(self, coefficients: Floats) -> tuple[Step, ...]:
        table = coefficients.copy()
        table[RARE_CODE] = table[UNKNOWN_CODE]
        codes = self.levels.step
        name = f"weights:{self.levels.column}"
        return (codes, CodeTable(inputs=(codes.output,), output=name, table=table))


@dataclass(frozen=True)
class _Text:
    """One column per token."""

    column: str
    vocabulary: Vocabulary

    @property
    def width(self) -> int:
        return len(self.vocabulary.tokens)

    @property
    def basis(self) -> sparse.csr_array:
        return sparse.eye_array(self.width, format="csr")

    def places(self, rows: Rows, *, budget: Budget) -> Iterator[sparse.csr_array]:
        weights = self.vocabulary.weigh(_counts(rows, self.column, self.vocabulary.cut, budget))
        weights.data *= TEXT_STRENGTH
        yield weights

    def steps(self, coefficients: Floats) -> tuple[Step, ...]:
        return (self.vocabulary.step(self.column, coefficients * TEXT_STRENGTH),)


def _texts(column: Column, rows: Rows, budget: Budget) -> list[Block]:
    cuts = words_and_parts(rows.columns[column.name], most_tokens(rows.task))
    learned = [learn_vocabulary(_counts(rows, column.name, cut, budget), cut) for cut in cuts]
    return [_Text(column.name, vocabulary) for vocabulary in learned if vocabulary.tokens]


def _counts(rows: Rows, name: str, cut: Cut, budget: Budget) -> TokenCounts:
    require_time(budget)
    return counts_of(rows, name, cut.analyzer, cut.lengths, budget=budget)


def _one_hot(codes: NDArray[np.int64], size: int) -> sparse.csr_array:
    # 32 bits are enough for places, which otherwise take as much memory as the numbers do.
    rows = np.arange(len(codes) + 1, dtype=np.int32)
    ones = np.ones(len(codes))
    return sparse.csr_array((ones, codes.astype(np.int32), rows), shape=(len(codes), size))
