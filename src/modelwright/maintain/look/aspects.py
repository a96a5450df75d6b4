"""What is counted of a window beside the past, and how surprising each count is."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from modelwright.data.schema import Kind
from modelwright.maintain.log.live_rows import LiveRows
from modelwright.maintain.look.past import Tally
from modelwright.maintain.look.sketch import Sketch
from modelwright.maintain.look.tallies import BATCHES, COPIED, REPEATED
from modelwright.predictor.operations.base import Floats, Value
from modelwright.predictor.reference.grids import HOURS, Codes, Grid, gridded, joint, worth_of
from modelwright.predictor.reference.reference import answer_values
from modelwright.predictor.reference.surprise import surprises_together
from modelwright.predictor.reference.texts import Texts

ANSWERS = "(answers)"
_OF_FEED = frozenset({REPEATED, COPIED, BATCHES})
_WIDTHS = (3, 14)
_TRAINED = 2000
"""Rows that training counts for: it was long, but long ago."""


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
    def key(self) -> tuple[object, ...]:
        """What is equal where the same was counted."""
        history, now = np.asarray(self.history, float), np.asarray(self.now, float)
        return history.shape, history.tobytes(), now.tobytes()

    @property
    def share(self) -> float:
        """The share of the first bin now."""
        return _share(self.now)

    @property
    def usual_share(self) -> float:
        """The share of the first bin in the past."""
        return _share(self.history.sum(axis=0))


@dataclass(frozen=True)
class Counting:
    """Counts a window beside the past.

    Parameters
    ----------
    sketch
        The past.
    rows
        The window.
    tallies
        What was counted of the whole window.
    """

    sketch: Sketch
    rows: LiveRows
    tallies: Mapping[str, Tally]

    @cached_property
    def aspects(self) -> tuple[Aspect, ...]:
        """Everything that is counted."""
        return (*self._of_values(), *self._of_pairs(), *self._of_tallies())

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
        return {name: self.codes(name, grid) for name, grid in self.sketch.coarse.items()}

    def codes(self, name: str, grid: Grid) -> Codes:
        """Return the bin of each row of a column."""
        if name in self._texts:
            return grid.codes_of(self._texts[name])
        return grid.codes(self.values[name])

    @cached_property
    def _texts(self) -> dict[str, Texts]:
        return {name: Texts.of(self.values[name]) for name in self.sketch.texts}

    @cached_property
    def watched(self) -> Value:
        """The answers, as they are watched."""
        return answer_values(self.sketch.bundle.program.task, self.rows.answers)

    def _of_values(self) -> Iterator[Aspect]:
        sketch = self.sketch
        for name, grid in sketch.grids.items():
            if grid.bins > 1:
                codes, worth = self.codes(name, grid), sketch.persistences[name]
                if grid is HOURS:
                    # Of rows in the order of time hours are as few as they change.
                    worth = max(worth, self.kept * worth_of(codes, grid.bins))
                history = self._history(grid, sketch.codes[name]) / worth
                now = self._worth(grid.counts(codes), worth)
                yield Aspect("values", (name,), history, now)
        grid = sketch.answer_grid
        if grid.bins > 1:
            worth = sketch.persistence_of_answers
            history = self._history(grid, grid.codes(sketch.answers)) / worth
            now = self._worth(grid.counts(grid.codes(self.watched)), worth)
            yield Aspect("values", (ANSWERS,), history, now)

    def thinned(self, counts: NDArray[np.int64], name: str) -> Floats:
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
        """Count the pairs of a moment: its hours may shift where no column alone shows it."""
        sketch = self.sketch
        moments = {column.name for column in sketch.columns if column.kind == Kind.DATETIME}
        pairs = [pair for pair in sketch.pairs if moments & set(pair)]
        if not pairs:
            return
        counts = sketch.counted(self.coarse_codes)
        for one, other in pairs:
            bins, more = sketch.shape(one, other)
            place = sketch.paired[one], sketch.paired[other], slice(bins), slice(more)
            history = sketch.pair_counts[(slice(None), *place)].reshape(-1, bins * more)
            worth = self._worth_of_pair(one, other)
            now = self._worth(counts[place].ravel(), worth)
            yield Aspect("pair", (one, other), history / worth, now)

    def _worth_of_pair(self, one: str, other: str) -> float:
        return max(self.sketch.persistences[name] for name in (one, other))

    def of_pair(self, one: str, other: str, codes: dict[str, Codes]) -> Floats:
        counts = joint(codes[one], codes[other], self.sketch.shape(one, other))
        return self._worth(counts, self._worth_of_pair(one, other))

    def _trained(self, kind: str, name: str) -> Tally:
        """Return how many of some training rows miss a value, or have a level that is new."""
        counts = self.sketch.bundle.reference.columns[name].counts
        missing = counts[-1] / max(1, sum(counts)) if kind == "missing" else 0.0
        return round(_TRAINED * missing), round(_TRAINED * (1 - missing))

    def _of_tallies(self) -> Iterator[Aspect]:
        names = {column.name for column in self.sketch.columns}
        keys = tuple(self.tallies)
        before = np.stack([window.counts_of(keys) for window in self.sketch.past])
        for number, (key, now) in enumerate(self.tallies.items()):
            kind, _, name = key.partition(" ")
            if kind == "run":
                continue
            history = before[:, number]
            # A column may be called as a feed goes wrong: "rows", "batches".
            of_column = name in names and key not in _OF_FEED
            if of_column and kind in ("missing", "unseen"):
                history = np.concatenate([[self._trained(kind, name)], history])
            yield Aspect(
                kind if of_column else key, (name,) if of_column else (), history, np.array(now)
            )


def surprises_of(aspects: Sequence[Aspect]) -> Floats:
    """Return the logarithm of the e-value of each aspect."""
    found = np.zeros(len(aspects))
    widths = np.digitize([len(aspect.now) for aspect in aspects], _WIDTHS)
    # Those of few bins are many, and would be filled up to the widest.
    for width in range(len(_WIDTHS) + 1):
        numbers = np.flatnonzero(widths == width)
        if len(numbers):
            # Of the narrow ones many are the same: nothing is missing anywhere.
            surprises = _surprises_of if width else _surprises_of_alike
            found[numbers] = surprises([aspects[number] for number in numbers.tolist()])
    return found


def _surprises_of_alike(aspects: Sequence[Aspect]) -> Floats:
    """Return the surprises of aspects, each different one computed once."""
    places = dict[tuple[object, ...], int]()
    numbers = [places.setdefault(each.key, len(places)) for each in aspects]
    _, firsts = np.unique(numbers, return_index=True)
    return _surprises_of([aspects[first] for first in firsts.tolist()])[numbers]


def _surprises_of(aspects: Sequence[Aspect]) -> Floats:
    return surprises_together([each.history for each in aspects], [each.now for each in aspects])


def _share(counts: NDArray[Any]) -> float:
    return float(counts[0] / counts.sum()) if counts.sum() else 0.0
