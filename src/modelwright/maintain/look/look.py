"""A look at a window: everything that is counted of it, and how surprising each count is."""

from dataclasses import dataclass
from functools import cached_property
from math import ceil

import numpy as np

from modelwright.maintain.log.live_rows import LiveRows
from modelwright.maintain.look.aspects import Aspect, Counting, surprises_of
from modelwright.maintain.look.misses import Misses
from modelwright.maintain.look.past import Tally
from modelwright.maintain.look.sketch import Sketch
from modelwright.predictor.bundle import Bundle
from modelwright.predictor.operations.base import Floats, Value
from modelwright.predictor.reference.grids import Codes
from modelwright.predictor.reference.surprise import log_surprises
from modelwright.tasks.row_losses import level_of

TOGETHER = 0.2
"""The part of what may be bet on columns that is bet on rows and truths together."""
_OF_FEED = 0.02
"""The part that is bet on each of the six ways in which a feed goes wrong as a whole: rows that
come again (four), are stale or lack their labels. They are as likely however many columns are."""
_WAYS = 6


@dataclass(frozen=True, eq=False)
class Look:
    """A window beside the past; equal to itself alone, so that what is found of it is found once.

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
    def level(self) -> tuple[float, float] | None:
        """The logarithm of the mean loss and its error; None for few labels."""
        return level_of(self.losses)

    @cached_property
    def _counting(self) -> Counting:
        return Counting(self.sketch, self.rows, self.tallies)

    @property
    def values(self) -> dict[str, Value]:
        """What of each column is put on a grid."""
        return self._counting.values

    @property
    def coarse_codes(self) -> dict[str, Codes]:
        """The coarse bin of each row by column."""
        return self._counting.coarse_codes

    @property
    def watched(self) -> Value:
        """The answers, as they are watched."""
        return self._counting.watched

    @property
    def kept(self) -> float:
        """Which part of the rows of a window like this the past keeps."""
        return self._counting.kept

    @property
    def aspects(self) -> tuple[Aspect, ...]:
        """Everything that is counted."""
        return self._counting.aspects

    @property
    def bets(self) -> int:
        """Among how many bets what is for columns is shared out: one is for stale rows.

        `TOGETHER` of it is for rows and truths together, and a part for the feed: a part of a bet
        is a whole one, so that no more is bet than there is.
        """
        of_columns = len(self.aspects) + len(self.sketch.columns) + 1
        return ceil(of_columns / (1.0 - TOGETHER - _WAYS * _OF_FEED))

    def of_feed(self, least: float) -> float:
        """Return the evidence that is asked for where a feed goes wrong as a whole.

        Parameters
        ----------
        least
            What is asked for of a column, as a logarithm.
        """
        return least - max(0.0, float(np.log(self.bets * _OF_FEED)))

    @cached_property
    def surprises(self) -> Floats:
        """The logarithm of the e-value of each aspect."""
        return surprises_of(self.aspects)

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
        now = self._counting.thinned(grid.counts(grid.codes(values)), name)
        return float(log_surprises(aspect.history[None], now[None])[0])

    def recount_pair(self, name: str, other: str, values: Value) -> float:
        """Return how surprising a pair were if one of its columns had other values."""
        pair = (name, other) if (name, other) in self.sketch.pairs else (other, name)
        aspect = self.aspect("pair", *pair)
        if aspect is None:
            return 0.0
        codes = {**self.coarse_codes, name: self.sketch.coarse[name].codes(values)}
        now = self._counting.of_pair(*pair, codes)
        return float(log_surprises(aspect.history[None], now[None])[0])

    @cached_property
    def _numbers(self) -> dict[tuple[str, tuple[str, ...]], int]:
        return {(each.kind, each.columns): number for number, each in enumerate(self.aspects)}
