"""A small neural network for tables, in NumPy.

A multilayer perceptron with the defaults that studies of tabular networks found good: Holzmüller,
Grinsztajn and Steinwart, "Better by default: strong pre-tuned MLPs and boosted trees on tabular
data" (2024); Gorishniy et al., "TabM: advancing tabular deep learning with parameter-efficient
ensembling" (2024).
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from modelwright.compute.budget import Budget
from modelwright.errors import BudgetError
from modelwright.learners.adam import Adam, Singles
from modelwright.learners.base import Fitted, Rows
from modelwright.learners.boosting import loss_of
from modelwright.learners.encoding import require_time
from modelwright.learners.network_encoding import NetworkEncoding, encode_for_networks
from modelwright.learners.network_layers import Batch, Pass, Shape
from modelwright.learners.network_loss import NetworkLoss
from modelwright.learners.network_program import write_network
from modelwright.learners.unit import Unit
from modelwright.learners.watch import Watch
from modelwright.predictor.operations.activation import ActivationKind
from modelwright.tasks.task import Task

PATIENCE = 8
MAX_ROWS = 100_000
MAX_STEPS = 64
"""Of an epoch; more rows are shown in turns."""
MAX_CELLS = 30_000_000
"""Of the matrix: 120 MB."""
FEWEST_STEPS = 16
"""Of an epoch: few rows come in small batches."""
_BATCH = (32, 512)
_WINDOW = 2
"""Epochs that weights are averaged over."""
_BYTES = 256


@dataclass(frozen=True)
class Network:
    """Dense layers over scaled numbers, ramps and embeddings.

    Its rounds are epochs; `check_rows` tell where to stop.

    Parameters
    ----------
    name, title
        Identifier, and what people read.
    units, layers
        Of the hidden layers.
    epochs
        How often all rows are shown, at most.
    rate
        Of the first step; it falls along a cosine, to zero after all epochs.
    dropout
        Share of the units that are left out of each batch.
    decay
        Of the weights.
    smoothing
        Of many classes, see `NetworkLoss`.
    activation
        Of the hidden units.
    """

    name: str = "network"
    title: str = "Neural network"
    units: int = 128
    layers: int = 3
    epochs: int = 60
    rate: float = 0.003
    dropout: float = 0.15
    decay: float = 0.02
    smoothing: float = 0.02
    activation: ActivationKind = "silu"

    def suits(self, task: Task) -> bool:
        """Say yes: there is a loss for each task."""
        return True

    def fit(
        self,
        rows: Rows,
        *,
        check_rows: Rows | None = None,
        rounds: int | None = None,
        budget: Budget,
        seed: int,
    ) -> Fitted:
        """Learn the weights; see `Learner.fit`.

        Raises
        ------
        BudgetError
            When the time ends before the first epoch does.
        """
        require_time(budget)
        drawn = _draw_rows(len(rows), seed)
        encoding = encode_for_networks(rows, drawn, budget=budget, seed=seed)
        # The reserve pays for writing the program.
        left = budget.reserve(0.05 * budget.remaining_s)
        lesson = _Lesson.of(self, encoding, drawn, seed)
        check = None if check_rows is None or rounds is not None else lesson.check(check_rows)
        found = _learn(lesson, check, min(rounds or self.epochs, self.epochs), left)
        program = write_network(
            encoding, lesson.shape, found.weights, loss=lesson.loss, unit=lesson.unit
        )
        return Fitted(program, found.rounds, found.cut_short, by_chance=True)


@dataclass(frozen=True)
class _Examples:
    """Rows as they are learned from."""

    batch: Batch
    wanted: Singles
    weight: Singles

    def take(self, some: NDArray[np.intp]) -> "_Examples":
        batch = Batch(self.batch.matrix[some], self.batch.places[some])
        return _Examples(batch, self.wanted[some], self.weight[some])


@dataclass(frozen=True)
class _Lesson:
    """All that is needed before the first step."""

    settings: Network
    encoding: NetworkEncoding
    train: _Examples
    shape: Shape
    loss: NetworkLoss
    unit: Unit
    start: Singles
    seed: int

    @classmethod
    def of(
        cls, settings: Network, encoding: NetworkEncoding, drawn: NDArray[np.intp], seed: int
    ) -> "_Lesson":
        rows = encoding.rows
        loss = NetworkLoss.of(rows, smoothing=settings.smoothing)
        unit = Unit.for_loss(rows, loss_of(rows))
        seen = drawn[: MAX_CELLS // encoding.width]
        target, weight = unit.apply(rows)[seen], _weight(rows)[seen]
        shape = Shape(
            columns=encoding.width,
            levels=encoding.sizes,
            hidden=(settings.units,) * settings.layers,
            outputs=loss.outputs,
            activation=settings.activation,
        )
        return cls(
            settings=settings,
            encoding=encoding,
            train=_Examples(encoding.training_batch(seen), loss.wanted(target), weight),
            shape=shape,
            loss=loss,
            unit=unit,
            start=shape.begin(loss.start(target, weight), seed=seed),
            seed=seed,
        )

    def check(self, rows: Rows) -> _Examples:
        """Return rows held back, whose classes are sure."""
        wanted = replace(self.loss, smoothing=0.0).wanted(self.unit.apply(rows))
        return _Examples(self.encoding.batch(rows), wanted, _weight(rows))

    def missed(self, weights: Singles, examples: _Examples) -> float:
        """Return the loss on some rows."""
        raw = Pass(self.shape, self.shape.split(weights), examples.batch).raw
        return self.loss.mean(raw, examples.wanted, examples.weight)


@dataclass(frozen=True)
class _Found:
    weights: Singles
    rounds: int
    cut_short: bool


def _draw_rows(count: int, seed: int) -> NDArray[np.intp]:
    # In an order drawn by chance, so that any first ones are a sample.
    return np.random.default_rng(seed).permutation(count)[:MAX_ROWS]


def _weight(rows: Rows) -> Singles:
    if rows.weight is None:
        return np.ones(len(rows), np.float32)
    return (rows.weight / (rows.weight.mean() or 1.0)).astype(np.float32)


def _learn(lesson: _Lesson, check: _Examples | None, rounds: int, budget: Budget) -> _Found:
    watch = Watch(budget, patience=None if check is None else PATIENCE)
    best: Singles | None = None
    stale = False
    for mean in _epochs(lesson, rounds, budget):
        stops = watch.stops(None if check is None else lesson.missed(mean, check))
        if watch.best == watch.rounds:
            best = mean.copy()
        if stops:
            stale = not watch.cut_short
            break
    if best is None:
        raise BudgetError(
            f"{budget.seconds:.1f} s are too short to show a network all rows once.",
            "Give more time or fewer rows.",
        )
    return _Found(best, watch.best, cut_short=watch.rounds < rounds and not stale)


def _epochs(lesson: _Lesson, rounds: int, budget: Budget) -> Iterator[Singles]:
    """Yield the mean of the weights of late after each epoch, until the time ends.

    Fewer rounds are the same way, walked less far.
    """
    draw = np.random.default_rng([lesson.seed, 1])
    settings, shape = lesson.settings, lesson.shape
    batch, steps = _batches(len(lesson.train.weight))
    weights = lesson.start.copy()
    adam = Adam(weights, shape.decay(settings.decay), window=_WINDOW * steps)
    pieces = shape.split(weights)
    for _ in range(rounds):
        order = draw.permutation(len(lesson.train.weight))
        for begin in range(0, steps * batch, batch):
            if budget.remaining_s <= 0:
                return
            some = lesson.train.take(order[begin : begin + batch])
            kept = _keep(draw, len(some.weight), settings)
            done = Pass(shape, pieces, some.batch, kept)
            slope = done.back(lesson.loss.slope(done.raw, some.wanted, some.weight))
            share = adam.steps / (settings.epochs * steps)
            adam.step(slope, rate=settings.rate * 0.5 * (1 + float(np.cos(np.pi * share))))
        yield adam.mean


def _batches(count: int) -> tuple[int, int]:
    """Return the rows of a batch and the batches of an epoch."""
    power = 2 ** int(np.log2(max(1, count // FEWEST_STEPS)))
    batch = min(count, int(np.clip(power, *_BATCH)))
    return batch, min(MAX_STEPS, count // batch)


def _keep(draw: np.random.Generator, count: int, settings: Network) -> tuple[Singles, ...] | None:
    if not settings.dropout:
        return None
    # Bytes are drawn sooner than numbers.
    left_out = round(_BYTES * settings.dropout)
    size = (settings.layers, count, settings.units)
    kept = draw.integers(0, _BYTES, size, dtype=np.uint8) >= left_out
    return tuple(kept * np.float32(_BYTES / (_BYTES - left_out)))
