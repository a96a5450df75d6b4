"""A program laid out for languages without arrays of arrays: calls on places in lists.

Numbers of a row stand side by side in one list; each value of the program has a place in it. Each
step becomes a call of a function that every language's runtime has, under the operation's name.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np

from modelwright.data.schema import Column, Kind
from modelwright.data.values.cells import missing_numbers_of, missing_tokens_of
from modelwright.predictor.bundle import Bundle
from modelwright.predictor.emitters.coverage_layout import CoverageLayout, lay_out_coverage
from modelwright.predictor.emitters.folding_layout import FoldingLayout, lay_out_folding
from modelwright.predictor.emitters.tables import Tables
from modelwright.predictor.emitters.tree_nodes import tree_nodes
from modelwright.predictor.operations.activation import Activation
from modelwright.predictor.operations.answers import Blend, Clip, Isotonic, Link, ScaleLogits
from modelwright.predictor.operations.categories import (
    FIRST_LEVEL_CODE,
    RARE_CODE,
    Codes,
    CodeTable,
)
from modelwright.predictor.operations.curves import Curves
from modelwright.predictor.operations.dates import DateParts
from modelwright.predictor.operations.linear import Constant, Linear
from modelwright.predictor.operations.numbers import Impute, Scale, SmoothClip
from modelwright.predictor.operations.ramps import Ramps
from modelwright.predictor.operations.text import TokenWeights
from modelwright.predictor.operations.trees import Trees
from modelwright.predictor.program import Step, column_value

Parameter: TypeAlias = int | float | bool

DATE_PARTS = (
    "year", "month", "day", "weekday", "day_of_year", "hour", "minute", "epoch_day",
)  # fmt: skip
"""A part of a date is written as its place here."""


@dataclass(frozen=True, slots=True)
class Slot:
    """Where a value's numbers stand, and how many there are; of a text or a moment, which it is."""

    place: int
    width: int


@dataclass(frozen=True, slots=True)
class Call:
    """A step: what it reads, what it writes, and its parameters.

    Parameters
    ----------
    operation
        The function's name.
    reads, writes
        Places among the numbers; for ``codes``, ``token_weights`` and ``date_parts`` the number of
        the text or of the moment is read.
    parameters
        In the order of the function's own; tables by the place where they begin.
    """

    operation: str
    reads: tuple[Slot, ...]
    writes: Slot
    parameters: tuple[Parameter, ...] = ()


@dataclass(frozen=True, slots=True)
class Cell:
    """A column that the program reads.

    Parameters
    ----------
    column
        Of the schema.
    place
        Among the columns of its type: numbers, texts, or moments.
    missing
        A number's: where the numbers that stand for missing begin; a text's: the dictionary of the
        texts that do.
    count
        How many such numbers there are.
    """

    column: Column
    place: int
    missing: int
    count: int = 0

    @property
    def is_coded(self) -> bool:
        """Whether ``1.0`` is read as ``1``."""
        return self.column.kind == Kind.CODED


@dataclass(frozen=True)
class Layout:
    """A program as calls.

    Parameters
    ----------
    cells
        The columns that it reads, in its order.
    calls
        Its steps.
    width
        Numbers of a row in all; those of the columns come first.
    answer
        Where the answer stands.
    coverage
        Of the answers; None where none is stated.
    folding
        Of characters; None where no text is weighed.
    tables
        What the parameters refer to.
    """

    cells: tuple[Cell, ...]
    calls: tuple[Call, ...]
    width: int
    answer: Slot
    coverage: CoverageLayout | None
    folding: FoldingLayout | None
    tables: Tables

    @property
    def operations(self) -> frozenset[str]:
        """The names of the functions that are called."""
        return frozenset(call.operation for call in self.calls)

    def cells_of(self, value_type: str) -> tuple[Cell, ...]:
        """Return the columns of one type."""
        return tuple(cell for cell in self.cells if cell.column.value_type == value_type)


def lay_out(bundle: Bundle) -> Layout:
    """Return the calls of a bundle's program."""
    tables = Tables()
    program = bundle.program
    columns = [bundle.schema[each.name] for each in program.inputs]
    cells = _cells(columns, tables)
    slots = {column_value(cell.column.name): Slot(cell.place, 1) for cell in cells}
    width = sum(cell.column.value_type == "number" for cell in cells)
    calls = []
    for step in program.steps:
        reads = tuple(slots[name] for name in step.inputs)
        writes = Slot(width, step.check(tuple(slot.width for slot in reads)))
        slots[step.output] = writes
        width += writes.width
        calls.append(_call(step, reads, writes, tables))
    stated = program.coverage
    weighs = any(isinstance(step, TokenWeights) for step in program.steps)
    return Layout(
        cells=cells,
        calls=tuple(calls),
        width=width,
        answer=slots[program.answer],
        coverage=None if stated is None else lay_out_coverage(stated, tables),
        folding=lay_out_folding(tables) if weighs else None,
        tables=tables,
    )


