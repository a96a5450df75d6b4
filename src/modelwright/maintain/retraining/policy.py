"""A policy of retraining: how often, and on which window."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from modelwright.maintain.log.live_rows import LiveRows
from modelwright.maintain.remedies.base import Lesson
from modelwright.maintain.remedies.past import part_of

Span = Literal["all rows", "recent rows count more", "recent rows alone"]
SPANS: tuple[Span, ...] = ("all rows", "recent rows count more", "recent rows alone")

_RECENT = 4
"""Windows that are recent."""


@dataclass(frozen=True)
class Policy:
    """When a model learns again, and from what.

    Parameters
    ----------
    every
        Windows from one time to the next.
    span
        What it learns from.
    """

    every: int
    span: Span

    def moments(self, windows: int) -> Iterator[int]:
        """Yield the windows before which it learns again."""
        yield from range(self.every, windows, self.every)


def lesson_of(span: Span, rows: LiveRows, *, window_rows: int, trained: int) -> Lesson:
    """Return what is learned from by a moment.

    Parameters
    ----------
    span
        Which rows.
    rows
        All labelled rows by then.
    window_rows
        Of a window.
    trained
        How many rows the training had.
    """
    recent = part_of(rows, max(0, len(rows) - _RECENT * window_rows), len(rows))
    if span == "all rows":
        return Lesson(rows=rows)
    if span == "recent rows alone":
        return Lesson(rows=recent, with_training=False)
    return Lesson(rows=recent, weight=max(1.0, trained / max(1, len(recent))))
