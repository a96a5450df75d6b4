"""A look at a window: everything that is counted of it, and how surprising each count is."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations
from typing import Any

import numpy as np
from numpy.typing import NDArray

from modelwright.data.schema import Column, Kind
from modelwright.maintain.grids import (
    BINS,
    COARSE,
    HOURS,
    Codes,
    Grid,
    grid_of,
    gridded,
    joint,
    persistence,
)
from modelwright.maintain.live_rows import LiveRows
from modelwright.maintain.misses import Misses
from modelwright.maintain.pairs import count_pairs, dependences
from modelwright.maintain.past import PastWindow, Tally
from modelwright.maintain.surprise import log_surprises
from modelwright.maintain.tallies import used_columns
from modelwright.predictor.bundle import Bundle
from modelwright.predictor.operations.base import Floats, Value
from modelwright.predictor.reference import answer_values

ANSWERS = "(answers)"
_MOST_PAIRS = 30
_NARROW = 2
_MOST_PAIRED = 16
PERSISTENT = 1.5
"""Below this, rows count as independent."""
_TRAINED = 2000
"""Rows that training counts for: it was long, but long ago."""
_LEAST_DEPENDENCE = 0.02
"""Nats below which a pair says nothing that its columns do not say."""


@dataclass(frozen=True)
class Aspect:
    """Something that is counted of each window.

    Parameters
    ----------
    kind
        ``"values"``, ``"pair"``, ``"missing"``, ``"unseen"``, ``"repeated rows"`` or
        ``"labelled"``.
    columns
        Of which columns.
    history : ndarray of shape (windows, bins)
        Rows per bin in the past.
    now : ndarray of shape (bins,)
        Rows per bin in the window.
    """

    kind: str
    columns: tuple[str, ...]
    history: NDArray[Any]
    now: NDArray[Any]

    @property
    def share(self) -> float:
        """The share of the first bin now."""
        return _share(self.now)

    @property
    def usual_share(self) -> float:
        """The share of the first bin in the past."""
        return _share(self.history.sum(axis=0))


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
    def residuals(self) -> Floats:
        """Of all rows; NaN where no label is known."""
        return np.concatenate([window.residuals for window in self.past])

    @cached_property
    def grids(self) -> dict[str, Grid]:
        """The bins of each column."""
        return {
            column.name: HOURS
            if column.kind == Kind.DATETIME
            else grid_of(self.values[column.name], bins=BINS)
            for column in self.columns
        }

    @cached_property
    def coarse(self) -> dict[str, Grid]:
        """Fewer bins of each column, for pairs."""
        return {name: grid_of(values, bins=COARSE) for name, values in self.values.items()}

    @cached_property
    def codes(self) -> dict[str, Codes]:
        """The bin of each row by column."""
        return {name: grid.codes(self.values[name]) for name, grid in self.grids.items()}

    @cached_property
    def coarse_codes(self) -> dict[str, Codes]:
        """The coarse bin of each row by column."""
        return {name: grid.codes(self.values[name]) for name, grid in self.coarse.items()}

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
        ends = [*self.starts, len(self.losses)]
        return np.stack(
            [
                self.counted({name: self.coarse_codes[name][start:end] for name in self.paired})
                for start, end in zip([0, *self.starts], ends, strict=True)
            ]
        )

    def counted(self, codes: Mapping[str, Codes]) -> Floats:
        """Count rows per pair of coarse bins, (columns, columns, bins, bins)."""
        width = max((self.coarse[name].bins for name in self.paired), default=1)
        columns = [(codes[name], self.coarse[name].bins) for name in self.paired]
        return count_pairs(columns, width=width)

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
        return {
            name: self._persistence(self.codes[name], grid) for name, grid in self.grids.items()
        }

    @cached_property
    def persistence_of_answers(self) -> float:
        """The same of the answers."""
        return self._persistence(self.answer_grid.codes(self.answers), self.answer_grid)

    def _persistence(self, codes: Codes, grid: Grid) -> float:
        found = persistence(codes, grid.bins)
        return found if found >= PERSISTENT else 1.0

    def shape(self, one: str, other: str) -> tuple[int, int]:
        """Return how many coarse bins two columns have."""
        return self.coarse[one].bins, self.coarse[other].bins


@dataclass(frozen=True)
class Look:
    """A window beside the past.

    Parameters
    ----------
    sketch
        The past.
    rows
        The window.
    misses
        How far its answers were from what came true.
    tallies
        What was counted of the whole window.
    """

    sketch: Sketch
    rows: LiveRows
    misses: Misses
    tallies: dict[str, Tally]

    @property
    def bundle(self) -> Bundle:
        """The model."""
        return self.sketch.bundle

    @property
    def losses(self) -> Floats:
        """Of all rows; NaN where no label is known."""
        return self.misses.losses

    @cached_property
    def values(self) -> dict[str, Value]:
        """What of each column is put on a grid."""
        return {
            column.name: gridded(column, self.rows.columns[column.name])
            for column in self.sketch.columns
        }

    @cached_property
    def coarse_codes(self) -> dict[str, Codes]:
        """The coarse bin of each row by column."""
        return {name: grid.codes(self.values[name]) for name, grid in self.sketch.coarse.items()}

    @cached_property
    def watched(self) -> Value:
        """The answers, as they are watched."""
        return answer_values(self.bundle.program.task, self.rows.answers)

    @cached_property
    def aspects(self) -> tuple[Aspect, ...]:
        """Everything that is counted."""
        return (*self._of_values(), *self._of_pairs(), *self._of_tallies())

    @property
    def bets(self) -> int:
        """Among how many bets the half that is for columns is shared out; one is for stale rows."""
        return len(self.aspects) + len(self.sketch.columns) + 1

    @cached_property
    def surprises(self) -> Floats:
        """The logarithm of the e-value of each aspect."""
        found = np.zeros(len(self.aspects))
        narrow = np.array([len(aspect.now) <= _NARROW for aspect in self.aspects])
        # Those of two bins are many, and would be filled up to the widest.
        for numbers in (np.flatnonzero(narrow), np.flatnonzero(~narrow)):
            if len(numbers):
                found[numbers] = _surprises_of([self.aspects[number] for number in numbers])
        return found

    def surprise(self, kind: str, *columns: str) -> float:
        """Return the logarithm of an aspect's e-value; 0 where it is not counted."""
        found = self._numbers.get((kind, columns))
        return 0.0 if found is None else float(self.surprises[found])

    def aspect(self, kind: str, *columns: str) -> Aspect | None:
        """Return an aspect; None where it is not counted."""
        found = self._numbers.get((kind, columns))
        return None if found is None else self.aspects[found]

    def recount(self, name: str, values: Value) -> float:
        """Return how surprising a column were with other values, as a logarithm."""
        aspect = self.aspect("values", name)
        if aspect is None:
            return 0.0
        grid = self.sketch.grids[name]
        now = self._thinned(grid.counts(grid.codes(values)), name)
        return float(log_surprises(aspect.history[None], now[None])[0])

    def recount_pair(self, name: str, other: str, values: Value) -> float:
        """Return how surprising a pair were if one of its columns had other values."""
        pair = (name, other) if (name, other) in self.sketch.pairs else (other, name)
        aspect = self.aspect("pair", *pair)
        if aspect is None:
            return 0.0
        codes = {**self.coarse_codes, name: self.sketch.coarse[name].codes(values)}
        now = self._of_pair(*pair, codes)
        return float(log_surprises(aspect.history[None], now[None])[0])

    @cached_property
    def _numbers(self) -> dict[tuple[str, tuple[str, ...]], int]:
        return {(each.kind, each.columns): number for number, each in enumerate(self.aspects)}

    def _of_values(self) -> Iterator[Aspect]:
        sketch = self.sketch
        for name, grid in sketch.grids.items():
            if grid.bins > 1:
                now = self._thinned(grid.counts(grid.codes(self.values[name])), name)
                history = self._history(grid, sketch.codes[name]) / sketch.persistences[name]
                yield Aspect("values", (name,), history, now)
        grid = sketch.answer_grid
        if grid.bins > 1:
            worth = sketch.persistence_of_answers
            history = self._history(grid, grid.codes(sketch.answers)) / worth
            now = self._worth(grid.counts(grid.codes(self.watched)), worth)
            yield Aspect("values", (ANSWERS,), history, now)

    def _thinned(self, counts: NDArray[np.int64], name: str) -> Floats:
        return self._worth(counts, self.sketch.persistences[name])

    def _worth(self, counts: NDArray[Any], persistence: float) -> Floats:
        """Count neighbours that are alike as fewer rows; the past kept some of its rows only."""
        if persistence == 1.0:
            return counts.astype(np.float64)
        return np.asarray(counts * (self.kept / persistence), dtype=np.float64)

    @property
    def kept(self) -> float:
        """Which part of the rows of a window like this the past keeps."""
        return min(1.0, len(self.sketch.past[-1].losses) / max(1, len(self.rows)))

    def _history(self, grid: Grid, codes: Codes) -> NDArray[np.int64]:
        return self._by_window(codes, grid.bins)

    def _by_window(self, codes: Codes, bins: int) -> NDArray[np.int64]:
        """Count the rows of each past window per bin, (windows, bins); missing ones are left."""
        windows = len(self.sketch.past)
        flat = self.sketch.windows * (bins + 1) + codes + 1
        counted = np.bincount(flat, minlength=windows * (bins + 1))
        return counted.reshape(windows, bins + 1)[:, 1:]

    def _of_pairs(self) -> Iterator[Aspect]:
        sketch = self.sketch
        counts = sketch.counted(self.coarse_codes)
        for one, other in sketch.pairs:
            bins, more = sketch.shape(one, other)
            place = sketch.paired[one], sketch.paired[other], slice(bins), slice(more)
            history = sketch.pair_counts[(slice(None), *place)].reshape(-1, bins * more)
            worth = self._worth_of_pair(one, other)
            now = self._worth(counts[place].ravel(), worth)
            yield Aspect("pair", (one, other), history / worth, now)

    def _worth_of_pair(self, one: str, other: str) -> float:
        return max(self.sketch.persistences[name] for name in (one, other))

    def _of_pair(self, one: str, other: str, codes: dict[str, Codes]) -> Floats:
        counts = joint(codes[one], codes[other], self.sketch.shape(one, other))
        return self._worth(counts, self._worth_of_pair(one, other))

    def _trained(self, kind: str, name: str) -> Tally:
        """Return how many of some training rows miss a value, or have a level that is new."""
        counts = self.bundle.reference.columns[name].counts
        missing = counts[-1] / max(1, sum(counts)) if kind == "missing" else 0.0
        return round(_TRAINED * missing), round(_TRAINED * (1 - missing))

    def _of_tallies(self) -> Iterator[Aspect]:
        names = {column.name for column in self.sketch.columns}
        for key, now in self.tallies.items():
            kind, _, name = key.partition(" ")
            if kind == "run":
                continue
            history = np.array([window.tallies.get(key, (0, 0)) for window in self.sketch.past])
            of_column = name in names
            if of_column and kind in ("missing", "unseen"):
                history = np.concatenate([[self._trained(kind, name)], history])
            yield Aspect(
                kind if of_column else key, (name,) if of_column else (), history, np.array(now)
            )


def _surprises_of(aspects: Sequence[Aspect]) -> Floats:
    """Return the surprises of aspects, of which some have fewer bins or windows than others."""
    widest = max(len(aspect.now) for aspect in aspects)
    longest = max(len(aspect.history) for aspect in aspects)
    history = np.full((len(aspects), longest, widest), -1.0)
    now = np.full((len(aspects), widest), -1.0)
    for number, aspect in enumerate(aspects):
        bins = len(aspect.now)
        # Windows without rows come before the others: they say nothing.
        history[number, :, :bins] = 0.0
        history[number, longest - len(aspect.history) :, :bins] = aspect.history
        now[number, :bins] = aspect.now
    return log_surprises(history, now)


def _share(counts: NDArray[Any]) -> float:
    return float(counts[0] / counts.sum()) if counts.sum() else 0.0
