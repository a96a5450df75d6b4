"""Epochs of a model of Keras that somebody wrote."""

import random
import threading
from collections.abc import Callable, Iterator
from typing import Any

import keras
import numpy as np
from numpy.typing import NDArray

from modelwright.compute.budget import Budget
from modelwright.errors import LearnerError
from modelwright.learners.networks.layers import Readable
from modelwright.learners.networks.lesson import Examples, Found, Lesson, batches, best_epoch
from modelwright.learners.networks.loss import NetworkLoss

_TURN = threading.RLock()
"""Keras draws from the generators of a process: fits take turns."""
_MOST_RAW = 30.0
"""Where the raw score is a logarithm."""


class ModelLesson:
    """A model with the rows that it learns from.

    Parameters
    ----------
    make
        Makes the model; called where its weights are drawn.
    lesson
        What it learns from.
    epochs, rate, decay
        As in `KerasModel`.
    seed
        Where chance begins.
    """

    def __init__(
        self,
        make: Callable[[], Any],
        lesson: Lesson,
        *,
        epochs: int,
        rate: float,
        decay: float,
        seed: int,
    ) -> None:
        self._lesson, self._seed = lesson, seed
        self._batch, self._steps = batches(len(lesson.train.weight))
        with _TURN:
            self.model = _drawn(make, seed)
            own = getattr(self.model, "optimizer", None)
            self.model.compile(
                optimizer=own or _adam(rate, decay, epochs * self._steps),
                loss=_loss_function(lesson.loss),
            )
        self._wide = len(self.model.inputs) > 1
        if self._wide and len(self.model.inputs) != 1 + len(lesson.encoding.sizes):
            raise LearnerError(
                f"The model has {len(self.model.inputs)} inputs; there are numbers and "
                f"{len(lesson.encoding.sizes)} categories.",
                "Give it one input for the numbers, and one for each of Reads.levels or none.",
            )

    def learn(self, check: Examples | None, *, rounds: int, budget: Budget) -> Found[list[Any]]:
        """Leave the model as it was after its best epoch; see `best_epoch`."""
        loss = self._lesson.loss
        found = best_epoch(
            self._states(rounds, budget),
            keep=lambda weights: [each.copy() for each in weights],
            missed=None
            if check is None
            else lambda _: loss.mean(self._answers(check.batch), check.wanted, check.weight),
            rounds=rounds,
            budget=budget,
        )
        with _TURN:
            self.model.set_weights(found.weights)
        return found

    def raw(self, matrix: NDArray[np.float64], codes: NDArray[np.int64]) -> NDArray[np.float64]:
        """Return what the model answers when it has learned."""
        return self._asked(self._inputs(matrix.astype(np.float32), codes)).astype(np.float64)

    def _states(self, rounds: int, budget: Budget) -> Iterator[list[Any]]:
        train = self._lesson.train
        draw = np.random.default_rng([self._seed, 1])
        for _ in range(rounds):
            order = draw.permutation(len(train.weight))
            for begin in range(0, self._steps * self._batch, self._batch):
                if budget.remaining_s <= 0:
                    return
                some = train.take(order[begin : begin + self._batch])
                inputs = self._inputs(some.batch.matrix, self._lesson.encoding.codes(some.batch))
                with _TURN:
                    self.model.train_on_batch(inputs, some.wanted, sample_weight=some.weight)
            with _TURN:
                weights = [keras.ops.convert_to_numpy(each) for each in self.model.weights]
            yield weights

    def _answers(self, batch: Readable) -> NDArray[np.float32]:
        return self._asked(self._inputs(batch.matrix, self._lesson.encoding.codes(batch)))

    def _asked(self, inputs: Any) -> NDArray[np.float32]:
        with _TURN:
            raw = np.asarray(self.model.predict(inputs, batch_size=4_096, verbose=0))
        return raw.reshape(len(raw), -1)

    def _inputs(self, matrix: NDArray[np.floating], codes: NDArray[np.int64]) -> Any:
        return [matrix, *(codes[:, [i]] for i in range(codes.shape[1]))] if self._wide else matrix


def _drawn(make: Callable[[], Any], seed: int) -> Any:
    """Return a model whose weights are drawn by a seed; the process's own chance goes on as it was.

    Keras takes the seeds of its layers from Python's generator.
    """
    python, numpy = random.getstate(), np.random.get_state()
    keras.utils.set_random_seed(seed)
    try:
        return make()
    finally:
        random.setstate(python)
        np.random.set_state(numpy)


def _adam(rate: float, decay: float, steps: int) -> Any:
    schedule = keras.optimizers.schedules.CosineDecay(rate, steps)
    return keras.optimizers.AdamW(schedule, weight_decay=decay)


def _loss_function(loss: NetworkLoss) -> Callable[[Any, Any], Any]:
    """Return what Keras is to keep small; see `NetworkLoss`."""
    ops = keras.ops

    def each(wanted: Any, raw: Any) -> Any:
        match loss.kind:
            case "binary":
                return ops.softplus(raw) - wanted * raw
            case "multiclass":
                return -wanted * ops.log_softmax(raw, axis=-1)
            case "squared":
                return 0.5 * ops.square(raw - wanted)
            case "poisson":
                return ops.exp(ops.minimum(raw, _MOST_RAW)) - wanted * raw
        over = raw - wanted
        return ops.maximum(over * (1 - loss.level), -over * loss.level)

    return lambda wanted, raw: ops.sum(each(wanted, raw), axis=-1)
