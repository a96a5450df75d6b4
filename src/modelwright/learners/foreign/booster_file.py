"""A booster in a file of its own format, which holds data only."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property

import polars as pl

from modelwright.data.schema import Kind
from modelwright.errors import LearnerError
from modelwright.learners.foreign.base import Need, order_of, usual_order
from modelwright.learners.foreign.draft import Draft
from modelwright.learners.foreign.given import Frame, Given
from modelwright.predictor.operations.base import Floats
from modelwright.predictor.program import Program
from modelwright.tasks.task import Task


@dataclass(frozen=True)
class BoosterFile:
    """A booster.

    Parameters
    ----------
    title
        The library.
    names
        The columns that it reads, in its order.
    n_classes
        How many classes it answers, numbered from 0; 0 for numbers.
    write
        Writes it on its columns and returns its answer.
    labels
        Its classes in their order, where somebody has said them.
    """

    title: str
    names: Sequence[str]
    n_classes: int
    write: Callable[[Draft, Given], str]
    labels: Sequence[str] = ()

    @property
    def needs(self) -> Sequence[Need]:
        """The columns that it reads: numbers, and levels where it has categories of its own."""
        known = self._written[0].needs
        return [known.get(name, Need(name, Kind.NUMERIC)) for name in self.names]

    def program(self, task: Task) -> Program:
        """Return it as a program; see `Foreign.program`."""
        if self.n_classes != (len(task.classes) if task.is_classification else 0):
            answers = f"{self.n_classes} classes" if self.n_classes else "numbers"
            raise LearnerError(
                f"The {self.title} model answers {answers}; the target is {task.kind}.",
                "Give the data that it was made for.",
            )
        draft, answer = self._written
        if task.is_classification:
            answer = draft.reordered(answer, order_of(self.labels or usual_order(task), task))
        return draft.program(task, answer)

    def answers(self, rows: pl.DataFrame, task: Task) -> Floats | None:
        """Return nothing: the file says all that the library would do."""
        return None

    @cached_property
    def _written(self) -> tuple[Draft, str]:
        if not self.names:
            raise LearnerError(
                f"The {self.title} model does not say which columns it reads.",
                "Train it with named columns, such as a data frame's.",
            )
        draft = Draft()
        try:
            return draft, self.write(draft, Frame(self.names))
        except (ValueError, LookupError, TypeError) as error:
            raise LearnerError(
                f"The file of {self.title} is damaged: {error}", "Save it again."
            ) from error
