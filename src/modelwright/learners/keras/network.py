"""A model of Keras that you wrote, as a learner."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from modelwright._plugins import require
from modelwright.compute.budget import Budget
from modelwright.errors import LearnerError
from modelwright.learners.base import Fitted, Rows
from modelwright.learners.brought import ReadOut, Reads, read_out, require_same
from modelwright.learners.networks.lesson import Lesson
from modelwright.tasks.task import Task


@dataclass(frozen=True)
class KerasModel:
    """A learner of any Sequential or functional model of Keras 3 that can be read out.

    Its rounds are epochs; `check_rows` tell where to stop. What it learned is a program that needs
    no Keras, and that answers what the model does.

    Parameters
    ----------
    name, title
        Identifier, and what people read.
    make
        Returns the model for what it reads. Its first input has the shape (columns,); either it has
        no other, or one of the shape (1,) for the codes of each of `Reads.levels`. It ends with raw
        scores: no sigmoid and no softmax.
    epochs
        How often all rows are shown, at most.
    rate, decay
        Of AdamW, which goes along a cosine; a compiled model keeps its own optimiser.
    smoothing
        Of many classes, see `NetworkLoss`.
    """

    name: str
    title: str
    make: Callable[[Reads], Any]
    epochs: int = 40
    rate: float = 0.003
    decay: float = 0.01
    smoothing: float = 0.0

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
            When a part of the model cannot be read out, or the program answers otherwise.
        MissingDependencyError
            When Keras is not installed.
        """
        require("keras", extra="tensorflow")
        # Here, because only this needs Keras, which takes seconds.
        from modelwright.learners.keras.lessons import ModelLesson

        lesson = Lesson.of(rows, smoothing=self.smoothing, budget=budget, seed=seed)
        left = budget.reserve(0.05 * budget.remaining_s)
        taught = ModelLesson(
            lambda: self.make(Reads.of(lesson)),
            lesson,
            epochs=self.epochs,
            rate=self.rate,
            decay=self.decay,
            seed=seed,
        )
        # First as it begins: what cannot be read out need not learn.
        _written(taught.model, lesson)
        found = taught.learn(
            None if check_rows is None or rounds is not None else lesson.check(check_rows),
            rounds=min(rounds or self.epochs, self.epochs),
            budget=left,
        )
        made = _written(taught.model, lesson)
        require_same(self.title, made, lesson, taught.raw)
        return Fitted(made.program, found.rounds, found.cut_short, by_chance=True)


def _written(model: Any, lesson: Lesson) -> ReadOut:
    from modelwright.learners.keras.reading import read_model

    def write(draft: Any, matrix: str, codes: Any) -> str:
        inputs = [matrix, *codes] if len(model.inputs) > 1 else [matrix]
        raw, link = read_model(model, draft, inputs)
        if link != "linear":
            raise LearnerError(
                f"The model ends with {link!r}; a learner's ends with raw scores.",
                "Let its last layer have no activation.",
            )
        return raw

    return read_out(lesson, write)
