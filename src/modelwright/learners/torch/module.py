"""A module that you wrote, as a learner."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from modelwright._plugins import require
from modelwright.compute.budget import Budget
from modelwright.learners.base import Fitted, Rows
from modelwright.learners.brought import ReadOut, Reads, read_out, require_same
from modelwright.learners.networks.lesson import Lesson
from modelwright.tasks.task import Task


@dataclass(frozen=True)
class TorchModule:
    """A learner of any `nn.Module`, or Lightning module, that can be read out.

    Its rounds are epochs; `check_rows` tell where to stop. What it learned is a program that needs
    no torch, and that answers what the module does.

    Parameters
    ----------
    name, title
        Identifier, and what people read.
    make
        Returns the module for what it reads. Its `forward` returns raw scores: no sigmoid and no
        softmax at the end.
    epochs
        How often all rows are shown, at most.
    rate, decay
        Of AdamW, which goes along a cosine; a module with `configure_optimizers` has its own.
    smoothing
        Of many classes, see `NetworkLoss`.
    device
        ``"auto"`` for a GPU of CUDA where there is one; else ``"cpu"``, ``"cuda"``, ``"cuda:1"``.
    """

    name: str
    title: str
    make: Callable[[Reads], Any]
    epochs: int = 40
    rate: float = 0.003
    decay: float = 0.01
    smoothing: float = 0.0
    device: str = "auto"

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
        LearnerError
            When a part of the module cannot be read out, or the program answers otherwise.
        MissingDependencyError
            When torch is not installed.
        """
        require("torch", extra="torch")
        # Here, because only this needs torch, which takes seconds.
        from modelwright.learners.torch.lessons import ModuleLesson
        from modelwright.learners.torch.reading import read_module

        lesson = Lesson.of(rows, smoothing=self.smoothing, budget=budget, seed=seed)
        left = budget.reserve(0.05 * budget.remaining_s)
        taught = ModuleLesson(
            lambda: self.make(Reads.of(lesson)),
            lesson,
            epochs=self.epochs,
            rate=self.rate,
            decay=self.decay,
            device=self.device,
            seed=seed,
        )

        def written() -> ReadOut:
            return read_out(lesson, partial(read_module, taught.module.eval()))

        # First as it begins: what cannot be read out need not learn.
        written()
        found = taught.learn(
            None if check_rows is None or rounds is not None else lesson.check(check_rows),
            rounds=min(rounds or self.epochs, self.epochs),
            budget=left,
        )
        made = written()
        require_same(self.title, made, lesson, taught.raw)
        return Fitted(made.program, found.rounds, found.cut_short, by_chance=True)
