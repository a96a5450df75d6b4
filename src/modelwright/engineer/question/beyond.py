"""Rows of the question's table that were not drawn, as build reads them."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from modelwright.data.pieces.others import Others
from modelwright.data.prepare import prepare
from modelwright.data.schema import Schema
from modelwright.data.splitting.portions import Portions
from modelwright.data.splitting.splits import Split

_NUMBERS = 2
"""A stream of the seed, beside those of holdout and folds."""
_CHECKED_ROWS, _CHECKED_TIMES = 200_000, 2
"""Set aside at most, also in times the sample's rows: a small memory holds a small sample, and what
is set aside is held whole beside it."""
_CHECKED_SHARE = 0.1
_PREPARING = 2.0
"""Reading and typing rows, in times what reading them takes."""


@dataclass(frozen=True)
class Beyond:
    """Rows beyond the sample, divided as it was.

    Parameters
    ----------
    others
        Where they are read.
    portions
        What each is for.
    schema
        Of the plan, with its features of related tables.
    seed
        Of the split.
    memory_bytes
        What the process may take.
    widen
        Adds the features of related tables.
    """

    others: Others
    portions: Portions
    schema: Schema
    seed: int
    memory_bytes: int
    widen: Callable[[pl.DataFrame], pl.DataFrame]

    @classmethod
    def of(
        cls,
        others: Others,
        sample: pl.DataFrame,
        held: NDArray[np.bool_],
        *,
        split: Split,
        schema: Schema,
        memory_bytes: int,
        widen: Callable[[pl.DataFrame], pl.DataFrame],
    ) -> "Beyond":
        """Divide others as a sample was.

        Parameters
        ----------
        others, memory_bytes, widen
            As above.
        sample, held
            The prepared sample, and which of its rows are the holdout.
        split, schema
            The plan's.
        """
        most = min(_CHECKED_ROWS, _CHECKED_TIMES * sample.height)
        check = min(_CHECKED_SHARE, most / max(1, others.rows))
        portions = Portions.of(sample, held, split, check=check)
        return cls(others, portions, schema, split.seed, memory_bytes, widen)

    @property
    def rows(self) -> int:
        """How many there are."""
        return self.others.rows

    @property
    def reading_s(self) -> float:
        """About what reading all of them takes, in seconds."""
        return _PREPARING * self.others.reading_s

    def pieces(self) -> Iterator[tuple[pl.DataFrame, NDArray[np.int8]]]:
        """Yield prepared rows, and what each is for."""
        random = np.random.default_rng([self.seed, _NUMBERS])
        for frame in self.others.frames():
            rows = prepare(self.widen(frame), self.schema)
            yield rows, self.portions.divide(rows, random.random(rows.height))
