"""What is answered: one answer for each row."""

from collections.abc import Sequence

import msgspec

from modelwright.predictor.operations.base import Floats
from modelwright.serving.answers.coverage import Covered
from modelwright.tasks.task import Label


class Answer(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The answer to one row, as clients and the ledger get it.

    Parameters
    ----------
    id
        Names the answer; its label will refer to it.
    answer
        A class, or a number.
    probabilities
        By class, in the order of the classes; None in a regression.
    within
        The ends of the range that holds the truth; None without one.
    among
        The classes among which the true one is; None without such a set.
    coverage
        How often ranges or sets hold the truth.
    model
        The hash of the bundle that answered, where two share the rows of a request.
    """

    id: str
    answer: Label
    probabilities: dict[str, float] | None = None
    within: list[float] | None = msgspec.field(default=None, name="range")
    among: list[Label] | None = msgspec.field(default=None, name="set")
    coverage: float | None = None
    model: str | None = None


class Answers(msgspec.Struct, frozen=True):
    """The answers to a request.

    Parameters
    ----------
    ids, labels
        One per row.
    values : ndarray of shape (rows, outputs)
        Probabilities or numbers.
    covered
        The ranges or sets beside them; None where the bundle states none.
    model
        The hash of the bundle that answered.
    models
        The hash of the bundle that answered each row, where not all have the same.
    described
        The same one by one, where that was needed for the ledger.
    """

    ids: Sequence[str]
    labels: Sequence[Label]
    values: Floats
    covered: Covered | None = None
    model: str = ""
    models: Sequence[str] | None = None
    described: list[Answer] | None = None
