"""The simple things to beat: one constant answer, and one rule on one column."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Protocol

import msgspec
import numpy as np
from numpy.typing import NDArray

from modelwright.compute.budget import Budget
from modelwright.data.schema import Kind
from modelwright.learners.base import Fitted, Rows
from modelwright.learners.columns.bins import bin_numbers, learn_edges, step_functions
from modelwright.learners.columns.levels import Levels, learn_levels
from modelwright.learners.columns.moments import calendar_part
from modelwright.learners.columns.target_means import (
    Outcomes,
    out_of_fold_means,
    outcomes_of,
    smoothed_means,
)
from modelwright.learners.encoding import (
    Encoding,
    Part,
    first_column,
    inputs_of,
    join_parts,
)
from modelwright.predictor.operations.base import Floats
from modelwright.predictor.operations.categories import (
    RARE_CODE,
    UNKNOWN_CODE,
    CodeTable,
)
from modelwright.predictor.operations.dates import DateParts
from modelwright.predictor.operations.linear import Constant as ConstantAnswer
from modelwright.predictor.program import Program, column_value
from modelwright.tasks.task import Task

RULE_BINS = 8
_SMALLEST = 1e-6
"""Probabilities are kept this far from 0 before a logarithm."""


@dataclass(frozen=True)
class Constant:
    """Answers with the frequencies of the classes, or with the mean."""

    name: str = "constant"
    title: str = "Constant answer"

    def suits(self, task: Task) -> bool:
        """Say yes: every target has a mean."""
        return True

    def fit(
        self,
        rows: Rows,
        *,
        check_rows: Rows | None = None,
        rounds: int | None = None,
        budget: Budget,
        seed: int,
    ) -> Fitted:
        """Count; see `Learner.fit`."""
        return Fitted(_constant(rows, outcomes_of(rows)))


@dataclass(frozen=True)
class Rule:
    """Answers with the mean of the row's group, in groups by one column.

    The column is the one whose groups answer best out of fold; numbers fall into at most
    `RULE_BINS` groups, parts of datetimes count as numbers, texts are not asked. Its rounds are the
    columns that it asks.
    """

    name: str = "rule"
    title: str = "Rule on one column"

    def suits(self, task: Task) -> bool:
        """Say yes: every target has means."""
        return True

    def fit(
        self,
        rows: Rows,
        *,
        check_rows: Rows | None = None,
        rounds: int | None = None,
        budget: Budget,
        seed: int,
    ) -> Fitted:
        """Try every column; see `Learner.fit`."""
        outcomes = outcomes_of(rows)
        best: Program = _constant(rows, outcomes)
        least = _loss(np.tile(outcomes.mean(), (len(rows), 1)), outcomes, rows.task)
        tried = 0
        for groups in islice(_all_groups(rows), rounds):
            # One is asked in any time: no rounds would say that nobody counted them.
            if tried and budget.remaining_s <= 0:
                return Fitted(best, rounds=tried, cut_short=True)
            tried += 1
            means = out_of_fold_means(groups.codes, outcomes, size=groups.size, seed=seed)
            loss = _loss(means, outcomes, rows.task)
            if loss < least:
                table = smoothed_means(groups.codes, outcomes, size=groups.size)
                best, least = groups.program(table, rows), loss
        return Fitted(best, rounds=tried)


class _Groups(Protocol):
    """Rows in groups by one column."""

    @property
    def codes(self) -> NDArray[np.int64]:
        """The group of each training row."""

    @property
    def size(self) -> int:
        """How many groups there are."""

    def program(self, means: Floats, rows: Rows) -> Program:
        """Return the program that answers with the group's row of a table."""


@dataclass(frozen=True)
class _Levels:
    """Groups by the levels of a category."""

    levels: Levels

    @property
    def codes(self) -> NDArray[np.int64]:
        return self.levels.codes

    @property
    def size(self) -> int:
        return self.levels.size

    def program(self, means: Floats, rows: Rows) -> Program:
        table = means.copy()
        table[RARE_CODE] = table[UNKNOWN_CODE]
        codes = self.levels.step
        answer = CodeTable(inputs=(codes.output,), output="answer", table=table)
        steps = (codes, answer)
        return Program(
            task=rows.task, inputs=inputs_of(rows.schema, steps), steps=steps, answer="answer"
        )


@dataclass(frozen=True)
class _Bins:
    """Groups by the bins of a number."""

    encoding: Encoding
    edges: Floats
    codes: NDArray[np.int64]

    @property
    def size(self) -> int:
        return len(self.edges) + 1

    def program(self, means: Floats, rows: Rows) -> Program:
        answer = step_functions([self.edges], [means], matrix=self.encoding.output, output="answer")
        return self.encoding.program(rows.task, (answer,))


def _all_groups(rows: Rows) -> Iterator[_Groups]:
    for column in rows.schema:
        values = rows.columns[column.name]
        if column.value_type == "number":
            yield from _bins(rows, Part((), column_value(column.name), (column.name,)))
        elif column.value_type == "datetime":
            for part in calendar_part(column, values):
                yield from _bins(rows, part)
        elif column.kind != Kind.TEXT:
            yield _Levels(learn_levels(column.name, values))


def _bins(rows: Rows, part: Part) -> Iterator[_Bins]:
    """Yield the bins of each column of a part."""
    matrix = join_parts(rows.schema, [part]).matrix(rows.columns)
    for index, numbers in enumerate(matrix.T):
        edges = learn_edges(numbers, limit=RULE_BINS)
        encoding = join_parts(rows.schema, [_only(part, index)])
        yield _Bins(encoding, edges, bin_numbers(numbers, edges))


def _only(part: Part, index: int) -> Part:
    """Return a part cut down to one of its columns."""
    steps = tuple(
        msgspec.structs.replace(step, parts=step.parts[index : index + 1])
        for step in part.steps
        if isinstance(step, DateParts)
    )
    return Part(steps, part.output, part.names[index : index + 1])


def _constant(rows: Rows, outcomes: Outcomes) -> Program:
    step = ConstantAnswer(
        inputs=(first_column(rows.schema),), output="answer", answer=outcomes.mean()
    )
    return Program(
        task=rows.task, inputs=inputs_of(rows.schema, (step,)), steps=(step,), answer="answer"
    )


def _loss(answers: Floats, outcomes: Outcomes, task: Task) -> float:
    """Return the weighted mean of the logarithmic loss, or of the squared error."""
    if task.is_classification:
        losses = -(outcomes.values * np.log(np.maximum(answers, _SMALLEST))).sum(axis=1)
    else:
        losses = ((answers - outcomes.values) ** 2).sum(axis=1)
    return float(np.average(losses, weights=outcomes.weight))
