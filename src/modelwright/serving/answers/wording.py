"""From a program's numbers to the answers that clients get."""

from collections.abc import Sequence
from math import isfinite

import numpy as np

from modelwright.errors import SchemaError
from modelwright.predictor.bundle import Bundle
from modelwright.predictor.labels import label_text
from modelwright.predictor.operations.base import FEW_ROWS, Floats
from modelwright.serving.answers.answer import Answer, Answers
from modelwright.serving.answers.coverage import Coverer, Rows


class Wording:
    """Puts what a bundle's program answers into words.

    Parameters
    ----------
    bundle
        Which answers.
    """

    def __init__(self, bundle: Bundle) -> None:
        self._program = bundle.program
        self._hash = bundle.hash
        self._classes = bundle.program.task.classes
        self._class_names = [label_text(label) for label in self._classes]
        self.coverer = Coverer(bundle.program)

    def answers(self, values: Floats, ids: Sequence[str], level: float | None) -> Answers:
        """Return the answers that a program's numbers stand for.

        Raises
        ------
        SchemaError
            When a number is not finite.
        """
        # For a few rows, Python's own numbers are sooner than NumPy's calls.
        few = values.tolist() if len(values) <= FEW_ROWS else None
        _require_finite(values, few)
        if not self._classes:
            covered = self.coverer.cover(values, None, level=level)
            return Answers(ids, values[:, 0].tolist(), values, covered, self._hash)
        chosen = self._choose(values, few)
        labels = [self._classes[place] for place in chosen]
        covered = self.coverer.cover(values, chosen, level=level, few=few)
        return Answers(ids, labels, values, covered, self._hash)

    def answer(self, row: list[float], name: str, level: float | None) -> Answer:
        """Return the answer to one row: what `answers` and `describe` return, sooner."""
        if not self._classes:
            (answer,) = self.describe(self.answers(np.array([row]), (name,), level))
            return answer
        if not all(map(isfinite, row)):
            _require_finite(np.array([row]), None)
        place = self._program.rule.place(row)
        among = self.coverer.among(row, place, level=level)
        return Answer(
            id=name,
            answer=self._classes[place],
            probabilities=dict(zip(self._class_names, row, strict=True)),
            among=among,
            coverage=None if among is None else level,
        )

    def describe(self, answers: Answers) -> list[Answer]:
        """Return the answers one by one, with named probabilities."""
        beside = self.coverer.fields(answers.covered)
        if answers.models is not None:
            named = zip(answers.models, beside, strict=False)
            beside = ({**fields, "model": model} for model, fields in named)
        each = zip(answers.ids, answers.labels, answers.values.tolist(), beside, strict=False)
        if not self._class_names:
            return [Answer(id=name, answer=label, **fields) for name, label, _, fields in each]
        return [
            Answer(
                id=name,
                answer=label,
                probabilities=dict(zip(self._class_names, row, strict=True)),
                **fields,
            )
            for name, label, row, fields in each
        ]

    def _choose(self, values: Floats, few: Rows | None) -> list[int]:
        """Return the index of each row's class, as `Program.choose` does."""
        if few is None:
            places: list[int] = self._program.choose(values).tolist()
            return places
        return [*map(self._program.rule.place, few)]


def _require_finite(values: Floats, few: Rows | None) -> None:
    if few is not None and all(isfinite(number) for row in few for number in row):
        return
    finite = np.isfinite(values).all(axis=1)
    if not finite.all():
        number = int(np.argmin(finite)) + 1
        raise SchemaError(
            f"The model has no finite answer for row {number}.",
            "Check its numbers for extremes, and for missing ones.",
        )
