"""Epochs of a network for tables."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from modelwright.compute.budget import Budget
from modelwright.learners.networks.lesson import Examples, Lesson, batches, best_epoch
from modelwright.learners.networks.lesson import Found as FoundEpoch
from modelwright.learners.torch.device import (
    Portions,
    alike_each_time,
    device_named,
    half_precision,
)
from modelwright.learners.torch.host import HostRows
from modelwright.learners.torch.layout import Layout
from modelwright.learners.torch.losses import mean_loss, mean_raw
from modelwright.learners.torch.tensors import Dropout, Read, scores

_BETAS = (0.9, 0.95)
_WINDOW = 2
"""Epochs that weights are averaged over."""
_ROWS_AT_ONCE = 8_192

Weights = dict[str, Tensor]
Found = FoundEpoch[dict[str, NDArray[np.float32]]]


@dataclass(frozen=True)
class Course:
    """How a network learns.

    Parameters
    ----------
    epochs, rate, dropout, decay
        As in `TorchNetwork`.
    most_steps
        Of an epoch.
    device
        Where.
    seed
        Draws the order of rows and the units that are left out.
    """

    epochs: int
    rate: float
    dropout: float
    decay: float
    most_steps: int
    device: str
    seed: int


def learn(
    layout: Layout,
    lesson: Lesson,
    course: Course,
    *,
    check: Examples | None,
    rounds: int,
    budget: Budget,
) -> Found:
    """Return the weights of the best epoch; see `best_epoch`.

    Parameters
    ----------
    layout
        Of the network.
    lesson
        What it learns from.
    course
        How.
    check
        Rows held back; None where the number of epochs is known.
    rounds
        How many epochs there can be.
    budget
        The time there is.
    """
    device = device_named(course.device)
    with alike_each_time(device):
        pupil = _Pupil(layout, lesson, course, device)
        held_back = None if check is None else pupil.read(check)
        found = best_epoch(
            pupil.epochs(rounds, budget),
            keep=lambda weights: {name: each.clone() for name, each in weights.items()},
            missed=None
            if check is None or held_back is None
            else lambda weights: lesson.loss.mean(
                pupil.raw(weights, held_back), check.wanted, check.weight
            ),
            rounds=rounds,
            budget=budget,
        )
    weights = {name: each.cpu().numpy() for name, each in found.weights.items()}
    return Found(weights, found.rounds, found.cut_short)


class _Pupil:
    """A network with the rows that it learns from, on its device."""

    def __init__(
        self, layout: Layout, lesson: Lesson, course: Course, device: torch.device
    ) -> None:
        self._layout, self._loss, self._course, self._device = layout, lesson.loss, course, device
        begun = layout.begin(lesson.start, seed=course.seed)
        self._weights = {name: self._put(each).requires_grad_() for name, each in begun.items()}
        self._mask = self._put(layout.mask)
        batch, weight = lesson.train.batch, lesson.train.weight
        self._rows = HostRows(device, batch.matrix, batch.places, lesson.train.wanted, weight)
        self._weight = torch.from_numpy(weight)
        self._portions = Portions(_ROWS_AT_ONCE)
        draw = torch.Generator(device=device)
        draw.manual_seed(course.seed)
        self._dropout = Dropout(course.dropout, draw) if course.dropout else None

    def read(self, examples: Examples) -> HostRows:
        """Return what is read of rows."""
        return HostRows(self._device, examples.batch.matrix, examples.batch.places)

    def raw(self, weights: Weights, rows: HostRows) -> NDArray[np.float32]:
        """Return the raw scores of all members together, of shape (n, outputs)."""
        made: list[Tensor] = []

        def answer(part: slice) -> None:
            every = scores(self._layout, weights, self._mask, Read(*rows.take(part)))
            made.append(mean_raw(self._loss, every).cpu())

        with torch.no_grad():
            self._portions.run(len(rows), answer, again=made.clear)
        return np.asarray(torch.cat(made).numpy())

    def epochs(self, rounds: int, budget: Budget) -> Iterator[Weights]:
        """Yield the mean of the weights of late after each epoch, until the time ends.

        Fewer rounds are the same way, walked less far.
        """
        course, count = self._course, len(self._weight)
        batch, steps = batches(count, most_steps=course.most_steps)
        draw = np.random.default_rng([course.seed, 1])
        adam = torch.optim.AdamW(self._groups(), lr=course.rate, betas=_BETAS)
        mean = {name: each.detach().clone() for name, each in self._weights.items()}
        done = 0
        for _ in range(rounds):
            order = torch.from_numpy(draw.permutation(count))
            for begin in range(0, steps * batch, batch):
                if budget.remaining_s <= 0:
                    return
                for group in adam.param_groups:
                    group["lr"] = _rate(course, done / (course.epochs * steps))
                self._step(adam, order[begin : begin + batch])
                done += 1
                for name, each in self._weights.items():
                    mean[name].lerp_(each.detach(), 1 / min(done, _WINDOW * steps))
            yield mean

    def _step(self, adam: torch.optim.Optimizer, some: Tensor) -> None:
        whole = torch.clamp(self._weight[some].sum(), min=1e-30)
        state = None if self._dropout is None else self._dropout.draw.get_state()

        def learn_part(part: slice) -> None:
            matrix, places, wanted, weight = self._rows.take(some[part])
            with half_precision(self._device):
                raw = scores(
                    self._layout, self._weights, self._mask, Read(matrix, places), self._dropout
                )
            mean_loss(self._loss, raw, wanted, weight / whole).backward()

        def begin_again() -> None:
            adam.zero_grad()
            if self._dropout is not None and state is not None:
                self._dropout.draw.set_state(state)

        adam.zero_grad()
        self._portions.run(len(some), learn_part, again=begin_again)
        adam.step()

    def _groups(self) -> list[dict[str, object]]:
        """Return the weights by what decays: dense layers and embeddings."""
        decays = ("weights", "embedding", "piece")
        kinds: dict[bool, list[Tensor]] = {True: [], False: []}
        for name, each in self._weights.items():
            kinds[name.startswith(decays) and name != "piece_bias"].append(each)
        return [
            {"params": kinds[True], "weight_decay": self._course.decay},
            {"params": kinds[False], "weight_decay": 0.0},
        ]

    def _put(self, array: NDArray[np.generic]) -> Tensor:
        return torch.from_numpy(np.ascontiguousarray(array)).to(self._device)


def _rate(course: Course, share: float) -> float:
    return course.rate * 0.5 * (1 + float(np.cos(np.pi * share)))
