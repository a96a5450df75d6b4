"""Tables: contestants in rows; a figure's median and extreme over the contests in a cell."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np

from bench.results import Figures

NOTHING = "·"
"""In a cell without a figure."""

_MB = 1e6
_MAIN_WAY = "frame"


@dataclass(frozen=True, kw_only=True)
class Column:
    """A figure as a column of a table.

    Parameters
    ----------
    head
        With the unit.
    of
        Reads the figure.
    form
        Writes it, as `str.format` does.
    shows_most
        Whether the largest value stands beside the median.
    """

    head: str
    of: Callable[[Figures], float]
    form: str
    shows_most: bool = False

    def cell(self, done: Sequence[Figures]) -> str:
        """Return the median of some jobs and, where it is shown, the most.

        Examples
        --------
        >>> Column(head="fit, s", of=lambda figures: figures.fit_s, form="{:.1f}").cell([])
        '·'
        """
        if not done:
            return NOTHING
        values = [self.of(figures) for figures in done]
        median = self.form.format(float(np.median(values)))
        return f"{median} (≤ {self.form.format(max(values))})" if self.shows_most else median


def learning_columns(budget_s: float) -> tuple[Column, ...]:
    """Return the columns of what learning took, beside a budget."""
    return (
        Column(head="fit, s", of=lambda f: f.fit_s, form="{:.1f}", shows_most=True),
        Column(
            head="beyond the budget",
            of=lambda f: 100 * (f.fit_s / budget_s - 1),
            form="{:+.0f} %",
            shows_most=True,
        ),
        Column(head="start to saved, s", of=lambda f: f.build_s, form="{:.1f}", shows_most=True),
        Column(
            head="memory, MB", of=lambda f: f.learn_bytes / _MB, form="{:,.0f}", shows_most=True
        ),
    )


ANSWERING_COLUMNS = (
    Column(
        head="one row as a frame, ms",
        of=lambda f: f.latency_ms[_MAIN_WAY]["p50"],
        form="{:.3g}",
        shows_most=True,
    ),
    Column(head="rows/s", of=lambda f: f.rows_per_s, form="{:,.0f}"),
    Column(head="start to first answer, s", of=lambda f: f.cold_s, form="{:.2f}"),
    Column(head="loading, s", of=lambda f: f.load_s, form="{:.3f}"),
    Column(head="memory, MB", of=lambda f: f.serve_bytes / _MB, form="{:,.0f}"),
    Column(
        head="artifact, MB", of=lambda f: f.artifact_bytes / _MB, form="{:.3g}", shows_most=True
    ),
    Column(head="environment, MB", of=lambda f: f.environment_bytes / _MB, form="{:,.0f}"),
)
"""What answering takes; modelwright's other ways of a row have a line of their own."""


def other_ways(done: Sequence[Figures]) -> str:
    """Return the latency of the ways of a row beside the frame; empty where there are none."""
    ways = [way for way in (done[0].latency_ms if done else ()) if way != _MAIN_WAY]
    columns = [
        Column(head=way, of=partial(_p50, way=way), form="{:.3g}", shows_most=True) for way in ways
    ]
    return ", ".join(f"{column.head} {column.cell(done)} ms" for column in columns)


def markdown(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return a table of Markdown.

    Examples
    --------
    >>> print(markdown(["a", "b"], [["1", "2"]]), end="")
    | a | b |
    | --- | --- |
    | 1 | 2 |
    """
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines) + "\n"


def _p50(figures: Figures, *, way: str) -> float:
    return figures.latency_ms[way]["p50"]
