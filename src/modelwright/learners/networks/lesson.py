"""What a network learns from: rows as it reads them, what it should answer, and when it stops."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

from modelwright.compute.budget import Budget
from modelwright.errors import BudgetError
from modelwright.learners.base import Rows
from modelwright.learners.encoding import require_time
from modelwright.learners.networks.adam import Singles
from modelwright.learners.networks.encoding import NetworkEncoding, encode_for_networks
from modelwright.learners.networks.layers import Readable
from modelwright.learners.networks.loss import NetworkLoss
from modelwright.learners.trees.boosting import loss_of
from modelwright.learners.unit import Unit
from modelwright.learners.watch import Watch
from modelwright.predictor.operations.base import Floats

PATIENCE = 8
MAX_ROWS = 100_000
MAX_CELLS = 30_000_000
"""Of the matrix: 120 MB."""
MAX_STEPS = 64
"""Of an epoch; more rows are shown in turns."""
FEWEST_STEPS = 16
"""Of an epoch: few rows come in small batches."""
_BATCH = (32, 512)
_ROWS_AT_ONCE = 4_096
"""When rows are only asked."""

Weights = TypeVar("Weights")


@dataclass(frozen=True)
class Examples:
    """Rows as they are learned from.

    Parameters
    ----------
    batch
        What the network reads.
    wanted : ndarray of shape (n, outputs)
        What it should answer.
    weight : ndarray of shape (n,)
        How much each row counts.
    """

    batch: Readable
    wanted: Singles
    weight: Singles

    def take(self, some: NDArray[np.intp]) -> "Examples":
        """Return some of the rows."""
        return Examples(self.batch.take(some), self.wanted[some], self.weight[some])

    def parts(self) -> Iterator["Examples"]:
        """Yield the rows a few at a time; at least once."""
        for begin in range(0, max(1, len(self.weight)), _ROWS_AT_ONCE):
            yield self.take(np.arange(begin, min(begin + _ROWS_AT_ONCE, len(self.weight))))


@dataclass(frozen=True)
class Lesson:
    """Training rows, the loss, and the unit of the numbers.

    Parameters
    ----------
    encoding
        How rows are read.
    train
        The training rows, or a sample of very many.
    loss
        What is to be kept small.
    unit
        Of the target.
    start : ndarray of shape (outputs,)
        The raw scores with which a network begins.
    """

    encoding: NetworkEncoding
    train: Examples
    loss: NetworkLoss
    unit: Unit
    start: Floats

    @classmethod
    def of(
        cls,
        rows: Rows,
        *,
        smoothing: float,
        budget: Budget,
        seed: int,
        max_rows: int = MAX_ROWS,
        max_cells: int = MAX_CELLS,
    ) -> "Lesson":
        """Read training rows.

        Raises
        ------
        BudgetError
            When the time ends.
        """
        require_time(budget)
        # In an order drawn by chance, so that any first ones are a sample.
        drawn = np.random.default_rng(seed).permutation(len(rows))[:max_rows]
        encoding = encode_for_networks(rows, drawn, budget=budget, seed=seed)
        loss = NetworkLoss.of(rows, smoothing=smoothing)
        unit = Unit.for_loss(rows, loss_of(rows))
        seen = drawn[: max_cells // encoding.width]
        target, weight = unit.apply(rows)[seen], _weight(rows)[seen]
        return cls(
            encoding=encoding,
            train=Examples(encoding.training_batch(seen), loss.wanted(target), weight),
            loss=loss,
            unit=unit,
            start=loss.start(target, weight),
        )

    def check(self, rows: Rows) -> Examples:
        """Return rows held back, whose classes are sure."""
        wanted = replace(self.loss, smoothing=0.0).wanted(self.unit.apply(rows))
        return Examples(self.encoding.batch(rows), wanted, _weight(rows))


@dataclass(frozen=True)
class Found(Generic[Weights]):
    """The weights of the best epoch.

    Parameters
    ----------
    weights
        As the network keeps them.
    rounds
        The number of the epoch.
    cut_short
        Whether the time ended the search.
    """

    weights: Weights
    rounds: int
    cut_short: bool


def best_epoch(
    epochs: Iterator[Weights],
    *,
    keep: Callable[[Weights], Weights],
    missed: Callable[[Weights], float] | None,
    rounds: int,
    budget: Budget,
) -> Found[Weights]:
    """Learn until rows held back gain no more, or all epochs or the time are over.

    Parameters
    ----------
    epochs
        Yields the weights after each epoch.
    keep
        Copies weights that the next epoch would change.
    missed
        The loss on rows held back; None where there are none.
    rounds
        How many epochs there can be.
    budget
        The time there is.

    Raises
    ------
    BudgetError
        When the time ends before the first epoch does.
    """
    watch = Watch(budget, patience=None if missed is None else PATIENCE)
    best: Weights | None = None
    stale = False
    for weights in epochs:
        stops = watch.stops(None if missed is None else missed(weights))
        if watch.best == watch.rounds:
            best = keep(weights)
        if stops:
            stale = not watch.cut_short
            break
    if best is None:
        raise BudgetError(
            f"{budget.seconds:.1f} s are too short to show a network all rows once.",
            "Give more time or fewer rows.",
        )
    return Found(best, watch.best, cut_short=watch.rounds < rounds and not stale)


def batches(count: int, *, most_steps: int = MAX_STEPS) -> tuple[int, int]:
    """Return the rows of a batch and the batches of an epoch.

    Parameters
    ----------
    count
        Rows that there are.
    most_steps
        Batches of an epoch, at most.

    Examples
    --------
    >>> batches(100), batches(4_000), batches(1_000_000)
    ((32, 3), (128, 31), (512, 64))
    """
    power = 2 ** int(np.log2(max(1, count // FEWEST_STEPS)))
    batch = min(count, int(np.clip(power, *_BATCH)))
    return batch, min(most_steps, count // batch)


def _weight(rows: Rows) -> Singles:
    if rows.weight is None:
        return np.ones(len(rows), np.float32)
    return (rows.weight / (rows.weight.mean() or 1.0)).astype(np.float32)
