"""A random part of the rows of a table that memory does not hold, drawn while it is streamed."""

import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import polars as pl

from modelwright.data.pieces.base import Mark, Pieces
from modelwright.data.pieces.open import open_pieces
from modelwright.data.pieces.others import SEED, Others, prints_of
from modelwright.data.sources.base import Reading
from modelwright.data.sources.columns import settle
from modelwright.data.sources.sampling import Drawing
from modelwright.errors import SourceError

_ITSELF_BYTES = 600_000_000
"""What Python and the libraries take before a row is read."""
_LOADED_BYTES = 450_000_000
"""What they take when the holdout is judged: 350 MB were measured, on two cores."""
_TIMES = 11.0
"""What the rooms take for a table, in times its own size: up to ten were measured on tables of 30
columns with texts, of 0.8 to two million rows."""
_STREAMED, _MOST_SPARED = 4.0, 0.4
"""What a row takes while it is learned from as a stream, in bytes for each column, and the part of
the memory that is spared for all rows at most."""
_FEWEST_ROWS = 1_000
_ENOUGH_ROWS, _FEW_ROWS, _ROWS_A_SECOND = 500_000, 20_000, 1_000
"""Drawn of a table that does not fit: at most, at least, and for each second of the budget, because
learners are compared on them. The others are learned from as a stream where that pays."""


@dataclass(frozen=True)
class Drawn:
    """A table of which at most so much is held; a source.

    Parameters
    ----------
    pieces
        All of its rows.
    sample
        Rows at most; 0 for as many as fit.
    memory_bytes
        That the rooms may take; 0 for as much as there is.
    enough
        Rows of a table that does not fit: more are not drawn, although they would fit.
    """

    pieces: Pieces
    sample: int
    memory_bytes: int
    enough: int = _ENOUGH_ROWS

    @property
    def address(self) -> str:
        """Where it is, printable."""
        return self.pieces.address

    @property
    def facts(self) -> tuple[str, ...]:
        """What was read of it, as sentences."""
        return self._read[0].facts

    def read(self) -> pl.DataFrame:
        """Return the rows that were drawn."""
        return self._read[0].frame

    @property
    def others(self) -> Others | None:
        """The rows that memory did not hold; None where it did, or where a sample was asked for."""
        return None if self.sample or not self._read[1].rows else self._read[1]

    @cached_property
    def _read(self) -> tuple[Reading, Others]:
        began, draw = time.monotonic(), Draw(most=self.sample)
        for piece in self.pieces.after(Mark()):
            frame = piece.read()
            if self.memory_bytes and draw.seen == 0:
                fitting = _rows_of(frame, self.memory_bytes, self._streamed_rows)
                draw.most = min(draw.most or fitting, fitting)
            draw.add(frame)
        if not self.sample and draw.seen > draw.most:
            draw.most = min(draw.most, self.enough)
        kept = draw.frame()
        frame, settled = settle(kept)
        left = draw.seen - kept.height
        others = Others(
            self.pieces,
            draw.bound,
            prints_of(kept) if left else _NONE,
            left,
            reading_s=time.monotonic() - began,
        )
        return Reading(frame, (*self._told(draw, kept.height), *settled)), others

    @property
    def _streamed_rows(self) -> int:
        """How many rows build may stream; 0 where none, or nobody knows."""
        return 0 if self.sample else self.pieces.rows or 0

    def _told(self, draw: "Draw", kept: int) -> tuple[str, ...]:
        drawing = Drawing(" WHERE" if draw.seen > kept else "", draw.seen)
        facts = drawing.facts(kept)
        if not self.memory_bytes or draw.seen == kept:
            return facts
        why = f"{_gigabytes(self.memory_bytes)} of memory do not hold all rows at once"
        if self.sample:
            return (*facts, f"{why}; the findings say what more of them would bring.")
        return (*facts, f"{why}; build streams the others where the learning curve says they pay.")


_NONE = np.empty(0, dtype=np.uint64)


def open_drawn(
    address: str,
    *,
    table: str | None,
    query: str | None,
    sample: int,
    memory_bytes: int,
    enough: int = _ENOUGH_ROWS,
) -> Drawn:
    """Open a table of which at most so much is held.

    Every row is read once and has the same chance; the same rows come again as long as the table
    stays as it is.

    Parameters
    ----------
    address, table, query
        As for `open_source`.
    sample, memory_bytes, enough
        As for `Drawn`.

    Raises
    ------
    SourceError
        When the table cannot be read; when it is read, also when so little memory holds no model.
    """
    return Drawn(open_pieces(address, table=table, query=query), sample, memory_bytes, enough)


def rows_in_time(budget_s: float) -> int:
    """Return how many rows are drawn of a table that does not fit, to be learned from in time.

    Examples
    --------
    >>> rows_in_time(60.0), rows_in_time(3600.0)
    (60000, 500000)
    """
    return int(max(_FEW_ROWS, min(_ENOUGH_ROWS, _ROWS_A_SECOND * budget_s)))


def judging_bytes(memory_bytes: int, drawn_bytes: float) -> float:
    """Return what the answers to rows may take that memory does not hold.

    Parameters
    ----------
    memory_bytes
        That the rooms may take.
    drawn_bytes
        What the rows take that were drawn.

    Examples
    --------
    >>> judging_bytes(1_600_000_000, 100_000_000), judging_bytes(1_600_000_000, 10_000_000)
    (400000000.0, 1040000000.0)
    """
    left = memory_bytes - _LOADED_BYTES - _TIMES * drawn_bytes
    return max(left, _spared_bytes(memory_bytes))


def _spared_bytes(memory_bytes: int) -> float:
    return _MOST_SPARED * max(0.0, memory_bytes - _ITSELF_BYTES)


def _rows_of(frame: pl.DataFrame, memory_bytes: int, streamed_rows: int) -> int:
    """Return how many rows like these the rooms can take, beside a table that is streamed."""
    a_row = max(1.0, frame.estimated_size() / max(1, frame.height))
    free = float(memory_bytes - _ITSELF_BYTES)
    if streamed_rows * a_row * _TIMES > free:
        free -= min(_STREAMED * frame.width * streamed_rows, _spared_bytes(memory_bytes))
    rows = int(free / (a_row * _TIMES))
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
    seen
        Rows that were looked at.
    bound
        Rows with a random number below it are kept.

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
    bound: float = 1.0
    _frames: list[pl.DataFrame] = field(default_factory=list)
    _numbers: list[np.ndarray] = field(default_factory=list)
    _random: np.random.Generator = field(default_factory=lambda: np.random.default_rng(SEED))

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
        is_kept = numbers < self.bound
        # A filter copies: what is left of a piece does not keep all of it in memory.
        self._frames.append(frame if is_kept.all() else frame.filter(pl.Series(is_kept)))
        self._numbers.append(numbers[is_kept])

    def _lower(self) -> None:
        numbers = np.concatenate(self._numbers)
        self.bound = float(np.partition(numbers, self.most)[self.most])
        kept = list(self._halves())
        self._frames, self._numbers = [], []
        for frame, those in kept:
            self._keep(frame, those)

    def _halves(self) -> Iterator[tuple[pl.DataFrame, np.ndarray]]:
        yield from zip(self._frames, self._numbers, strict=True)
