"""A random part of the rows of a table that memory does not hold, drawn while it is streamed."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial

import numpy as np
import polars as pl

from modelwright.data.pieces.base import Mark, Pieces
from modelwright.data.pieces.open import open_pieces
from modelwright.data.sources.base import Deferred, Reading
from modelwright.data.sources.sampling import Drawing
from modelwright.errors import SourceError

_ITSELF_BYTES = 600_000_000
"""What Python and the libraries take before a row is read."""
_TIMES = 11.0
"""What the rooms take for a table, in times its own size: up to ten were measured on tables of 30
columns with texts, of 0.8 to two million rows."""
_FEWEST_ROWS = 1_000
_SEED = 0


def open_drawn(
    address: str, *, table: str | None, query: str | None, sample: int, memory_bytes: int
) -> Deferred:
    """Open a table of which at most so much is held.

    Every row is read once and has the same chance; the same rows come again as long as the table
    stays as it is.

    Parameters
    ----------
    address, table, query
        As for `open_source`.
    sample
        Rows at most; 0 for as many as fit.
    memory_bytes
        That the rooms may take; 0 for as much as there is.

    Raises
    ------
    SourceError
        When the table cannot be read, or so little memory holds no model.
    """
    pieces = open_pieces(address, table=table, query=query)
    return Deferred(pieces.address, partial(_read, pieces, sample, memory_bytes))


def _read(pieces: Pieces, sample: int, memory_bytes: int) -> Reading:
    draw = Draw(most=sample)
    for piece in pieces.after(Mark()):
        frame = piece.read()
        if memory_bytes and draw.seen == 0:
            draw.most = min(draw.most or memory_bytes, _rows_of(frame, memory_bytes))
        draw.add(frame)
    kept = draw.frame()
    drawing = Drawing(" WHERE" if draw.seen > kept.height else "", draw.seen)
    facts = drawing.facts(kept.height)
    if memory_bytes and draw.seen > kept.height:
        more = f"{_gigabytes(memory_bytes)} of memory hold no more rows"
        facts = (*facts, f"{more}; the learning curve in the findings says what more would bring.")
    return Reading(kept, facts)


def _rows_of(frame: pl.DataFrame, memory_bytes: int) -> int:
    """Return how many rows like these the rooms can take."""
    a_row = max(1.0, frame.estimated_size() / max(1, frame.height))
    rows = int((memory_bytes - _ITSELF_BYTES) / (a_row * _TIMES))
    if rows < _FEWEST_ROWS:
        least = _gigabytes(_ITSELF_BYTES + _FEWEST_ROWS * a_row * _TIMES)
        raise SourceError(
            f"{_gigabytes(memory_bytes)} of memory are too little to learn from rows of "
            f"{a_row:.0f} bytes each.",
            f"Give at least {least}.",
        )
    return rows


def _gigabytes(count: float) -> str:
    return f"{count / 1e9:.3g} GB"


@dataclass
class Draw:
    """So many rows of a stream, each with the same chance, in their order.

    Each row gets a random number, and those below a bound are kept. When there are twice as many as
    are wanted, the bound falls to the number of the last that is wanted.

    Parameters
    ----------
    most
        Rows that are wanted; 0 for all.

    Examples
    --------
    >>> draw = Draw(most=10)
    >>> for first in range(0, 1000, 100):
    ...     draw.add(pl.DataFrame({"a": range(first, first + 100)}))
    >>> draw.seen, draw.frame().height, draw.frame()["a"].is_sorted()
    (1000, 10, True)
    """

    most: int
    seen: int = 0
    _bound: float = 1.0
    _frames: list[pl.DataFrame] = field(default_factory=list)
    _numbers: list[np.ndarray] = field(default_factory=list)
    _random: np.random.Generator = field(default_factory=lambda: np.random.default_rng(_SEED))

    def add(self, frame: pl.DataFrame) -> None:
        """Look at some more rows."""
        self.seen += frame.height
        numbers = self._random.random(frame.height)
        self._keep(frame, numbers)
        if self.most and sum(map(len, self._numbers)) > 2 * self.most:
            self._lower()

    def frame(self) -> pl.DataFrame:
        """Return the rows that are drawn."""
        if self.most and sum(map(len, self._numbers)) > self.most:
            self._lower()
        return pl.concat(self._frames) if self._frames else pl.DataFrame()

    def _keep(self, frame: pl.DataFrame, numbers: np.ndarray) -> None:
        is_kept = numbers < self._bound
        # A filter copies: what is left of a piece does not keep all of it in memory.
        self._frames.append(frame if is_kept.all() else frame.filter(pl.Series(is_kept)))
        self._numbers.append(numbers[is_kept])

    def _lower(self) -> None:
        numbers = np.concatenate(self._numbers)
        self._bound = float(np.partition(numbers, self.most)[self.most])
        kept = list(self._halves())
        self._frames, self._numbers = [], []
        for frame, those in kept:
            self._keep(frame, those)

    def _halves(self) -> Iterator[tuple[pl.DataFrame, np.ndarray]]:
        yield from zip(self._frames, self._numbers, strict=True)
