"""A `.keras` file that somebody else trained."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from modelwright._plugins import require
from modelwright.data.schema import Kind
from modelwright.errors import InputError, LearnerError
from modelwright.learners.foreign.base import (
    Need,
    columns_of_inputs,
    first_line,
    of_two_classes,
    order_of,
    usual_order,
)
from modelwright.learners.foreign.draft import Draft
from modelwright.learners.keras.reading import read_model
from modelwright.predictor.operations.base import Floats
from modelwright.predictor.program import Program
from modelwright.tasks.task import Task


@dataclass(frozen=True)
class KerasFile:
    """A model of Keras 3 that reads numbers.

    Parameters
    ----------
    model
        As Keras loaded it.
    columns
        What it reads, in its order, where its inputs are not named after columns.
    labels
        Its classes in their order, where somebody has said them.
    """

    model: Any
    columns: Sequence[str] = ()
    labels: Sequence[str] = ()

    @property
    def title(self) -> str:
        """Keras and the model's class."""
        return f"Keras {type(self.model).__name__}"

    @property
    def needs(self) -> Sequence[Need]:
        """The columns that it reads, all numbers."""
        names = [name for part in self._parts() for name in part]
        return [Need(name, Kind.NUMERIC) for name in names]

    def program(self, task: Task) -> Program:
        """Return it as a program; see `Foreign.program`."""
        draft = Draft()
        inputs = [
            draft.beside([draft.column(name, Kind.NUMERIC) for name in part])
            for part in self._parts()
        ]
        raw, link = read_model(self.model, draft, inputs)
        expected = {"binary": ("sigmoid", "softmax"), "multiclass": ("softmax",)}
        if link not in expected.get(task.kind, ("linear",)):
            raise LearnerError(
                f"The model ends with {link!r}; the target is {task.kind}.",
                "Let its last layer have the activation sigmoid or softmax for classes, none for "
                "numbers.",
            )
        answer = raw if link == "linear" else draft.link(raw, link)  # type: ignore[arg-type]
        if task.is_classification:
            answer = draft.reordered(answer, order_of(self.labels or usual_order(task), task))
        return draft.program(task, answer)

    def answers(self, rows: pl.DataFrame, task: Task) -> Floats | None:
        """Return what Keras itself answers."""
        parts = [rows.select(part).cast(pl.Float64).to_numpy() for part in self._parts()]
        # A missing number stays missing in both.
        given = [np.ascontiguousarray(part, dtype=np.float32) for part in parts]
        raw = self.model.predict(given if len(given) > 1 else given[0], verbose=0)
        found = np.asarray(raw, dtype=np.float64).reshape(len(rows), -1)
        if not task.is_classification:
            return found
        return of_two_classes(found)[:, order_of(self.labels or usual_order(task), task)]

    def _parts(self) -> list[list[str]]:
        """Return the columns of each input."""
        widths = [int(np.prod(each.shape[1:], dtype=int)) for each in self.model.inputs]
        # A single input is called what Keras calls it.
        names = [each.name for each in self.model.inputs] if len(widths) > 1 else []
        return columns_of_inputs(widths, names, self.columns)


def open_keras(path: Path, *, columns: Sequence[str], classes: Sequence[str]) -> KerasFile:
    """Read a `.keras` file; code in it is never run.

    Raises
    ------
    InputError
        When Keras cannot read it, or would have to run code of its maker.
    MissingDependencyError
        When Keras is not installed.
    """
    keras = require("keras", extra="tensorflow")
    try:
        model = keras.saving.load_model(path, compile=False, safe_mode=True)
    except (OSError, ValueError, TypeError, KeyError) as error:
        first = first_line(error)
        raise InputError(
            f"Keras cannot read {path.name}: {first}",
            "Lambda layers and classes of somebody's own are not taken; save it with layers of "
            "Keras, by model.save('model.keras').",
        ) from error
    return KerasFile(model, columns, classes)