def _cells(columns: list[Column], tables: Tables) -> tuple[Cell, ...]:
    places: dict[str, int] = {}
    cells = []
    for column in columns:
        place = places.get(column.value_type, 0)
        places[column.value_type] = place + 1
        cells.append(_cell(column, place, tables))
    return tuple(cells)


def _cell(column: Column, place: int, tables: Tables) -> Cell:
    if column.value_type == "string":
        tokens = sorted(missing_tokens_of(column))
        return Cell(column, place, tables.dictionary(tokens, np.zeros(len(tokens))))
    if column.value_type == "number":
        numbers = np.array(sorted(missing_numbers_of(column)))
        return Cell(column, place, tables.doubles(numbers) if len(numbers) else 0, len(numbers))
    return Cell(column, place, 0)


def _call(step: Step, reads: tuple[Slot, ...], writes: Slot, tables: Tables) -> Call:
    operation = step.kind if isinstance(step, Link | Activation) else step.__struct_config__.tag
    find = _PARAMETERS.get(type(step))
    parameters = () if find is None else find(step, tables)
    return Call(str(operation), reads, writes, parameters)


def _codes(step: Codes, tables: Tables) -> tuple[Parameter, ...]:
    numbers = [RARE_CODE] * len(step.rare)
    numbers += range(FIRST_LEVEL_CODE, FIRST_LEVEL_CODE + len(step.levels))
    return (tables.dictionary((*step.rare, *step.levels), np.array(numbers, dtype=np.int32)),)


def _token_weights(step: TokenWeights, tables: Tables) -> tuple[Parameter, ...]:
    return (
        tables.dictionary(step.vocabulary, np.arange(len(step.vocabulary))),
        step.analyzer == "character",
        *step.lengths,
        tables.doubles(step.rarity),
        tables.doubles(step.weights),
    )


def _trees(step: Trees, tables: Tables) -> tuple[Parameter, ...]:
    nodes = tree_nodes(step)
    wide = step.leaves.shape[1] > 1
    # A node's two whole numbers stand side by side: they are read together.
    asked = np.stack([nodes.asks, nodes.right], axis=1)
    outputs = step.outputs if len(step.base) > 1 and not wide else np.zeros(len(step.roots))
    return (
        step.comparison == "<",
        len(step.roots),
        tables.wholes(nodes.roots),
        tables.wholes(outputs),
        tables.wholes(asked),
        tables.doubles(nodes.number),
        tables.doubles(step.leaves) if wide else -1,
        tables.doubles(step.base),
        step.scale,
    )


_PARAMETERS: Mapping[type[Step], Callable[[Any, Tables], tuple[Parameter, ...]]] = {
    Impute: lambda step, tables: (tables.doubles(step.fill),),
    Scale: lambda step, tables: (
        tables.doubles(step.center),
        tables.doubles(step.scale),
        step.limit,
    ),
    SmoothClip: lambda step, _: (step.limit,),
    Ramps: lambda step, tables: (
        tables.wholes(step.source),
        tables.doubles(step.start),
        tables.doubles(step.length),
    ),
    DateParts: lambda step, tables: (
        tables.wholes(np.array([DATE_PARTS.index(part) for part in step.parts])),
    ),
    Codes: _codes,
    CodeTable: lambda step, tables: (tables.doubles(step.table), len(step.table)),
    TokenWeights: _token_weights,
    Constant: lambda step, tables: (tables.doubles(step.answer),),
    Linear: lambda step, tables: (tables.doubles(step.weights), tables.doubles(step.bias)),
    Curves: lambda step, tables: (
        tables.wholes(step.sizes),
        tables.doubles(step.knots),
        tables.doubles(step.heights),
        tables.doubles(step.missing),
    ),
    Trees: _trees,
    Clip: lambda step, _: (
        -np.inf if step.low is None else step.low,
        np.inf if step.high is None else step.high,
    ),
    Blend: lambda step, _: step.weights,
    ScaleLogits: lambda step, tables: (step.slope, tables.doubles(step.bias)),
    Isotonic: lambda step, tables: (tables.doubles(step.x), tables.doubles(step.y), len(step.x)),
}
"""The parameters of each operation's function; operations without any are not named."""
