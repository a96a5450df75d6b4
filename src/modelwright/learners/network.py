"""A small neural network for tables, in NumPy.

A multilayer perceptron with the defaults that studies of tabular networks found good: Holzmüller,
Grinsztajn and Steinwart, "Better by default: strong pre-tuned MLPs and boosted trees on tabular
data" (2024); Gorishniy et al., "TabM: advancing tabular deep learning with parameter-efficient
ensembling" (2024).
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from modelwright.compute.budget import Budget
from modelwright.learners.base import Fitted, Rows
from modelwright.learners.networks.adam import Adam, Singles
from modelwright.learners.networks.layers import Pass, Shape
from modelwright.learners.networks.lesson import Examples, Lesson, batches, best_epoch
from modelwright.learners.networks.program import write_network
from modelwright.learners.recipe import Recipe
from modelwright.predictor.operations.activation import ActivationKind
from modelwright.tasks.task import Task

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
        lesson = Lesson.of(rows, smoothing=self.smoothing, budget=budget, seed=seed)
        # The reserve pays for writing the program.
        left = budget.reserve(0.05 * budget.remaining_s)
        shape = self._shape(lesson)
        check = None if check_rows is None or rounds is not None else lesson.check(check_rows)

        def missed(weights: Singles, examples: Examples) -> float:
            pieces = shape.split(weights)
            # What a pass remembers of all rows at once would be the largest thing in memory.
            raw = [Pass(shape, pieces, each.batch).raw for each in examples.parts()]
            return lesson.loss.mean(np.concatenate(raw), examples.wanted, examples.weight)

        count = min(rounds or self.epochs, self.epochs)
        found = best_epoch(
            _epochs(self, lesson, shape, count, seed=seed, budget=left),
            keep=np.copy,
            missed=None if check is None else lambda weights: missed(weights, check),
            rounds=count,
            budget=left,
        )
        program = write_network(
            lesson.encoding, shape, found.weights, loss=lesson.loss, unit=lesson.unit
        )
        recipe = self._recipe(lesson, found.rounds, seed)
        return Fitted(program, found.rounds, found.cut_short, recipe=recipe, by_chance=True)

    def _recipe(self, lesson: Lesson, rounds: int, seed: int) -> Recipe | None:
        loss = lesson.loss
        kept = ("units", "layers", "epochs", "rate", "dropout", "decay")
        settings = {name: getattr(self, name) for name in kept}
        if self.activation != "silu":
            return None
        circles = lesson.encoding.circles
        if circles:
            settings["circles"] = [[each.column, each.first, each.period] for each in circles]
        return Recipe(
            library="numpy",
            estimator="quantile" if loss.kind == "absolute" else loss.kind,
            settings={**settings, "seed": seed, "smoothing": loss.smoothing, "level": loss.level},
            rounds=rounds,
            encoding=lesson.encoding.trees.encoding.output,
            center=lesson.unit.center,
            scale=lesson.unit.scale,
        )

    def _shape(self, lesson: Lesson) -> Shape:
        return Shape(
            columns=lesson.encoding.width,
            levels=lesson.encoding.sizes,
            hidden=(self.units,) * self.layers,
            outputs=lesson.loss.outputs,
            activation=self.activation,
        )


def _epochs(
    settings: Network, lesson: Lesson, shape: Shape, rounds: int, *, seed: int, budget: Budget
) -> Iterator[Singles]:
    """Yield the mean of the weights of late after each epoch, until the time ends.

    Fewer rounds are the same way, walked less far.
    """
    draw = np.random.default_rng([seed, 1])
    batch, steps = batches(len(lesson.train.weight))
    weights = shape.begin(lesson.start, seed=seed)
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


def _keep(draw: np.random.Generator, count: int, settings: Network) -> tuple[Singles, ...] | None:
    if not settings.dropout:
        return None
    # Bytes are drawn sooner than numbers.
    left_out = round(_BYTES * settings.dropout)
    size = (settings.layers, count, settings.units)
    kept = draw.integers(0, _BYTES, size, dtype=np.uint8) >= left_out
    return tuple(kept * np.float32(_BYTES / (_BYTES - left_out)))
