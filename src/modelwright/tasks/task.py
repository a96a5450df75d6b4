"""The kind of question: binary, multiclass or regression, and how its answers are coded."""

from typing import Literal

import msgspec

TaskKind = Literal["binary", "multiclass", "regression"]
Label = bool | int | float | str
"""A class as the person's data writes it."""


class Task(msgspec.Struct, frozen=True, kw_only=True):
    """What is predicted.

    Parameters
    ----------
    kind
        ``"binary"``, ``"multiclass"`` or ``"regression"``.
    classes
        The labels in the order of the columns of probability; empty for regression. In a binary
        task the second is the positive class.
    reason
        Why this kind was chosen, as a sentence.

    Examples
    --------
    >>> Task(kind="binary", classes=("no", "yes"), reason="two values").n_outputs
    2
    """

    kind: TaskKind
    classes: tuple[Label, ...] = ()
    reason: str = ""

    @property
    def is_classification(self) -> bool:
        """Whether answers are classes."""
        return self.kind != "regression"

    @property
    def n_outputs(self) -> int:
        """Columns of a prediction: one per class, or one number."""
        return len(self.classes) if self.is_classification else 1

    @property
    def positive(self) -> Label:
        """The class that a binary question asks about."""
        return self.classes[-1]
