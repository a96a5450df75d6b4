"""Epochs of a module that somebody else wrote."""

import copy
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from modelwright.compute.budget import Budget
from modelwright.learners.networks.lesson import Examples, Found, Lesson, batches, best_epoch
from modelwright.learners.torch.chance import TURN, Chance
from modelwright.learners.torch.device import (
    Portions,
    alike_each_time,
    device_named,
    half_precision,
)
from modelwright.learners.torch.host import HostRows
from modelwright.learners.torch.losses import mean_loss

_ROWS_AT_ONCE = 8_192
_FEWEST = 2
"""Rows of a batch: one alone has no spread to normalise by."""

State = Mapping[str, Any]


class ModuleLesson:
    """A module with the rows that it learns from.

    Parameters
    ----------
    make
        Makes the module; called where its weights are drawn.
    lesson
        What it learns from.
    epochs, rate, decay
        As in `TorchModule`.
    device, seed
        Where it computes, and where chance begins.
    """

    def __init__(
        self,
        make: Any,
        lesson: Lesson,
        *,
        epochs: int,
        rate: float,
        decay: float,
        device: str,
        seed: int,
    ) -> None:
        self._lesson, self._epochs, self._rate, self._decay = lesson, epochs, rate, decay
        self._device, self._seed = device_named(device), seed
        self._chance = Chance(seed, self._device)
        with self._chance.drawn():
            self.module: nn.Module = make().to(self._device)
        self._two = _arguments(self.module) > 1
        self._rows = self._read(lesson.train)
        self._weight = torch.from_numpy(lesson.train.weight)
        self._portions = Portions(_ROWS_AT_ONCE, fewest=_FEWEST)

    def learn(self, check: Examples | None, *, rounds: int, budget: Budget) -> Found[State]:
        """Leave the module as it was after its best epoch; see `best_epoch`."""
        loss = self._lesson.loss
        held_back = None if check is None else self._read(check)
        with alike_each_time(self._device):
            found = best_epoch(
                self._states(rounds, budget),
                keep=copy.deepcopy,
                missed=None
                if check is None or held_back is None
                else lambda _: loss.mean(self._raw(held_back), check.wanted, check.weight),
                rounds=rounds,
                budget=budget,
            )
        self.module.load_state_dict(found.weights)
        self.module.eval().cpu().double()
        return found

    def raw(self, matrix: NDArray[np.float64], codes: NDArray[np.int64]) -> NDArray[np.float64]:
        """Return what the module answers when it has learned, in double precision."""
        inputs = [torch.from_numpy(matrix), torch.from_numpy(codes)]
        with TURN, torch.no_grad():
            return np.asarray(self._shaped(self.module(*inputs[: 1 + self._two])).numpy())

    def _states(self, rounds: int, budget: Budget) -> Iterator[State]:
        count = len(self._weight)
        batch, steps = batches(count)
        draw = np.random.default_rng([self._seed, 1])
        optimizer, schedules = self._optimizer(steps)
        for _ in range(rounds):
            order = torch.from_numpy(draw.permutation(count))
            self.module.train()
            for begin in range(0, steps * batch, batch):
                if budget.remaining_s <= 0:
                    return
                some = order[begin : begin + batch]
                if len(some) >= _FEWEST:
                    self._step(optimizer, some)
            for schedule in schedules:
                schedule.step()
            self.module.eval()
            yield self.module.state_dict()

    def _step(self, optimizer: torch.optim.Optimizer, some: Tensor) -> None:
        whole = torch.clamp(self._weight[some].sum(), min=1e-30)

        def learn_part(part: slice) -> None:
            wanted, weight, *inputs = self._rows.take(some[part])
            with self._chance.drawn(), half_precision(self._device):
                raw = self._shaped(self.module(*inputs))
            mean_loss(self._lesson.loss, raw[None], wanted, weight / whole).backward()

        set_back = self._mark()

        def begin_again() -> None:
            optimizer.zero_grad()
            set_back()

        optimizer.zero_grad()
        self._portions.run(len(some), learn_part, again=begin_again)
        optimizer.step()

    def _mark(self) -> Callable[[], None]:
        """Return what takes back all that a `forward` changes: chance, and means of batches."""
        chance = self._chance.mark()
        before = [(each, each.clone()) for each in self.module.buffers()]

        def set_back() -> None:
            chance()
            for each, was in before:
                each.copy_(was)

        return set_back

    def _raw(self, rows: HostRows) -> NDArray[np.float32]:
        made: list[Tensor] = []

        def answer(part: slice) -> None:
            _, _, *inputs = rows.take(part)
            made.append(self._shaped(self.module(*inputs)).float().cpu())

        with TURN, torch.no_grad():
            self._portions.run(len(rows), answer, again=made.clear)
        return np.asarray(torch.cat(made).numpy())

    def _optimizer(self, steps: int) -> tuple[torch.optim.Optimizer, list[Any]]:
        """Return Lightning's choice where the module is of its kind, else AdamW along a cosine."""
        if hasattr(self.module, "configure_optimizers"):
            return _chosen(self.module.configure_optimizers())
        weights = self.module.parameters()
        adam = torch.optim.AdamW(weights, lr=self._rate, weight_decay=self._decay)
        return adam, [torch.optim.lr_scheduler.CosineAnnealingLR(adam, self._epochs)]

    def _shaped(self, raw: Tensor) -> Tensor:
        return raw.reshape(len(raw), -1)

    def _read(self, examples: Examples) -> HostRows:
        """Return what is wanted, the weights and the inputs."""
        inputs: list[NDArray[np.generic]] = [examples.batch.matrix]
        if self._two:
            inputs.append(self._lesson.encoding.codes(examples.batch))
        return HostRows(self._device, examples.wanted, examples.weight, *inputs)


def _chosen(made: Any) -> tuple[torch.optim.Optimizer, list[Any]]:
    """Return what `configure_optimizers` may answer: one, one in a dictionary, or two lists."""
    if isinstance(made, Mapping):
        schedule = made.get("lr_scheduler")
        inner = schedule.get("scheduler") if isinstance(schedule, Mapping) else schedule
        return made["optimizer"], [] if inner is None else [inner]
    if isinstance(made, tuple) and len(made) == 2:
        return made[0][0], list(made[1])
    return (made[0] if isinstance(made, list) else made), []


def _arguments(module: nn.Module) -> int:
    code = module.forward.__code__
    return int(code.co_argcount) - 1
