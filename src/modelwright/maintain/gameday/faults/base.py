"""What a fault is: a way to change rows as the world or a careless hand would.

The drill calls `aims` once for each place where a fault begins, and each injection's `change` once,
on all rows of the faulty windows together. A fault changes a copy, keeps the number of rows, draws
randomness only from the scene's seed, and aims at the columns that move the answers most.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Literal, Protocol

import numpy as np
import polars as pl

from modelwright.data.schema import Column, Kind
from modelwright.documents import CauseKind
from modelwright.maintain.gameday.traffic import Span
from modelwright.tasks.task import Task

Judgement = Literal["by score", "always"]
"""How it is decided that a fault does harm: by the score, or by what it is."""


@dataclass(frozen=True)
class Scene:
    """What a fault is injected into.

    Parameters
    ----------
    task
        What the model predicts.
    columns
        The features that the model reads, those first that move its answers most.
    before
        The rows before the fault.
    ahead
        All rows from the fault's beginning on, for faults that take other rows.
    columns_aimed_at
        How many columns each fault tries.
    seed
        Of the randomness.
    """

    task: Task
    columns: tuple[Column, ...]
    before: Span
    ahead: Span
    columns_aimed_at: int
    seed: int

    def of_kind(self, *kinds: Kind) -> list[str]:
        """Return the names of the columns of these kinds that vary, the weightiest first."""
        return [
            column.name
            for column in self.columns
            if column.kind in kinds and self.before.table[column.name].drop_nulls().n_unique() > 1
        ]

    def aimed(self, *kinds: Kind) -> list[str]:
        """Return the columns of these kinds to aim at."""
        return self.of_kind(*kinds)[: self.columns_aimed_at]

    @property
    def random(self) -> np.random.Generator:
        """A generator that draws the same each time."""
        return np.random.default_rng(self.seed)


def as_they_came(span: Span) -> Span:
    """Return the rows as they are."""
    return span


@dataclass(frozen=True, kw_only=True)
class Injection:
    """A fault in some columns.

    Parameters
    ----------
    columns
        Those that are changed; empty when rows or labels are.
    causes
        The names of causes that are right; the first is the exact one.
    change
        Changes the rows of the faulty windows.
    beside
        Gives the rows whose loss that of the changed ones is compared with.
    harm
        Whether the score says that it does harm.
    is_paired
        Whether row for row the same things are asked as before.
    is_broken
        Whether something is broken, so that an alarm is right also where the score does not suffer.
    """

    columns: tuple[str, ...] = ()
    causes: tuple[CauseKind, ...]
    change: Callable[[Span], Span]
    beside: Callable[[Span], Span] = as_they_came
    harm: Judgement = "by score"
    is_paired: bool = True
    is_broken: bool = True


class Fault(Protocol):
    """Something that goes wrong."""

    @property
    def name(self) -> str:
        """Two or three words."""

    @property
    def sentence(self) -> str:
        """What happens, in one sentence."""

    def aims(self, scene: Scene) -> Iterable[Injection]:
        """Yield the injections to try; none where the traffic has nothing to aim at."""


@dataclass(frozen=True)
class PlainFault:
    """A fault that is a function from a scene to its injections."""

    name: str
    sentence: str
    plan: Callable[[Scene], Iterator[Injection]]

    def aims(self, scene: Scene) -> Iterable[Injection]:
        """Yield the injections to try."""
        return self.plan(scene)


def text(name: str) -> pl.Expr:
    """Return a column as text, to write other levels into it."""
    return pl.col(name).cast(pl.String)
