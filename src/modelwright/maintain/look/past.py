"""The past: the windows that were accepted, which the next one is compared with.

Of each window a sample of rows is kept, and tallies of what only whole windows show (repeated
rows, labels that came). All is data: it is written into the workspace and read again.
"""

from collections import Counter
from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray

from modelwright.data.records import Columns
from modelwright.data.schema import Schema
from modelwright.maintain.log.live_rows import LiveRows
from modelwright.maintain.look.misses import Misses
from modelwright.predictor.operations.base import Floats, Value
from modelwright.predictor.reference.texts import Texts
from modelwright.tasks.row_losses import level_of

MOST_WINDOWS = 8
"""Windows that are remembered."""
MOST_ROWS = 500
"""Rows that are kept of each."""

Tally = tuple[int, int]
"""How many rows are of a kind, and how many are not."""


@dataclass(frozen=True)
class PastWindow:
    """What is kept of a window.

    Parameters
    ----------
    columns
        Some of its rows, evenly spread.
    answers : ndarray of shape (rows, outputs)
        What the program answered to them.
    losses, residuals : ndarray of shape (rows,)
        Of the same rows; NaN where no label is known.
    truth : ndarray of shape (rows,)
        What came true of the same rows, a class or a number; NaN where no label is known.
    tallies
        What was counted on all its rows, by name.
    last
        The latest moment by column, in microseconds since 1970.
    ids
        Under which the rows were logged, so that they can be erased; empty where they were not.
    arrived
        When they were logged, in microseconds since 1970 in UTC.
    """

    columns: Columns
    answers: Floats
    losses: Floats
    residuals: Floats
    truth: Floats
    tallies: dict[str, Tally]
    last: dict[str, int]
    ids: tuple[str, ...] = ()
    arrived: tuple[int, ...] = ()

    @cached_property
    def level(self) -> tuple[float, float] | None:
        """The logarithm of the mean loss and its error; None for few labels."""
        return level_of(self.losses)

    @cached_property
    def texts(self) -> dict[str, Texts]:
        """The columns of texts, as numbers."""
        columns = self.columns.items()
        return {name: Texts.of(values) for name, values in columns if values.dtype == object}

    @cached_property
    def counted(self) -> tuple[tuple[str, ...], NDArray[np.int64]]:
        """The names of the tallies, and (tallies, 2) rows."""
        names = tuple(self.tallies)
        return names, np.array([*self.tallies.values()], dtype=np.int64).reshape(-1, 2)

    def counts_of(self, names: tuple[str, ...]) -> NDArray[np.int64]:
        """Return the rows of some tallies, (names, 2); no rows where nothing was counted."""
        known, rows = self.counted
        if known == names:
            return rows
        return np.array([self.tallies.get(name, (0, 0)) for name in names], dtype=np.int64)

    @cached_property
    def told_apart(self) -> frozenset[tuple[Any, ...]]:
        """What the rows hold, of all columns."""
        return frozenset(rows_of(self.columns.values()))

    @property
    def of_another_world(self) -> "PastWindow":
        """The window without what came true: that was of a relation that is no more."""
        unknown = np.full(len(self.losses), np.nan)
        return replace(self, losses=unknown, residuals=unknown, truth=unknown)

    @classmethod
    def of(
        cls, rows: LiveRows, misses: Misses, tallies: dict[str, Tally], last: dict[str, int]
    ) -> "PastWindow":
        """Keep a window."""
        taken = np.unique(np.linspace(0, len(rows) - 1, min(len(rows), MOST_ROWS)).astype(int))
        columns = {name: values[taken] for name, values in rows.columns.items()}
        losses, residuals = misses.losses[taken], misses.residuals[taken]
        return cls(
            columns,
            rows.answers[taken],
            losses,
            residuals,
            rows.known_truth[taken],
            tallies,
            last,
            ids=() if rows.ids is None else tuple(rows.ids[row] for row in taken),
            arrived=() if rows.arrived is None else tuple(rows.arrived[taken].tolist()),
        )


