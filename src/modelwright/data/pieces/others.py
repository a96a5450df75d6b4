"""The rows of a table that were not drawn, read again as a stream."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from modelwright.data.pieces.base import Mark, Pieces
from modelwright.data.sources.columns import settle
from modelwright.errors import SourceError

SEED = 0
"""Of the numbers by which rows are drawn."""


@dataclass(frozen=True)
class Others:
    """What a draw left behind.

    The same random numbers say again which rows were drawn. Those are compared with what they were:
    a table that has changed since, or whose rows come in another order, is refused.

    Parameters
    ----------
    pieces
        The table.
    bound
        Rows with a random number below it were drawn.
    prints : ndarray of shape (drawn rows,)
        A number for each row that was drawn, by its values.
    rows
        How many were not drawn.
    reading_s
        Seconds that reading the table took.
    """

    pieces: Pieces
    bound: float
    prints: NDArray[np.uint64]
    rows: int
    reading_s: float = 0.0

    def frames(self) -> Iterator[pl.DataFrame]:
        """Yield them in the order of the table.

        Raises
        ------
        SourceError
            When the table is no longer what it was.
        """
        random, met = np.random.default_rng(SEED), 0
        for piece in self.pieces.after(Mark()):
            frame = piece.read()
            drawn = pl.Series(random.random(frame.height) < self.bound)
            prints = prints_of(frame.filter(drawn))
            if not np.array_equal(prints, self.prints[met : met + len(prints)]):
                raise self._changed()
            met += len(prints)
            yield settle(frame.filter(~drawn))[0]
        if met != len(self.prints):
            raise self._changed()

    def _changed(self) -> SourceError:
        return SourceError(
            f"{self.pieces.address} is no longer what it was when its rows were drawn, or they "
            "come in another order.",
            "Let it rest while it is learned from; of a database, name a query with ORDER BY.",
        )


def prints_of(frame: pl.DataFrame) -> NDArray[np.uint64]:
    """Return a number for each row, the same wherever its values are.

    Examples
    --------
    >>> frame = pl.DataFrame({"a": [1, 2, 1]})
    >>> one, two, three = prints_of(frame).tolist()
    >>> one == three, one == two
    (True, False)
    """
    texts = frame.with_columns(pl.col(pl.Categorical, pl.Enum).cast(pl.String))
    return np.asarray(texts.hash_rows(seed=0).to_numpy())
