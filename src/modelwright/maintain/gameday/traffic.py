"""Traffic: rows that a model met, in their order, cut into windows."""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from modelwright.errors import InputError
from modelwright.maintain.log.live_rows import LiveRows, frame_of, live_rows_of
from modelwright.predictor.bundle import Bundle

FEWEST_WINDOWS = 4
"""Two before a fault and two with it."""
FEWEST_ROWS = 100
"""Fewer rows in a window say nothing about a distribution."""


@dataclass(frozen=True)
class Span:
    """Rows that follow each other.

    Parameters
    ----------
    table
        The features, in the types in which the program reads them.
    truth : ndarray of shape (rows,)
        As in `LiveRows`.
    times : ndarray of shape (rows,), optional
        As in `LiveRows`.
    """

    table: pl.DataFrame
    truth: NDArray[Any]
    times: NDArray[np.int64] | None = None

    def __len__(self) -> int:
        return len(self.table)

    @classmethod
    def of(cls, rows: LiveRows, bundle: Bundle) -> "Span":
        """Take the rows that a model met."""
        return cls(frame_of(rows.columns, bundle.schema), rows.truth, rows.times)

    def part(self, start: int, stop: int) -> "Span":
        """Return the rows from `start` on, before `stop`."""
        times = None if self.times is None else self.times[start:stop]
        return Span(self.table[start:stop], self.truth[start:stop], times)

    def with_columns(self, **columns: pl.Expr | pl.Series) -> "Span":
        """Return the rows with some columns changed."""
        return replace(self, table=self.table.with_columns(**columns))

    def without_labels(self) -> "Span":
        """Return the rows as they are before their labels come."""
        unknown = np.nan if self.truth.dtype.kind == "f" else -1
        return replace(self, truth=np.full_like(self.truth, unknown))

    def taken(self, rows: NDArray[np.int64]) -> "Span":
        """Return these rows, in this order; the moments stay where they are."""
        return Span(self.table[rows], self.truth[rows], self.times)

    def answered(self, bundle: Bundle) -> LiveRows:
        """Return the rows with the answers of a bundle."""
        rows = live_rows_of(self.table, bundle)
        times = rows.times if rows.times is not None else self.times
        return replace(rows, truth=self.truth, times=times)


@dataclass(frozen=True)
class Traffic:
    """Rows in their order, and how many of them are a window.

    Examples
    --------
    >>> span = Span(pl.DataFrame({"age": range(1000)}), np.full(1000, np.nan))
    >>> traffic = Traffic.of(span, window_rows=125)
    >>> traffic.windows, traffic.span(3, 4).table["age"][0]
    (8, 375)
    """

    rows: Span
    window_rows: int

    @classmethod
    def of(cls, rows: Span, *, window_rows: int) -> "Traffic":
        """Cut rows into windows, smaller ones where there are few rows.

        Raises
        ------
        InputError
            When there are too few rows for four windows.
        """
        size = min(window_rows, len(rows) // (2 * FEWEST_WINDOWS))
        if size < FEWEST_ROWS:
            needed = 2 * FEWEST_WINDOWS * FEWEST_ROWS
            raise InputError(
                f"There are {len(rows):,} rows of traffic; a drill needs {needed:,}.",
                "Name a table with more: modelwright gameday DATA",
            )
        return cls(rows, size)

    @property
    def windows(self) -> int:
        """How many whole windows there are."""
        return len(self.rows) // self.window_rows

    def span(self, start: int, stop: int) -> Span:
        """Return the rows of the windows from `start` on, before `stop`."""
        return self.rows.part(start * self.window_rows, stop * self.window_rows)

    def cut(self, span: Span) -> list[Span]:
        """Cut rows into windows."""
        size = self.window_rows
        return [span.part(start, start + size) for start in range(0, len(span) - size + 1, size)]
