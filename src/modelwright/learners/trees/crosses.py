"""Pairs of categories that say more together than one by one, as target means."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from modelwright.compute.budget import Budget
from modelwright.data.schema import Kind
from modelwright.learners.base import Rows
from modelwright.learners.columns.levels import Levels, levels_of
from modelwright.learners.columns.target_means import (
    FoldMeans,
    Outcomes,
    draw_folds,
    fold_means,
    outcomes_of,
    smoothed_means,
)
from modelwright.learners.columns.told import centred, explained, some_of, told
from modelwright.learners.encoding import Part, join_parts, require_time
from modelwright.learners.trees.encoding import encode_for_trees
from modelwright.learners.trees.rows import CodeBlock, TreeRows, digest
from modelwright.predictor.operations.base import Floats
from modelwright.predictor.operations.categories import CodeTable
from modelwright.predictor.operations.linear import Columns as SideBySide
from modelwright.predictor.operations.linear import Linear

MAX_CROSSES = 4
MAX_PAIR_CODES = 20_000
"""Pairs of codes of two columns: a table in the program; they fit into 16 bits."""
FEWEST_ROWS = 3_000
"""On fewer rows, target means of pairs are mostly noise."""
_MOST_COLUMNS = 12
_LEAST_GAIN = 5e-4
"""Share of the variance that a pair must explain beyond the sum of its two columns."""


def encode_with_crosses(rows: Rows, *, budget: Budget, seed: int) -> TreeRows:
    """Learn the encoding of `encode_for_trees` and add the target means of pairs of categories.

    Pairs are chosen by what they explain out of fold beyond the sum of their columns; where there
    is none, or where the target is no number and has more than two classes, nothing is added.

    Parameters
    ----------
    rows, budget, seed
        As `encode_for_trees` takes them.

    Raises
    ------
    BudgetError
        When the time ends.
    """
    key = ("crossed trees", seed, digest(rows))

    def encode() -> TreeRows:
        plain = encode_for_trees(rows, budget=budget, seed=seed)
        crosses = _crosses(rows, budget, seed)
        if not crosses:
            return plain
        parts = (*plain.parts, *(each.part for each in crosses))
        return TreeRows(
            encoding=join_parts(rows.schema, parts),
            parts=parts,
            blocks=(*plain.blocks, *(each.block for each in crosses)),
            count=plain.count,
            key=key,
        )

    return rows.memo.of(key, encode)


@dataclass(frozen=True)
class _Pair:
    """Two columns of categories."""

    left: Levels
    right: Levels

    @property
    def names(self) -> str:
        return f"{self.left.column!r} & {self.right.column!r}"

    @property
    def size(self) -> int:
        return self.left.size * self.right.size

    @property
    def codes(self) -> NDArray[np.int16]:
        return np.asarray(self.left.packed * np.int16(self.right.size) + self.right.packed)


@dataclass(frozen=True)
class _Cross:
    part: Part
    block: CodeBlock


def _crosses(rows: Rows, budget: Budget, seed: int) -> list[_Cross]:
    if len(rows) < FEWEST_ROWS or rows.task.kind == "multiclass":
        return []
    outcomes = outcomes_of(rows)
    outcomes = Outcomes(outcomes.values[:, -1:], outcomes.weight)
    fold = draw_folds(len(rows), seed=seed)
    return [_cross(pair, outcomes, fold) for pair in _choose(rows, outcomes, fold, budget)]


def _choose(rows: Rows, outcomes: Outcomes, fold: NDArray[np.int8], budget: Budget) -> list[_Pair]:
    """Return the pairs that gain most."""
    taken = some_of(len(rows))
    asked = Outcomes(outcomes.values[taken], outcomes.weight[taken])
    truth = centred(asked.values, asked.weight)
    alone: dict[str, Floats] = {}
    merits: dict[str, float] = {}
    found = {levels.column: levels for levels in _categories(rows)}
    for name, levels in found.items():
        require_time(budget)
        alone[name] = told(levels.packed[taken], asked, fold[taken], levels.size)
        merits[name] = explained([alone[name]], truth, asked.weight)
    best = sorted(found, key=lambda name: (-merits[name], name))[:_MOST_COLUMNS]
    gains: list[tuple[float, str, _Pair]] = []
    for pair in _pairs([found[name] for name in found if name in best]):
        require_time(budget)
        together = told(pair.codes[taken], asked, fold[taken], pair.size)
        apart = [alone[pair.left.column], alone[pair.right.column]]
        gain = explained([together], truth, asked.weight) - explained(apart, truth, asked.weight)
        if gain > _LEAST_GAIN:
            gains.append((-gain, pair.names, pair))
    return [pair for _, _, pair in sorted(gains, key=lambda each: each[:2])[:MAX_CROSSES]]


def _categories(rows: Rows) -> Iterator[Levels]:
    for column in rows.schema:
        if column.value_type == "string" and column.kind != Kind.TEXT:
            levels = levels_of(rows, column.name)
            if levels.varies:
                yield levels


def _pairs(columns: list[Levels]) -> Iterator[_Pair]:
    for left, right in combinations(columns, 2):
        pair = _Pair(left, right)
        if pair.size <= MAX_PAIR_CODES:
            yield pair


def _cross(pair: _Pair, outcomes: Outcomes, fold: NDArray[np.int8]) -> _Cross:
    both = SideBySide(
        inputs=(pair.left.step.output, pair.right.step.output), output=f"pair:{pair.names}"
    )
    code = Linear(
        inputs=(both.output,),
        output=f"cross:{pair.names}",
        weights=np.array([[float(pair.right.size)], [1.0]]),
        bias=np.zeros(1),
    )
    codes = pair.codes
    means: FoldMeans = fold_means(codes, outcomes, size=pair.size, fold=fold)
    table = CodeTable(
        inputs=(code.output,),
        output=f"crossed:{pair.names}",
        table=smoothed_means(codes, outcomes, size=pair.size),
    )
    steps = (pair.left.step, pair.right.step, both, code, table)
    part = Part(steps, table.output, (f"{pair.names} (mean of target)",))
    return _Cross(part, CodeBlock(table, codes, means))
