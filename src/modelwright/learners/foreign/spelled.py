"""A model whose library spells columns otherwise: LightGBM writes a blank as an underscore."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import polars as pl
from msgspec.structs import replace

from modelwright.errors import LearnerError
from modelwright.learners.foreign.base import Foreign, Need
from modelwright.predictor.operations.base import Floats
from modelwright.predictor.program import Program, column_value
from modelwright.tasks.task import Task

_LIGHTGBM = ("LightGBM", "LGBM")
_BLANK = re.compile(r"\s")


@dataclass(frozen=True)
class Spelled:
    """A model that reads columns under other names.

    Parameters
    ----------
    model
        As it is.
    names
        Of columns in the table, by those that the model has for them.
    """

    model: Foreign
    names: Mapping[str, str]

    @property
    def title(self) -> str:
        """What people read."""
        return self.model.title

    @property
    def needs(self) -> Sequence[Need]:
        """The columns that it reads, as the table names them."""
        return [Need(self._named(need.name), need.kind) for need in self.model.needs]

    def program(self, task: Task) -> Program:
        """Return it as a program; see `Foreign.program`."""
        program = self.model.program(task)
        values = {column_value(old): column_value(new) for old, new in self.names.items()}
        steps = tuple(
            replace(step, inputs=tuple(values.get(each, each) for each in step.inputs))
            for step in program.steps
        )
        inputs = tuple(replace(each, name=self._named(each.name)) for each in program.inputs)
        return replace(program, inputs=inputs, steps=steps)

    def answers(self, rows: pl.DataFrame, task: Task) -> Floats | None:
        """Return what the model itself answers."""
        return self.model.answers(rows.rename({new: old for old, new in self.names.items()}), task)

    def _named(self, name: str) -> str:
        return self.names.get(name, name)


def spelled(model: Foreign, columns: Collection[str]) -> Foreign:
    """Return a model under the names of a table, where each blank of them was an underscore.

    Parameters
    ----------
    model
        Any.
    columns
        Of the table.

    Raises
    ------
    LearnerError
        When the table has a column of the name that a model of LightGBM says, and another of which
        LightGBM would say the same.
    """
    if model.title.startswith(_LIGHTGBM):
        _refuse_twins([need.name for need in model.needs], columns)
    absent = [need.name for need in model.needs if need.name not in columns]
    alike = {name: [each for each in columns if _BLANK.sub("_", each) == name] for name in absent}
    names = {name: found[0] for name, found in alike.items() if len(found) == 1}
    return Spelled(model, names) if names else model


def _refuse_twins(needed: Sequence[str], columns: Collection[str]) -> None:
    """Refuse a table in which a column may be meant, and another that is there as well."""
    for name in needed:
        twins = [each for each in columns if each != name and _BLANK.sub("_", each) == name]
        if twins and name in columns:
            raise LearnerError(
                f"The model reads {name!r}, which may be the column {name!r} or {twins[0]!r}: "
                "LightGBM writes a blank as an underscore.",
                "Leave out the column that it was not trained on.",
            )