def usual_breaks(past: Sequence[PastWindow]) -> dict[str, Tally] | None:
    """Return what was counted of all windows together; None where there are none.

    Parameters
    ----------
    past
        The windows that were accepted.
    """
    if not past:
        return None
    some, others = Counter[str](), Counter[str]()
    for window in past:
        for name, (one, other) in window.tallies.items():
            some[name] += one
            others[name] += other
    return {name: (some[name], others[name]) for name in some}


def rows_of(columns: Iterable[Value]) -> list[tuple[Any, ...]]:
    """Return what each row holds; a few hundred are told apart faster so than as a table."""
    return list(zip(*(comparable(values).tolist() for values in columns), strict=True))


def comparable(values: Value) -> Value:
    """Return values among which those that are missing are the same."""
    return np.where(np.isnan(values), -1.7e308, values) if values.dtype.kind == "f" else values


class StoredWindow(msgspec.Struct, frozen=True, kw_only=True):
    """A `PastWindow` as JSON: None is what is missing."""

    columns: dict[str, tuple[float | str | None, ...]]
    answers: tuple[tuple[float, ...], ...]
    losses: tuple[float | None, ...]
    residuals: tuple[float | None, ...]
    tallies: dict[str, Tally]
    last: dict[str, int]
    ids: tuple[str, ...] = ()
    arrived: tuple[int, ...] = ()
    truth: tuple[float | None, ...] | None = None
    """None where it was written before truths were kept."""

    def without(self, erased: Container[str], *, before: int = 0) -> "StoredWindow | None":
        """Return the window without some rows; None where none is left.

        Rows that nobody can name are taken for those to erase.

        Parameters
        ----------
        erased
            Ids.
        before
            Rows that were logged earlier are left out too; microseconds since 1970 in UTC.
        """
        logged = enumerate(zip(self.ids, self.arrived, strict=True))
        kept = [row for row, (name, at) in logged if name not in erased and at >= before]
        if not kept:
            return None

        def taken(values: tuple[Any, ...]) -> tuple[Any, ...]:
            return tuple(values[row] for row in kept)

        return msgspec.structs.replace(
            self,
            columns={name: taken(values) for name, values in self.columns.items()},
            answers=taken(self.answers),
            losses=taken(self.losses),
            residuals=taken(self.residuals),
            truth=None if self.truth is None else taken(self.truth),
            ids=taken(self.ids),
            arrived=taken(self.arrived),
        )


def store_window(window: PastWindow) -> StoredWindow:
    """Turn a window into what is written."""
    return StoredWindow(
        columns={name: _plain(values) for name, values in window.columns.items()},
        answers=tuple(tuple(answer) for answer in window.answers.tolist()),
        losses=_plain(window.losses),
        residuals=_plain(window.residuals),
        truth=_plain(window.truth),
        tallies=window.tallies,
        last=window.last,
        ids=window.ids,
        arrived=window.arrived,
    )


def restore_window(stored: StoredWindow, schema: Schema) -> PastWindow:
    """Read back what `store_window` made."""
    dtypes = {"number": np.float64, "string": object, "datetime": np.int64}
    return PastWindow(
        columns={
            column.name: np.array(stored.columns[column.name], dtype=dtypes[column.value_type])
            for column in schema
        },
        answers=np.array(stored.answers, dtype=np.float64),
        losses=np.array(stored.losses, dtype=np.float64),
        residuals=np.array(stored.residuals, dtype=np.float64),
        truth=np.array(stored.truth or [None] * len(stored.losses), dtype=np.float64),
        tallies=stored.tallies,
        last=stored.last,
        ids=stored.ids,
        arrived=stored.arrived,
    )


def _plain(values: Value) -> tuple[Any, ...]:
    if values.dtype.kind == "f":
        return tuple(None if value != value else value for value in values.tolist())
    return tuple(values.tolist())
