"""A sketch of the past: the grids of its columns, the codes of its rows, the pairs that depend."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from modelwright.data.schema import Column, Kind
from modelwright.maintain.look.past import PastWindow
from modelwright.maintain.look.tallies import used_columns
from modelwright.predictor.bundle import Bundle
from modelwright.predictor.operations.base import Floats, Value
from modelwright.predictor.reference.grids import (
    BINS,
    COARSE,
    HOURS,
    Codes,
    Grid,
    Ordered,
    grid_of,
    grid_of_numbers,
    grid_of_texts,
    gridded,
    worth_of,
)
from modelwright.predictor.reference.pairs import count_pairs, dependences
from modelwright.predictor.reference.reference import answer_values
from modelwright.predictor.reference.texts import Texts
from modelwright.tasks.row_losses import level_of

_MOST_PAIRS = 30
_MOST_PAIRED = 16
_LEAST_DEPENDENCE = 0.02
"""Nats below which a pair says nothing that its columns do not say."""


@dataclass(frozen=True)
class Sketch:
    """What is known of the past: grids, the codes of its rows, and pairs that depend on each other.

    Parameters
    ----------
    columns
        Those that the model reads.
    past
        The accepted windows, the oldest first.
    """

    bundle: Bundle
    past: tuple[PastWindow, ...]

    @cached_property
    def columns(self) -> tuple[Column, ...]:
        """The features that the model reads."""
        return used_columns(self.bundle)

    @cached_property
    def starts(self) -> list[int]:
        """Where each window but the first begins among the rows."""
        return list(np.cumsum([len(window.losses) for window in self.past])[:-1])

    @cached_property
    def windows(self) -> NDArray[np.int64]:
        """The number of the window of each row."""
        lengths = [len(window.losses) for window in self.past]
        return np.repeat(np.arange(len(lengths)), lengths)

    @cached_property
    def values(self) -> dict[str, Value]:
        """What of each column is put on a grid, all windows together."""
        return {
            column.name: gridded(
                column, np.concatenate([window.columns[column.name] for window in self.past])
            )
            for column in self.columns
        }

    @cached_property
    def losses(self) -> Floats:
        """Of all rows; NaN where no label is known."""
        return np.concatenate([window.losses for window in self.past])

    @cached_property
    def level(self) -> tuple[float, float] | None:
        """The logarithm of the mean loss of all rows and its error; None for few labels."""
        return level_of(self.losses)

    @cached_property
    def residuals(self) -> Floats:
        """Of all rows; NaN where no label is known."""
        return np.concatenate([window.residuals for window in self.past])

    @cached_property
    def texts(self) -> dict[str, Texts]:
        """The columns that have a bin for each level, all windows together."""
        return {
            name: Texts.together([window.texts[name] for window in self.past])
            for name, values in self.values.items()
            if values.dtype == object
        }

    @cached_property
    def grids(self) -> dict[str, Grid]:
        """The bins of each column."""
        return {
            column.name: HOURS
            if column.kind == Kind.DATETIME
            else self._grid(column.name, bins=BINS)
            for column in self.columns
        }

    @cached_property
    def coarse(self) -> dict[str, Grid]:
        """Fewer bins of each column, for pairs."""
        return {name: self._grid(name, bins=COARSE) for name in self.values}

    def _grid(self, name: str, *, bins: int) -> Grid:
        if name in self.texts:
            return grid_of_texts(self.texts[name], bins=bins)
        return grid_of_numbers(self._ordered[name], bins=bins)

    @cached_property
    def _ordered(self) -> dict[str, Ordered]:
        numbers = (each for each in self.values.items() if each[0] not in self.texts)
        return {name: Ordered.of(values) for name, values in numbers}

    @cached_property
    def codes(self) -> dict[str, Codes]:
        """The bin of each row by column."""
        return {name: self._codes(name, grid) for name, grid in self.grids.items()}

    @cached_property
    def coarse_codes(self) -> dict[str, Codes]:
        """The coarse bin of each row by column."""
        return {name: self._codes(name, grid) for name, grid in self.coarse.items()}

    def _codes(self, name: str, grid: Grid) -> Codes:
        if name in self.texts:
            return grid.codes_of(self.texts[name])
        return grid.codes(self.values[name])

    @cached_property
    def answers(self) -> Value:
        """The answers, as they are watched."""
        given = np.concatenate([window.answers for window in self.past])
        return answer_values(self.bundle.program.task, given)

    @cached_property
    def answer_grid(self) -> Grid:
        """The bins of the answers."""
        return grid_of(self.answers, bins=BINS)

    @cached_property
    def paired(self) -> dict[str, int]:
        """The number of each column that pairs are made of."""
        return {column.name: at for at, column in enumerate(self.columns[:_MOST_PAIRED])}

    @cached_property
    def pair_counts(self) -> Floats:
        """Rows per pair of coarse bins, (windows, columns, columns, bins, bins)."""
        return self._counted(self.coarse_codes, self.starts)

    def counted(self, codes: Mapping[str, Codes]) -> Floats:
        """Count rows per pair of coarse bins, (columns, columns, bins, bins)."""
        return np.asarray(self._counted(codes)[0])

    def _counted(self, codes: Mapping[str, Codes], starts: Sequence[int] = ()) -> Floats:
        width = max((self.coarse[name].bins for name in self.paired), default=1)
        rows = [codes[name] for name in self.paired]
        return count_pairs(
            np.stack(rows) if rows else np.empty((0, 0), dtype=np.int64), starts, width=width
        )

    @cached_property
    def _dependences(self) -> dict[tuple[str, str], float]:
        """How much the columns of each pair tell of each other, in nats; all pairs in one count."""
        tables = self.pair_counts.sum(axis=0, dtype=np.float64)
        bins = np.array([self.coarse[name].bins for name in self.paired])
        # What chance makes of independent columns, on average (Miller, 1955).
        rows = np.maximum(1.0, tables.sum(axis=(2, 3)))
        strengths = dependences(tables) - np.outer(bins - 1, bins - 1) / (2 * rows)
        return {
            (one, other): float(strengths[self.paired[one], self.paired[other]])
            for one, other in combinations(self.paired, 2)
            if min(self.shape(one, other)) > 1
        }

    @cached_property
    def pairs(self) -> dict[tuple[str, str], float]:
        """The pairs of columns that depend on each other most, with how much, in nats."""
        strengths = self._dependences
        strong = [pair for pair, found in strengths.items() if found >= _LEAST_DEPENDENCE]
        ordered = sorted(strong, key=strengths.__getitem__, reverse=True)[:_MOST_PAIRS]
        return {pair: strengths[pair] for pair in ordered}

    @cached_property
    def persistences(self) -> dict[str, float]:
        """How many rows of each column are worth one, because neighbours are alike."""
        return {name: worth_of(self.codes[name], grid.bins) for name, grid in self.grids.items()}

    @cached_property
    def persistence_of_answers(self) -> float:
        """The same of the answers."""
        return worth_of(self.answer_grid.codes(self.answers), self.answer_grid.bins)

    def shape(self, one: str, other: str) -> tuple[int, int]:
        """Return how many coarse bins two columns have."""
        return self.coarse[one].bins, self.coarse[other].bins
